import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { submitTask, inputOf, refundTask } from "../../scripts/actions/tasks";
import { circuitsDirectory } from "../../scripts/config/folders";
import { digitIn } from "../../scripts/nodes/digits/model";
import { digitImages } from "../../scripts/nodes/digits/samples";
import { startMiner } from "../../scripts/nodes/miner/miner";
import { type MinerEvent } from "../../scripts/nodes/run/nodeEvents";
import { readProvableModel, makeDevelopmentCrs } from "../../scripts/nodes/prover/installation";
import { createWorld, goTo, type World } from "../integration/world";
import { describeProving } from "../shared/describeProving";
import { startNode } from "../shared/node";
import { startProgram } from "../shared/runningProgram";

/** Of the types in `local`, the one that the verifier of circuits/digits judges. */
const typeId = 3;
const { image } = digitImages[3]!;

describeProving("A miner's node that proves", function () {
  // Each test continues from the chain as the previous one left it.
  this.bail(true);
  let world: World;
  let crsDirectory: string;
  /** Other tests prove at the same time: these temporary files are kept apart. */
  const temporary = mkdtempSync(join(tmpdir(), "moderntensor-"));
  const inherited = process.env.TMPDIR;

  before(async () => {
    process.env.TMPDIR = temporary;
    world = await createWorld(await startNode());
    crsDirectory = join(world.node.dataDirectory, "crs");
    await makeDevelopmentCrs(crsDirectory, readProvableModel(join(circuitsDirectory, "digits")).points);
    await goTo(world, 2);
  });

  after(() => {
    if (inherited === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = inherited;
    rmSync(temporary, { recursive: true });
    world.node.stop();
  });

  const submit = async (input: Uint8Array = image): Promise<number> => {
    const request = { minerId: 1, typeId, seconds: 3_600, ...inputOf(input) };
    return (await submitTask(world.connection, world.people.client, request)).taskId;
  };

  /** Lets the miner's node run until nothing is left to do. @returns Its events. */
  async function mine(other: { readonly dryRun?: boolean; readonly worker?: string; readonly crs?: string } = {}) {
    const events: MinerEvent[] = [];
    await startMiner({
      ...{ endpoints: [world.node.url], keys: {}, once: true, dryRun: false, dataRoot: world.node.dataDirectory },
      ...{ from: world.people.miners[0]!, worker: "digits", concurrency: 16, taskSeconds: 300, types: [typeId] },
      ...{ listeners: [(event) => events.push(event)], stopping: new AbortController().signal, ...other },
    });
    return events;
  }

  const startedMiner = () =>
    startProgram(["miner", "start", "--worker", "digits", "--once", "--json", "--from", world.people.miners[0]!], {
      ...{ MDT_RPC_URL: world.node.url, MDT_DATA: world.node.dataDirectory, TMPDIR: temporary },
    });

  const proofsFolder = (): string => join(world.node.dataDirectory, world.connection.deployment.id, "proofs", "1");
  const proofsKept = (): readonly string[] => (existsSync(proofsFolder()) ? readdirSync(proofsFolder()) : []);
  const inTheMaking = (): readonly string[] =>
    readdirSync(temporary).filter((name) => name.startsWith("moderntensor-proof-"));

  const completions = (taskId: number) => world.connection.events.select(["TaskCompleted"], { tasks: [taskId] });

  /** The groups of the processes whose parent, or whose group, is one of these; without zombies. */
  function groups(column: "ppid" | "pgid", ids: ReadonlySet<number | undefined>): ReadonlySet<number> {
    const rows = execFileSync("ps", ["-Ao", `${column}=,pgid=,stat=`], { encoding: "utf8" })
      .trim()
      .split("\n");
    const found = rows.flatMap((row) => {
      const [id, group, state] = row.trim().split(/\s+/);
      return ids.has(Number(id)) && !state!.startsWith("Z") ? [Number(group)] : [];
    });
    return new Set(found);
  }

  it("proves each result once, even across restarts, and sends as many together as a transaction holds", async () => {
    for (let task = 0; task < 9; task++) await submit();
    let most = 0;
    const watching = setInterval(() => (most = Math.max(most, inTheMaking().length)), 5);
    await mine({ dryRun: true });
    clearInterval(watching);
    expect(most).to.be.within(1, availableParallelism());
    expect([proofsKept().length, inTheMaking()]).to.deep.equal([9, []]);
    // Nothing can be started now, so nothing can be proven again.
    const { PATH } = process.env;
    process.env.PATH = "";
    const events = await mine().finally(() => (process.env.PATH = PATH));
    const mined = events.flatMap((event) => (event.kind === "mined" ? [event] : []));
    expect(mined.map(({ duties, hasReverted }) => [duties.length, hasReverted])).to.deep.equal([
      [6, false],
      [3, false],
    ]);
    expect(proofsKept()).to.deep.equal([]);
    const [work] = await world.connection.contracts.taskRegistry.read.minerWork([2n, 1n, 1n]);
    expect(work!.provenFeesWei).to.equal(work!.feesWei);
    expect(work!.completedTasks).to.equal(9);
  });

  it("killed while it proves, ends its prover too; restarted, it cleans up and completes the task once", async () => {
    const taskId = await submit();
    const killed = await startedMiner();
    while (inTheMaking().length === 0) await sleep(5);
    const started = groups("ppid", new Set([killed.child.pid]));
    expect(started.size).to.be.greaterThan(0);
    await killed.end("SIGKILL");
    while (groups("pgid", started).size > 0) await sleep(5);
    expect([inTheMaking().length, proofsKept().length]).to.deep.equal([1, 0]);
    const { exitCode, stderr } = await (await startedMiner()).outcome;
    expect([exitCode, stderr]).to.deep.equal([0, ""]);
    expect([inTheMaking(), proofsKept(), (await completions(taskId)).length]).to.deep.equal([[], [], 1]);
  });

  it("completes each task once even if it runs twice", async () => {
    const taskIds = [await submit(), await submit()];
    const two = await Promise.all([startedMiner(), startedMiner()]);
    for (const { outcome } of two) expect((await outcome).exitCode).to.equal(0);
    for (const taskId of taskIds) expect((await completions(taskId)).length).to.equal(1);
    expect(inTheMaking()).to.deep.equal([]);
  });

  it("proves a result again if its disk damaged the proof", async () => {
    const taskIds = [await submit(), await submit()];
    await mine({ dryRun: true });
    const paths = proofsKept().map((name) => join(proofsFolder(), name));
    const proof = readFileSync(paths[0]!);
    proof[100]! ^= 1;
    writeFileSync(paths[0]!, proof);
    writeFileSync(paths[1]!, "");
    await mine();
    for (const taskId of taskIds) expect((await completions(taskId)).length).to.equal(1);
  });

  it("proves the task that replaced another one in a reorganisation", async () => {
    const other = digitImages.find((one) => digitIn(one.image) !== digitIn(image))!.image;
    const snapshot = await world.node.control.snapshot();
    const taskId = await submit();
    await mine({ dryRun: true });
    expect(proofsKept().length).to.equal(1);
    await world.node.control.revert({ id: snapshot });
    expect(await submit(other)).to.equal(taskId);
    await mine();
    expect((await completions(taskId)).map(({ args }) => args.result)).to.deep.equal([`0x0${digitIn(other)}`]);
  });

  it("neither keeps nor sends a proof that the verifier refuses, as with another reference string", async () => {
    const crs = join(temporary, "crs");
    mkdirSync(crs);
    // Its points are no longer powers.
    const points = readFileSync(join(crsDirectory, "bn254_g1.dat"));
    writeFileSync(join(crs, "bn254_g1.dat"), Buffer.concat([points.subarray(64), points.subarray(0, 64)]));
    writeFileSync(join(crs, "bn254_g2.dat"), readFileSync(join(crsDirectory, "bn254_g2.dat")));
    const taskId = await submit();
    const events = await mine({ crs });
    const reason = "the verifier refuses the proof: it was made with another circuit or reference string";
    expect(events.filter(({ kind }) => kind === "workFailed" || kind === "sent")).to.deep.equal(
      [1, 2, 3].map((attempts) => ({ kind: "workFailed", taskId, reason, attempts })),
    );
    expect(proofsKept()).to.deep.equal([]);
    await mine();
    expect((await completions(taskId)).length).to.equal(1);
  });

  it("never completes inputs that aren't images, even if its worker answers them, and does its other tasks", async () => {
    const strange = [new Uint8Array(0), image.subarray(1), Uint8Array.of(...image, 0), new Uint8Array(4_096)];
    const refused: number[] = [];
    for (const input of strange) refused.push(await submit(input));
    const declined = (await mine()).flatMap((event) => (event.kind === "taskDeclined" ? [event.taskId] : []));
    expect(declined).to.have.members(refused);
    const taskId = await submit();
    const worker = `while read -r line; do echo '{"result":"${Buffer.of(digitIn(image)).toString("base64")}"}'; done`;
    const events = await mine({ worker });
    const failed = events.flatMap((event) => (event.kind === "workFailed" ? [event] : []));
    expect(failed.map(({ taskId: id, attempts }) => `${id} ${attempts}`).sort()).to.deep.equal(
      refused.flatMap((id) => [1, 2, 3].map((attempts) => `${id} ${attempts}`)).sort(),
    );
    for (const { reason } of failed) expect(reason).to.match(/^the prover failed \(exit code 1\): ./);
    expect((await completions(taskId)).length).to.equal(1);
  });

  it("drops the proof of a task whose client got the fee back", async () => {
    const taskId = await submit();
    await mine({ dryRun: true });
    expect(proofsKept().length).to.equal(1);
    await goTo(world, 70);
    await refundTask(world.connection, world.people.client, taskId);
    const events = await mine();
    expect(events.filter(({ kind }) => kind === "sent" || kind === "refused")).to.deep.equal([]);
    expect([proofsKept(), inTheMaking()]).to.deep.equal([[], []]);
  });
});
