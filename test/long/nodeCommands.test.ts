import { expect } from "chai";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { type AddressInfo } from "node:net";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { type Address, keccak256, toHex, zeroHash } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { allow } from "../shared/allow";
import { submitTask, inputOf } from "../../scripts/actions/tasks";
import { transact } from "../../scripts/chain/transact";
import { decodeScores } from "../../scripts/core/scores";
import { digitImages } from "../../scripts/nodes/digits/samples";
import { createWorld, goTo, MDT, type World } from "../integration/world";
import { nodeAccount, startNode } from "../shared/node";
import { freePort, type RunningProgram, startLines, startProgram } from "../shared/runningProgram";

/** One line of a node's log. */
interface Logged {
  readonly kind: string;
  readonly reason?: string;
  readonly duties?: readonly string[];
}

describe("miner start and validator start, as processes", function () {
  // Each test continues from the chain as the previous one left it.
  this.bail(true);
  let world: World;
  const running = new Set<RunningProgram>();

  before(async () => {
    world = await createWorld(await startNode());
    await goTo(world, 2);
  });

  after(async () => {
    await Promise.all([...running].map((one) => one.end("SIGKILL")));
    world.node.stop();
  });

  const folder = (name: string): string => join(world.node.dataDirectory, name);

  /** Starts an account's node, with its data in its own folder. */
  async function start(args: readonly string[], from: Address, env: Readonly<Record<string, string>> = {}) {
    const own = { MDT_RPC_URL: world.node.url, MDT_DATA: folder(from), MDT_LOG_LEVEL: "debug", ...env };
    const program = await startProgram([...args, "--from", from], own);
    running.add(program);
    void program.outcome.then(() => running.delete(program));
    return program;
  }

  const startMiner = (more: readonly string[] = [], env: Readonly<Record<string, string>> = {}) =>
    start(["miner", "start", "--worker", "digits", "--json", ...more], world.people.miners[0]!, env);

  const startValidator = (more: readonly string[] = [], env: Readonly<Record<string, string>> = {}) =>
    start(["validator", "start", "--scorer", "digits", "--json", ...more], world.people.validators[0]!, env);

  /** Everything that a node has logged. */
  const logOf = ({ stdout }: Pick<RunningProgram, "stdout">): readonly Logged[] =>
    stdout
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Logged);

  /** Waits until a transaction with a duty is mined. */
  const done = (program: RunningProgram, duty: string) =>
    program.said(new RegExp(`"kind":"mined",.*"${duty}".*"hasReverted":false`));

  /** The client pays the first miner to read a digit. */
  const ask = (image: Uint8Array) =>
    submitTask(world.connection, world.people.client, { minerId: 1, typeId: 1, seconds: 600, ...inputOf(image) });

  /** Starts a server that receives alerts. */
  async function startReceiver() {
    const alerts: Readonly<Record<string, unknown>>[] = [];
    const server: Server = createServer((request, response) => {
      void json(request).then((alert) => {
        alerts.push(alert as Record<string, unknown>);
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret`, alerts, server };
  }

  for (const [service, startIt, id] of [
    ["miner", startMiner, () => "1"],
    ["validator", startValidator, () => nodeAccount(1)],
  ] as const) {
    it(`${service} start serves its health and metrics, and ends on SIGTERM with exit code 0`, async () => {
      const program = await startIt(["--port", "0"]);
      const url = await program.url();
      await program.said(/"kind":"looked"/);
      const [health, ready, metrics] = await Promise.all(
        ["healthz", "readyz", "metrics"].map((path) => fetch(`${url}/${path}`)),
      );
      expect(await health!.json()).to.deep.include({ alive: true });
      expect(await ready!.json()).to.deep.include({ ready: true });
      const text = await metrics!.text();
      expect(text).to.match(/^moderntensor_node_head_block [1-9]\d*$/m);
      expect(text).to.match(/^moderntensor_node_events_total\{kind="started"\} 1$/m);
      expect((await fetch(`${url}/v1/blobs/${keccak256("0x")}`)).status).to.equal(404);
      const { exitCode, stderr } = await program.end();
      expect([exitCode, stderr]).to.deep.equal([0, ""]);
      const log = logOf(program);
      expect(log[0]).to.deep.include({ kind: "started", role: service, id: id() });
      expect(log[1]).to.deep.include({ kind: "serving", url });
      expect(log.at(-1)).to.include({ kind: "stopped", reason: "SIGTERM" });
    });
  }

  for (const [role, addressIndex] of [
    ["miner", 20],
    ["validator", 21],
  ] as const) {
    it(`README's lines, five at most, start a ${role} from an empty machine, with a keystore`, async () => {
      const readme = readFileSync(join(__dirname, "..", "..", "README.md"), "utf8");
      const section = readme.slice(readme.indexOf(`\n## Run a ${role}\n`));
      const [, block] = /```sh\n(npm ci --omit=dev\n[\s\S]*?)```/.exec(section)!;
      const lines = block!.trimEnd().split("\n");
      expect(lines).to.have.length.within(1, 5);
      const port = String(await freePort());
      const mnemonic = "test test test test test test test test test test test junk";
      const { privateKey } = mnemonicToAccount(mnemonic, { addressIndex }).getHdKey();
      const cwd = folder(`machine of a ${role}`);
      mkdirSync(cwd);
      writeFileSync(join(cwd, "password"), "a password");
      const here = lines.slice(1).map((line) =>
        line
          .replace("MDT_PRIVATE_KEY=0x…", `MDT_PRIVATE_KEY=${toHex(privateKey!)}`)
          .replace("https://a,https://b", world.node.url)
          .replace(" --network reference", "")
          .replace(/0\.0\.0\.0:\d+/, `127.0.0.1:${port}`)
          .replace(/http:\/\/\w+\.example:\d+/, `http://127.0.0.1:${port}`),
      );
      const program = await startLines(here, cwd, { MDT_DATA: join(cwd, "data") });
      running.add(program);
      await program.said(/Done in block .*publish http/);
      expect((await program.end()).exitCode, program.stderr).to.equal(0);
      running.delete(program);
      const { directory } = world.connection.contracts;
      expect(await directory.read.endpointOf([nodeAccount(addressIndex)])).to.equal(`http://127.0.0.1:${port}`);
    });
  }

  it("each wrong option leads to one sentence, exit code 1 and nothing on stdout", async () => {
    const { miners, validators, stranger } = world.people;
    const miner = ["miner", "start", "--worker", "digits"];
    const validator = ["validator", "start", "--scorer", "digits"];
    const url = "must be an http or https URL of at most 256 bytes without a key in it";
    for (const [args, from, sentence] of [
      [["miner", "start"], miners[0], /^--worker is missing: /],
      [["validator", "start"], validators[0], /^--scorer is missing: /],
      [["miner", "start", "--worker", " "], miners[0], /^A URL or a command line is missing\.$/],
      [["validator", "start", "--scorer", "http://"], validators[0], /^http:\/\/ is not a URL\.$/],
      [[...miner, "--listen", "8081"], miners[0], /^--listen must be HOST:PORT, as in 0\.0\.0\.0:8081, not "8081"\.$/],
      [[...miner, "--listen", "127.0.0.1:99999"], miners[0], /^--listen must be a whole number from 0 to 65535/],
      [[...miner, "--endpoint", "ftp://a"], miners[0], new RegExp(`^--endpoint ${url}, not "ftp://a"\\.$`)],
      [[...validator, "--endpoint", "https://a/?key=1"], validators[0], new RegExp(`^--endpoint ${url}`)],
      [[...miner, "--concurrency", "0"], miners[0], /^--concurrency must be a whole number from 1 to 64, not "0"\.$/],
      [[...miner, "--types", "0,a"], miners[0], /^--types must be a whole number from 0 to \d+, not "a"\.$/],
      [[...miner, "--seconds", "0"], miners[0], /^--seconds must be a whole number from 1 to 86400, not "0"\.$/],
      [[...miner, "--port", "x"], miners[0], /^--port must be a whole number from 0 to 65535, not "x"\.$/],
      [miner, stranger, /^0x\w+ is not a miner: register it with "npx mdt miner register"\.$/],
      [validator, stranger, /^0x\w+ .*validator.*\.$/],
    ] as const) {
      const program = await start(args, from!);
      const { exitCode, stdout, stderr } = await program.outcome;
      expect([exitCode, stdout], args.join(" ")).to.deep.equal([1, ""]);
      expect(stderr.split("\n"), stderr).to.have.lengthOf(2);
      expect(stderr.trimEnd()).to.match(sentence);
    }
  });

  it("a miner whose disk was emptied continues with open tasks, and repeats nothing", async () => {
    await ask(digitImages[0]!.image);
    const first = await startMiner();
    await done(first, "complete task 1");
    await first.end("SIGKILL");
    rmSync(folder(world.people.miners[0]!), { recursive: true });
    await ask(digitImages[1]!.image);
    const second = await startMiner(["--once"]);
    expect((await second.outcome).exitCode).to.equal(0);
    expect(logOf(second).filter(({ kind }) => kind === "taskTaken")).to.have.lengthOf(1);
    const completed = await world.connection.events.select(["TaskCompleted"]);
    expect(completed.map(({ args }) => [Number(args.taskId), args.result])).to.deep.equal(
      [0, 1].map((i) => [i + 1, toHex(digitImages[i]!.digit, { size: 1 })]),
    );
  });

  it("an input that nobody serves is looked for until the deadline, holds up no other task, and is posted to the webhook", async () => {
    const { connection, people } = world;
    const { taskRegistry } = connection.contracts;
    await allow(connection, people.client, { spender: taskRegistry.address, amountWei: 5n * MDT });
    const deadline = (await connection.reader.getBlock()).timestamp + 20n;
    const args = [1, 1, 5n * MDT, deadline, keccak256("0x1234"), "0x"] as const;
    await transact(connection, people.client, { ...taskRegistry, functionName: "submitTask", args });
    const { url: MDT_WEBHOOK, alerts, server } = await startReceiver();
    const miner = await startMiner([], { MDT_WEBHOOK });
    await miner.said(/"kind":"inputMissing"/);
    await ask(digitImages[2]!.image);
    await done(miner, "complete task 4");
    await world.node.advanceTo(deadline);
    await miner.said(/"kind":"deadlineMissed"/);
    expect((await miner.end()).exitCode).to.equal(0);
    const posted = alerts.map(({ service, level, kind }) => [service, level, kind].join(" "));
    expect(posted).to.include.members(["miner warn inputMissing", "miner warn deadlineMissed"]);
    server.close();
    // The client doesn't reclaim the fee, so the task stays open; a restarted node doesn't report it again.
    const restarted = await startMiner(["--once"]);
    expect((await restarted.outcome).exitCode).to.equal(0);
    expect(logOf(restarted).filter(({ kind }) => kind === "deadlineMissed")).to.deep.equal([]);
  });

  it("a miner that can't write to its disk completes tasks whose results the chain carries", async () => {
    const { connection, people } = world;
    const miner = await startMiner();
    await miner.said(/"kind":"looked"/);
    const blobs = join(folder(people.miners[0]!), connection.deployment.id, "blobs");
    rmSync(blobs, { recursive: true });
    writeFileSync(blobs, "");
    await ask(digitImages[5]!.image);
    await done(miner, "complete task 5");
    await miner.end();
    rmSync(blobs);
  });

  it("a validator that was killed and lost its disk restores salt and scores, and reveals what it committed to", async () => {
    const { validators } = world.people;
    const first = await startValidator();
    await goTo(world, 2, 28);
    await done(first, "commit to the scores of epoch 2");
    await first.end("SIGKILL");
    rmSync(folder(validators[0]!), { recursive: true });
    await goTo(world, 3);
    const second = await startValidator();
    await done(second, "reveal the scores of epoch 2");
    await second.end();
    const reveals = await world.connection.events.select(["ScoresRevealed"], { epoch: 2 });
    expect(reveals.map(({ args }) => decodeScores(args.payload, 3))).to.deep.equal([
      [{ minerId: 1, scoreU16: 65_535 }],
    ]);
  });

  it("two copies of a validator, each with its own disk, commit once and reveal once", async () => {
    const { validators } = world.people;
    await ask(digitImages[3]!.image);
    await (
      await startMiner(["--once"])
    ).outcome;
    const copies = await Promise.all([startValidator(), startValidator([], { MDT_DATA: folder("copy") })]);
    await goTo(world, 3, 28);
    await Promise.race(copies.map((copy) => done(copy, "commit to the scores of epoch 3")));
    await goTo(world, 4);
    await Promise.race(copies.map((copy) => done(copy, "reveal the scores of epoch 3")));
    await Promise.all(copies.map((copy) => copy.end()));
    const { scoreBoard } = world.connection.contracts;
    for (const eventName of ["ScoresCommitted", "ScoresRevealed"] as const) {
      const args = { epoch: 3n, validator: validators[0]! };
      const logs = await world.connection.reader.getContractEvents({ ...scoreBoard, eventName, args, fromBlock: 0n });
      expect(logs, eventName).to.have.lengthOf(1);
    }
    expect(copies.flatMap(logOf).filter(({ kind }) => kind === "scoresLost")).to.deep.equal([]);
  });

  it("a validator commits to nothing that it can't save, says so, and commits once it can", async () => {
    const { connection, people } = world;
    const validator = people.validators[0]!;
    // Like a full disk: no file can be written if the folder is a file.
    const scores = join(folder(validator), connection.deployment.id, "scores");
    rmSync(scores, { recursive: true });
    writeFileSync(scores, "");
    const program = await startValidator();
    await goTo(world, 4, 28);
    await program.said(/"kind":"failed".*"during":"scoring epoch 4"/);
    const [commit] = await connection.contracts.scoreBoard.read.commitsOf([4n, [validator]]);
    expect(commit!.commitment).to.equal(zeroHash);
    rmSync(scores);
    await done(program, "commit to the scores of epoch 4");
    await program.end();
  });

  it("scores that neither disk nor scorer can restore are reported as lost, and the node continues", async () => {
    const { validators } = world.people;
    const { url: MDT_WEBHOOK, alerts, server } = await startReceiver();
    // It scores every task 0.5, while the scorer of the commitment read the digit.
    const half = `${process.execPath} -e "require('node:readline').createInterface({input:process.stdin}).on('line',l=>console.log(JSON.stringify({scores:JSON.parse(l).tasks.map(()=>0.5)})))"`;
    await goTo(world, 5);
    await ask(digitImages[4]!.image);
    await (
      await startMiner(["--once"])
    ).outcome;
    const first = await startValidator();
    await goTo(world, 5, 28);
    await done(first, "commit to the scores of epoch 5");
    await first.end();
    rmSync(folder(validators[0]!), { recursive: true });
    await goTo(world, 6);
    const second = await start(["validator", "start", "--scorer", half, "--json"], validators[0]!, { MDT_WEBHOOK });
    await second.said(/"kind":"scoresLost"/);
    expect((await second.end()).exitCode).to.equal(0);
    const posted = alerts.map(({ service, level, kind }) => [service, level, kind].join(" "));
    expect(posted).to.include("validator error scoresLost");
    server.close();
  });

  it("a validator that was killed once its journal was written serves the same signature, even on an emptied disk", async () => {
    const { connection, people } = world;
    const [validator] = people.validators;
    const signed = join(folder(validator!), connection.deployment.id, "signed", validator!, "settlement-0.json");
    rmSync(signed, { force: true });
    const killed = await startValidator();
    while (!existsSync(signed)) await sleep(5);
    await killed.end("SIGKILL");
    const [entry] = (JSON.parse(readFileSync(signed, "utf8")) as { entries: { signed: object }[] }).entries;
    for (const disk of ["kept", "emptied"]) {
      if (disk === "emptied") rmSync(folder(validator!), { recursive: true });
      const program = await startValidator(["--listen", "127.0.0.1:0"]);
      const url = await program.url();
      if (disk === "emptied") await program.said(/"kind":"signed"/);
      const response = await fetch(`${url}/v1/settlements/0`);
      expect([response.status, await response.json()]).to.deep.equal([200, entry!.signed]);
      expect((await fetch(`${url}/v1/settlements/1`)).status).to.equal(404);
      await program.end();
      expect(logOf(program).filter(({ kind }) => kind === "signed")).to.have.length(disk === "kept" ? 0 : 1);
    }
  });
});
