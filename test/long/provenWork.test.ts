import { expect } from "chai";
import { artifacts } from "hardhat";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bytesToHex, createWalletClient, getAddress, type Hex, hexToBytes } from "viem";
import { submitTask, completeTask, inputOf, resultOf } from "../../scripts/actions/tasks";
import { circuitsDirectory } from "../../scripts/config/folders";
import { transact } from "../../scripts/chain/transact";
import { computeEpoch } from "../../scripts/core/computeEpoch";
import { U16_MAX, WAD } from "../../scripts/core/fixedPoint";
import { openArchive } from "../../scripts/keeper/archive/epochArchive";
import { settleNextEpoch } from "../../scripts/keeper/settle/settleEpoch";
import { verifyEpochs } from "../../scripts/keeper/verify/verifyEpochs";
import { digitImages } from "../../scripts/nodes/digits/samples";
import { type MinerEvent, type ValidatorEvent } from "../../scripts/nodes/run/nodeEvents";
import { startMiner } from "../../scripts/nodes/miner/miner";
import { startValidator } from "../../scripts/nodes/validator/validator";
import { provenWork } from "../../scripts/views/taskTypes";
import { listTasks } from "../../scripts/views/taskRecords";
import {
  commit,
  createWorld,
  goTo,
  goToDue,
  MDT,
  payloadOf,
  reveal,
  type Sealed,
  type World,
} from "../integration/world";
import { startNode } from "../shared/node";
import { MODEL, proofOf, publicInputsOf } from "../shared/provenTasks";

/** The first epoch in which stake counts. */
const epoch = 2;
const feeWei = 6n * MDT;
const { image, digit } = digitImages[3]!;

describe("Proven work, from the task to the settlement", function () {
  // Each test continues from the chain as the previous one left it.
  this.bail(true);
  let world: World;
  let verifier: Hex;
  let typeId: number;

  before(async () => {
    world = await createWorld(await startNode());
    const { connection, people } = world;
    const { abi, bytecode } = await artifacts.readArtifact("CommitmentVerifier");
    const wallet = createWalletClient({ account: people.keeper, transport: connection.transport });
    const hash = await wallet.deployContract({ abi, bytecode: bytecode as Hex, chain: null });
    verifier = getAddress((await connection.reader.waitForTransactionReceipt({ hash })).contractAddress!);
    const { taskRegistry } = connection.contracts;
    typeId = (await taskRegistry.read.taskTypes()).length;
    const type = [10_000, feeWei, verifier, MODEL as Hex] as const;
    await transact(connection, people.keeper, { ...taskRegistry, functionName: "addTaskType", args: type });
    await goToDue(world, epoch - 1);
  });

  after(() => {
    world.node.stop();
  });

  const settle = async (isSent: boolean) => {
    const archive = await openArchive(world.connection, world.node.dataDirectory);
    const signer = isSent ? world.people.keeper : undefined;
    return settleNextEpoch(world.connection, archive, { signer, payRecipientsUpTo: 250 });
  };

  /** Lets the node of a miner or a validator look once. @returns Its events. */
  async function lookOnce(role: "miner" | "validator") {
    const events: (MinerEvent | ValidatorEvent)[] = [];
    const common = {
      ...{ endpoints: [world.node.url], keys: {}, once: true, dryRun: false, dataRoot: world.node.dataDirectory },
      ...{ concurrency: 2, listeners: [(event: MinerEvent | ValidatorEvent) => events.push(event)] },
      stopping: new AbortController().signal,
    };
    if (role === "validator") await startValidator({ ...common, from: world.people.validators[0]!, scorer: "digits" });
    else await startMiner({ ...common, from: world.people.miners[0]!, worker: "digits", taskSeconds: 60, types: null });
    return events;
  }

  it("task types shows which types require a proof, and of which model", async () => {
    const { exitCode, stdout } = await world.node.command("task", "types", "--json");
    expect(exitCode).to.equal(0);
    const types = JSON.parse(stdout) as readonly { readonly proof: unknown }[];
    expect(types.map(({ proof }) => proof).filter((proof) => proof !== null)).to.have.length(2);
    expect(types[typeId]!.proof).to.deep.equal({ verifier, modelHash: MODEL });
    expect((await world.node.command("task", "types")).stdout).to.include(`proofs of model ${MODEL}`);
  });

  it("a miner's node that can't make a type's proofs declines its tasks, and warns once", async () => {
    const { connection, people } = world;
    await submitTask(connection, people.client, { minerId: 1, typeId, seconds: 600, ...inputOf(image) });
    await submitTask(connection, people.client, { minerId: 1, typeId, seconds: 600, ...inputOf(image) });
    const told = (await lookOnce("miner")).filter(({ kind }) => /^(taskDeclined|proofsImpossible)$/.test(kind));
    const reason = `this miner can't make the proofs that type ${typeId} requires`;
    const why = `${circuitsDirectory} has no circuit for this model`;
    expect(told).to.deep.equal([
      { kind: "taskDeclined", taskId: 1, reason },
      { kind: "proofsImpossible", typeId, modelHash: MODEL, reason: why },
      { kind: "taskDeclined", taskId: 2, reason },
    ]);
    expect((await listTasks(connection)).map(({ status, modelHash }) => [status, modelHash])).to.deep.equal([
      ["open", MODEL],
      ["open", MODEL],
    ]);
  });

  it("task complete reads a proof from a file, and refuses to complete the task without one", async () => {
    const { connection, node, people } = world;
    const file = (name: string, bytes: Uint8Array): string => {
      const path = join(node.dataDirectory, name);
      writeFileSync(path, bytes);
      return path;
    };
    const statement = {
      chainId: BigInt(await connection.reader.getChainId()),
      registry: connection.contracts.taskRegistry.address,
      ...{ taskId: 1, minerId: 1, model: MODEL, input: bytesToHex(image), result: bytesToHex(Uint8Array.of(digit)) },
    };
    const proof = hexToBytes(proofOf(publicInputsOf(statement)) as Hex);
    const answer = ["task", "complete", "--task", "1", "--file", file("digit", Uint8Array.of(digit))];
    const from = ["--from", people.miners[0]!];
    const without = await node.command(...answer, ...from);
    expect([without.exitCode, without.stderr]).to.deep.equal([
      1,
      `Task 1 is of type ${typeId}, which requires proofs: complete it with a proof.\n`,
    ]);
    const { exitCode, stderr } = await node.command(...answer, "--proof", file("proof", proof), ...from);
    expect([exitCode, stderr]).to.deep.equal([0, ""]);
    const [work] = await connection.contracts.taskRegistry.read.minerWork([BigInt(epoch), 1n, 1n]);
    expect(work).to.deep.equal({ completedTasks: 1, feesWei: feeWei, provenFeesWei: feeWei });
  });

  it("a validator's node scores only work that isn't proven", async () => {
    const { connection, people } = world;
    await submitTask(connection, people.client, { minerId: 2, typeId: 1, seconds: 600, ...inputOf(image) });
    await completeTask(connection, people.miners[1]!, 3, resultOf(Uint8Array.of(digit)));
    await goTo(world, epoch, 28);
    const [scored] = (await lookOnce("validator")).filter((event) => event.kind === "scored");
    expect(scored).to.deep.include({ epoch, scored: 1, miners: 1, missingBlobs: 0 });
  });

  it("the miner is paid in full even if a cartel with 60 % of the stake scores it zero, as anyone can verify", async () => {
    const { connection, people } = world;
    const [honest, second, ...cartel] = people.validators;
    const sealed: Sealed[] = [await commit(world, second!, epoch, payloadOf([U16_MAX, U16_MAX]))];
    for (const validator of cartel) sealed.push(await commit(world, validator, epoch, payloadOf([0, U16_MAX])));
    await goTo(world, epoch + 1);
    for (const one of sealed) await reveal(world, one);
    await lookOnce("validator");
    await goToDue(world, epoch);
    await settle(true);
    await settle(true);
    const outcome = await settle(false);
    expect(outcome.kind).to.equal("ready");
    const { assembled, collected, result } = (outcome as Extract<typeof outcome, { kind: "ready" }>).computed;
    const { inputs } = assembled;

    const stakeOf = (accounts: readonly (string | undefined)[]) =>
      collected.validators
        .filter(({ account, payload }) => accounts.includes(account) && payload !== null)
        .reduce((sumWei, { totalWei }) => sumWei + totalWei, 0n);
    expect(stakeOf([honest]) > 0n && stakeOf(cartel) * 10n >= 6n * stakeOf(people.validators)).to.equal(true);
    expect(inputs.miners[0]).to.deep.include({ agreedScoreWad: 0n, feesWei: feeWei, provenFeesWei: feeWei });

    const praised = inputs.miners.map((one, index) => (index === 0 ? { ...one, agreedScoreWad: WAD } : one));
    const paidTo = ({ miners }: typeof result) => miners.rewards.find(({ account }) => account === people.miners[0])!;
    expect(paidTo(result)).to.deep.equal(paidTo(computeEpoch({ ...inputs, miners: praised })));
    expect(paidTo(result).amountWei).to.equal(feeWei / 2n);

    await settle(true);
    expect(await verifyEpochs(connection, epoch)).to.deep.equal({ kind: "verified", fromEpoch: 0, toEpoch: epoch });
  });

  it("the report of epoch history shows who proved work, and by which model", async () => {
    const { connection, node, people } = world;
    const path = join(node.dataDirectory, "history.html");
    expect((await node.command("epoch", "history", "--html", path)).exitCode).to.equal(0);
    const report = readFileSync(path, "utf8");
    expect(report).to.include(`${getAddress(people.miners[0]!)} proved tasks for`);
    expect(report.match(/Which model was proven\?[^]*?<\/code>/g)).to.have.length(1);
    expect(report).to.include(`1 task by <code>${MODEL}</code>`);
    expect((await provenWork(connection))(epoch)).to.deep.equal([[MODEL, 1]]);
  });
});
