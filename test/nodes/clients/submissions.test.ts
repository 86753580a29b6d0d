import { expect } from "chai";
import { keccak256 } from "viem";
import { BalanceError } from "../../../scripts/actions/plan";
import { type Signer } from "../../../scripts/chain/signer";
import { type Draft, type Drafter, RefusedError, transact } from "../../../scripts/chain/transact";
import { Submissions, type Submission } from "../../../scripts/nodes/clients/submissions";
import { nodeAccount } from "../../shared/node";
import { type ClientStage, nextTask, openStage } from "./clientStage";

const MDT = 10n ** 18n;

describe("Tasks that an account submits", () => {
  let stage: ClientStage;
  let deadline: number;
  const client = nodeAccount(12);

  before(async () => {
    stage = await openStage();
  });

  beforeEach(async () => {
    deadline = Number((await stage.connection.reader.getBlock()).timestamp) + 1_000;
  });

  const order = (changes: Partial<Submission> = {}): Submission => {
    const input = "0x01";
    return { minerId: 2, typeId: 0, feeWei: 4n * MDT, deadline, inputHash: keccak256(input), input, ...changes };
  };

  /** @returns Each task's id, or its error. */
  async function submit(orders: readonly Submission[], signer: Signer = client): Promise<readonly unknown[]> {
    const submissions = new Submissions(stage.connection, signer);
    return Promise.all(orders.map((one) => submissions.submit(one).catch((error: unknown) => error)));
  }

  const task = (id: unknown) => stage.connection.contracts.taskRegistry.read.taskOf([BigInt(id as number)]);

  it("are batched while a transaction is pending, at most 40 together, and each gets its own id", async () => {
    const first = await nextTask(stage);
    const orders = Array.from({ length: 42 }, (_, i) => order({ deadline: deadline + i }));
    const ids = await submit(orders);
    expect(ids).to.deep.equal(orders.map((_, i) => first + i));
    expect((await task(ids[17])).deadline).to.equal(BigInt(deadline + 17));
    const events = await stage.connection.events.select(["TaskSubmitted"]);
    const blocks = events.filter(({ args }) => Number(args.taskId) >= first).map(({ block }) => block);
    const inBlock = [...new Set(blocks)].map((block) => blocks.filter((one) => one === block).length);
    expect(inBlock).to.deep.equal([1, 40, 1]);
  });

  it("have their terms on chain", async () => {
    const terms = { minerId: 3, typeId: 1, feeWei: 6n * MDT + 1n };
    const [id] = await submit([order({ ...terms, input: "0x", inputHash: keccak256("0x77") })]);
    expect(await task(id)).to.include({ ...terms, deadline: BigInt(deadline) });
    const [submitted] = await stage.connection.events.select(["TaskSubmitted"], { tasks: [id as number] });
    expect(submitted!.args).to.include({ client, input: "0x", inputHash: keccak256("0x77") });
  });

  it("are submitted even if another one of the batch is refused", async () => {
    const outcomes = await submit([order(), order(), order({ feeWei: 1n }), order({ deadline: deadline + 7 })]);
    expect(outcomes[2]).to.be.instanceOf(RefusedError);
    const [first, ...others] = outcomes.filter((_, i) => i !== 2) as number[];
    expect(others).to.deep.equal([first! + 1, first! + 2]);
    expect((await task(others[1])).deadline).to.equal(BigInt(deadline + 7));
  });

  it("are submitted after an earlier one was refused", async () => {
    const submissions = new Submissions(stage.connection, client);
    const refused = await submissions.submit(order({ feeWei: 1n })).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(RefusedError);
    const next = await nextTask(stage);
    expect(await submissions.submit(order())).to.equal(next);
    expect(await submissions.submit(order())).to.equal(next + 1);
  });

  it("are only described, with their cost, if the signer just drafts", async () => {
    let drafted: Draft | undefined;
    const draft = (one: Draft): Promise<never> => {
      drafted = one;
      return Promise.reject(new Error("Nothing was sent."));
    };
    const before = await nextTask(stage);
    const [error] = await submit([order({ feeWei: 4n * MDT + 1n })], {
      address: client,
      type: "json-rpc",
      draft,
    } as Drafter);
    expect((error as Error).message).to.equal("Nothing was sent.");
    expect(drafted!.statements).to.deep.equal([
      "You pay 4.000000000000000001 MDT for tasks of these miners: 2. The fee of a task that misses its deadline comes back.",
    ]);
    expect(await nextTask(stage)).to.equal(before);
  });

  it("are submitted as far as the account can pay for them; the others fail", async () => {
    const poor = nodeAccount(13);
    const { token } = stage.connection.contracts;
    const leftWei = (await token.read.balanceOf([poor])) - 9n * MDT;
    const args = [client, leftWei] as const;
    await transact(stage.connection, poor, { ...token, functionName: "transfer", args });
    const first = await nextTask(stage);
    const outcomes = await submit([order(), order(), order(), order()], poor);
    expect(outcomes.slice(0, 2)).to.deep.equal([first, first + 1]);
    for (const error of outcomes.slice(2)) expect(error).to.be.instanceOf(BalanceError);
    expect(await token.read.balanceOf([poor])).to.equal(1n * MDT);
  });
});
