import { expect } from "chai";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Address, keccak256 } from "viem";
import { nextTimestamp } from "../../../scripts/chain/blocks";
import { RefusedError } from "../../../scripts/chain/transact";
import { openBlobFinder } from "../../../scripts/nodes/blobs/finder";
import { type BlobStore, openBlobStore } from "../../../scripts/nodes/blobs/store";
import {
  LeftAloneError,
  NoMinerError,
  type OrderProgress,
  TaskClient,
  type TaskOrder,
} from "../../../scripts/nodes/clients/taskClient";
import { nodeAccount } from "../../shared/node";
import { type ClientStage, complete, nextTask, openStage, publish, serveBlobs, untilTask } from "./clientStage";

describe("An order for a task", () => {
  let stage: ClientStage;
  let directory: string;
  let blobs: BlobStore;
  let stopping: AbortController;
  let client: TaskClient;
  let progress: OrderProgress[];
  const account: Address = nodeAccount(11);
  const minuteLong = { typeId: 0, input: new TextEncoder().encode("a question"), seconds: 60 };

  before(async () => {
    stage = await openStage();
  });

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "moderntensor-"));
    blobs = await openBlobStore(directory);
    stopping = new AbortController();
    const finder = openBlobFinder(blobs, { allowPrivate: true });
    client = new TaskClient({
      ...{ connection: stage.connection, signer: account, blobs, finder, stopping: stopping.signal },
    });
    progress = [];
  });

  afterEach(() => {
    stopping.abort();
    rmSync(directory, { recursive: true });
  });

  const run = (order: Partial<TaskOrder> = {}) =>
    client.run({ ...minuteLong, ...order }, (one) => void progress.push(one));
  const balance = () => stage.connection.contracts.token.read.balanceOf([account]);
  const task = (taskId: number) => untilTask(stage.connection, taskId);

  async function inputOf(taskId: number): Promise<number> {
    const [submitted] = await stage.connection.events.select(["TaskSubmitted"], { tasks: [taskId] });
    return submitted!.args.input.length / 2 - 1;
  }

  it("pays the type's minimum fee, and returns the result, the miner, and the seconds that it took", async () => {
    const [taskId, began, now] = [
      await nextTask(stage),
      performance.now(),
      await nextTimestamp(stage.connection.reader),
    ];
    const feeWei = await stage.connection.contracts.taskRegistry.read.minimumFeeWei([1]);
    const [outcome] = await Promise.all([run({ typeId: 1 }), complete(stage, taskId)]);
    const { minerId, deadline } = await task(taskId);
    expect(deadline - now).to.equal(60n);
    expect(outcome).to.deep.include({ kind: "completed", taskId, minerId, feeWei });
    expect(new TextDecoder().decode(outcome.result)).to.equal("an answer");
    expect(outcome.seconds).to.be.within(0.001, (performance.now() - began) / 1_000);
    expect(progress).to.deep.equal([{ kind: "submitted", taskId, minerId, feeWei }]);
  });

  it("goes to the miner that it names, for the fee that it names", async () => {
    for (const minerId of [3, 2, 1]) {
      const taskId = await nextTask(stage);
      const feeWei = 7n * 10n ** 18n + BigInt(minerId);
      const [outcome] = await Promise.all([run({ minerId, feeWei }), complete(stage, taskId)]);
      expect(outcome).to.include({ taskId, minerId, feeWei });
      expect(await task(taskId)).to.include({ minerId, feeWei });
    }
  });

  it("goes to the miner that was asked longest ago, also among concurrent orders; refused orders don't count", async () => {
    const tooCheap = await run({ feeWei: 1n }).catch((error: unknown) => error);
    expect(tooCheap).to.be.instanceOf(RefusedError);
    const first = await nextTask(stage);
    const together = Promise.all([run(), run(), run(), run()]);
    for (const taskId of [0, 1, 2, 3].map((i) => first + i)) await complete(stage, taskId);
    expect((await together).map(({ minerId }) => minerId)).to.deep.equal([3, 2, 1, 3]);
  });

  it("fails with a NoMinerError, and sends nothing, if no miner is active", async () => {
    const { reader, deployment } = stage.connection;
    const early = { ...deployment, choices: { ...deployment.choices, genesisTimestamp: 2 ** 40 } };
    const connection = { ...stage.connection, deployment: early };
    const finder = openBlobFinder(blobs, { allowPrivate: true });
    const other = new TaskClient({ connection, signer: account, blobs, finder, stopping: stopping.signal });
    const before = await reader.getTransactionCount({ address: account });
    const error: unknown = await other.run({ ...minuteLong, typeId: 2 }).catch((one: unknown) => one);
    expect(error).to.be.instanceOf(NoMinerError);
    expect((error as Error).message).to.equal("No miner is available for a task of type 2 now.");
    expect(await reader.getTransactionCount({ address: account })).to.equal(before);
  });

  it("gets the fee back at the deadline, even if that is the newest block's timestamp", async () => {
    const [taskId, before] = [await nextTask(stage), await balance()];
    const running = run({ minerId: 2 });
    const { deadline, feeWei } = await task(taskId);
    expect(before - (await balance())).to.equal(feeWei);
    await stage.node.advanceTo(deadline);
    expect(await running).to.deep.include({ kind: "missed", taskId, minerId: 2, feeWei, result: null });
    expect(await balance()).to.equal(before);
  });

  it("stays open on chain if the client is stopped", async () => {
    const taskId = await nextTask(stage);
    const running = run({ minerId: 1 }).catch((error: unknown) => error);
    await task(taskId);
    stopping.abort();
    const error = await running;
    expect(error).to.be.instanceOf(LeftAloneError);
    expect((error as Error).message).to.match(new RegExp(`^Task ${taskId} stays open: `));
    expect((await task(taskId)).status).to.equal(1);
  });

  describe("whose input is long", () => {
    it("puts 4,096 bytes on chain, but hands 4,097 over to a miner that has an endpoint", async () => {
      const short = await nextTask(stage);
      await Promise.all([run({ input: new Uint8Array(4_096) }), complete(stage, short)]);
      expect(await inputOf(short)).to.equal(4_096);
      const none = await run({ input: new Uint8Array(4_097) }).catch((error: unknown) => error);
      expect(none).to.be.instanceOf(NoMinerError);

      const server = await serveBlobs(() => ({ status: 201 }));
      await publish(stage, stage.miners[2]!, server.url);
      const long = await nextTask(stage);
      progress = [];
      const input = new Uint8Array(4_097);
      const [outcome] = await Promise.all([
        run({ input }),
        task(long).then(async () => {
          while (server.asked.length === 0) await new Promise(setImmediate);
          await complete(stage, long);
        }),
      ]);
      server.close();
      expect(outcome).to.include({ taskId: long, minerId: 3 });
      expect(await inputOf(long)).to.equal(0);
      expect(server.asked).to.deep.equal([`PUT /v1/blobs/${keccak256(input)}`]);
      expect(await blobs.get(keccak256(input)), "validators ask the client, too").to.deep.equal(input);
      const feeWei = outcome.feeWei;
      expect(progress).to.deep.equal([
        { kind: "submitted", taskId: long, minerId: 3, feeWei },
        { kind: "handedOver", taskId: long },
      ]);
      await publish(stage, stage.miners[2]!, "");
      const next = await nextTask(stage);
      const [later] = await Promise.all([run({ typeId: 2 }), complete(stage, next)]);
      expect(later.minerId, "one that can't be reached, and has nothing to do").to.equal(2);
    });

    it("reports why the input isn't handed over, and still ends with the task", async () => {
      const taskId = await nextTask(stage);
      const running = run({ input: new Uint8Array(5_000), minerId: 1 });
      while (progress.length < 2) await new Promise((later) => setTimeout(later, 20));
      await complete(stage, taskId);
      expect(await running).to.include({ kind: "completed", taskId });
      expect(progress[1]).to.deep.equal({ kind: "handingOver", taskId, reason: "has published no endpoint" });
      expect(progress.filter(({ kind }) => kind === "handedOver")).to.deep.equal([]);
    });
  });
});
