import { expect } from "chai";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { submitTask } from "../../scripts/actions/tasks";
import { inputOf } from "../../scripts/actions/taskBytes";
import { digitIn } from "../../scripts/nodes/digits/model";
import { digitImages } from "../../scripts/nodes/digits/samples";
import { startMiner } from "../../scripts/nodes/miner/miner";
import { type MinerEvent } from "../../scripts/nodes/miner/minerEvents";
import { createWorld, goTo, type World } from "../integration/world";
import { startNode } from "../shared/node";

/** Of the types in `local`, the one that the verifier of circuits/digits judges. */
const typeId = 3;
const { image } = digitImages[3]!;
const digit = digitIn(image);

describe("Digits that are proven, on a node, by the verifier that is deployed along", function () {
  // Each test goes on from where the one before left the chain.
  this.bail(true);
  let world: World;

  before(async () => {
    world = await createWorld(await startNode());
    await goTo(world, 2);
  });

  after(() => {
    world.node.stop();
  });

  const submit = async (): Promise<number> => {
    const { connection, people } = world;
    const request = { minerId: 1, typeId, seconds: 3_600, ...inputOf(image) };
    return (await submitTask(connection, people.client, request)).taskId;
  };

  function file(name: string, bytes: Uint8Array): string {
    const path = join(world.node.dataDirectory, name);
    writeFileSync(path, bytes);
    return path;
  }

  const pathOf = (name: string): string => join(world.node.dataDirectory, name);
  const prove = (taskId: number, result: number, ...more: readonly string[]) =>
    world.node.command(
      ...["task", "prove", "--task", String(taskId), "--file", file(`digit${result}`, Uint8Array.of(result)), ...more],
    );

  it("task prove writes a proof, and for another task of the same image another one", async () => {
    for (const taskId of [await submit(), await submit()]) {
      const { exitCode, stdout, stderr } = await prove(taskId, digit, "--out", pathOf(`proof${taskId}`));
      expect([exitCode, stdout, stderr]).to.deep.equal([
        0,
        `The proof of task ${taskId}, 6720 bytes, is in ${pathOf(`proof${taskId}`)}.\n`,
        `Proving the result of task ${taskId}.\n`,
      ]);
    }
  });

  it("task complete takes it for at most 900,000 gas, and never that of the other task", async () => {
    const { connection, node, people } = world;
    const complete = (result: string, proof: string) =>
      node.command(
        ...["task", "complete", "--task", "1", "--file", result, "--proof", pathOf(proof), "--from", people.miners[0]!],
      );
    const wrong = file("wrong", Uint8Array.of(digit ^ 1));
    for (const refused of [await complete(pathOf(`digit${digit}`), "proof2"), await complete(wrong, "proof1")]) {
      expect([refused.exitCode, refused.stderr]).to.deep.equal([
        1,
        'The verifier rejects the proof of task 1: make one for exactly this task, input and result with "task prove".\n',
      ]);
    }
    const { exitCode, stderr } = await complete(pathOf(`digit${digit}`), "proof1");
    expect([exitCode, stderr]).to.deep.equal([0, ""]);
    const [completed] = await connection.events.select(["TaskCompleted"], { tasks: [1] });
    const { gasUsed } = await connection.reader.getTransactionReceipt({ hash: completed!.transactionHash });
    expect(gasUsed <= 900_000n).to.equal(true, `${gasUsed} gas`);
  });

  it("task prove says in one sentence why there is no proof", async () => {
    const { connection, people } = world;
    const wrong = await prove(2, (digit + 1) % 10);
    expect(wrong.exitCode).to.equal(1);
    expect(wrong.stderr.trimEnd().split("\n")[1]).to.match(/^Can't prove task 2: the prover failed \(exit code 1\): ./);
    const { taskId } = await submitTask(connection, people.client, {
      ...{ minerId: 1, typeId: 1, seconds: 3_600 },
      ...inputOf(image),
    });
    expect((await prove(taskId, digit)).stderr).to.equal(
      `Scores judge task ${taskId}: its type 1 asks for no proof.\n`,
    );
    expect((await prove(99, digit)).stderr).to.equal('There is no task 99: see "task list".\n');
    const other = file("other", Uint8Array.of(1));
    expect((await prove(2, digit, "--input", other)).stderr).to.equal(
      `${other} is not the input of task 2: name its file with --input.\n`,
    );
  });

  /** Lets the miner's node run until nothing is left to do. @returns What it told. */
  async function mine(dryRun: boolean): Promise<readonly MinerEvent[]> {
    const events: MinerEvent[] = [];
    await startMiner({
      ...{ endpoints: [world.node.url], keys: {}, once: true, dryRun, dataRoot: world.node.dataDirectory },
      ...{ from: world.people.miners[0]!, worker: "digits", concurrency: 16, taskSeconds: 300, types: [typeId] },
      ...{ listeners: [(event) => events.push(event)], stopping: new AbortController().signal },
    });
    return events;
  }

  const proofsKept = (): number => {
    const folder = join(world.node.dataDirectory, world.connection.deployment.id, "proofs", "1");
    return existsSync(folder) ? readdirSync(folder).length : 0;
  };

  it("a miner's node proves each result once, whatever ends it, and sends as many together as a transaction holds", async () => {
    for (let task = 0; task < 8; task++) await submit();
    await mine(true);
    expect(proofsKept()).to.equal(9);
    // Nothing can be started now, so nothing can be proven again.
    const { PATH } = process.env;
    process.env.PATH = "";
    const events = await mine(false).finally(() => (process.env.PATH = PATH));
    const mined = events.flatMap((event) => (event.kind === "mined" ? [event] : []));
    expect(mined.map(({ duties, hasReverted }) => [duties.length, hasReverted])).to.deep.equal([
      [8, false],
      [1, false],
    ]);
    for (const { transactionHash } of mined) {
      const { gasUsed } = await world.connection.reader.getTransactionReceipt({ hash: transactionHash });
      expect(gasUsed <= 2n ** 24n).to.equal(true, `${gasUsed} gas`);
    }
    expect(proofsKept()).to.equal(0);
    const [[work]] = [await world.connection.contracts.taskRegistry.read.minerWork([2n, 1n, 1n])];
    expect(work!.provenFeesWei).to.equal(work!.feesWei);
    expect(work!.completedTasks).to.equal(10);
  });
});
