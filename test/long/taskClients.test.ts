import { expect } from "chai";
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { bytesToHex, keccak256 } from "viem";
import { transact } from "../../scripts/chain/transact";
import { toBase64 } from "../../scripts/nodes/protocol/asker";
import { createWorld, goTo, type World } from "../integration/world";
import { type Outcome } from "../shared/commandLine";
import { startNode } from "../shared/node";
import { freePort, type RunningProgram, startProgram } from "../shared/runningProgram";

/** Answers each input with its bytes in reverse order. */
const reversing = `
import { createInterface } from "node:readline";
for await (const line of createInterface({ input: process.stdin })) {
  const result = Buffer.from(JSON.parse(line).input, "base64").reverse().toString("base64");
  process.stdout.write(JSON.stringify({ result }) + "\\n");
}
`;

const reversed = (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes).reverse();

const alone = (taskId: string | number): string =>
  `Task ${taskId} stays open: get its result with "task result", or its fee after a missed deadline with "task refund".`;

describe("A client's side of tasks, against a running node", function () {
  // Each test continues from the chain as the previous one left it.
  this.bail(true);
  let world: World;
  let gateway: RunningProgram | undefined;
  let miner: RunningProgram | undefined;
  let client: string;

  before(async () => {
    world = await createWorld(await startNode());
    await goTo(world, 2);
    client = world.people.client;
  });

  after(async () => {
    await miner?.end();
    await gateway?.end("SIGKILL");
    world.node.stop();
  });

  const file = (name: string): string => join(world.node.dataDirectory, name);

  function fileOf(name: string, content: Uint8Array | string): string {
    writeFileSync(file(name), content);
    return file(name);
  }

  /** The environment of one person's commands, with the person's own folder for files. */
  const environment = (person = "client") => ({ MDT_RPC_URL: world.node.url, MDT_DATA: file(person) });

  const start = (...args: readonly string[]) => startProgram(args, environment());
  const run = async (...args: readonly string[]): Promise<Outcome> => (await start(...args)).outcome;

  async function jsonOf(...args: readonly string[]): Promise<Record<string, unknown>> {
    const { exitCode, stdout, stderr } = await run(...args, "--json");
    expect(exitCode, stderr).to.equal(0);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  /** Starts the first miner's node, which serves inputs and results, and waits until others find it. */
  async function startMiner(): Promise<RunningProgram> {
    const port = await freePort();
    const worker = `"${process.execPath}" "${fileOf("worker.mjs", reversing)}"`;
    const serving = ["--listen", `127.0.0.1:${port}`, "--endpoint", `http://127.0.0.1:${port}`];
    const args = ["miner", "start", "--worker", worker, "--types", "0", ...serving, "--from", world.people.miners[0]!];
    const started = await startProgram(args, environment("miner"));
    await started.said(/Done in block .*publish http/);
    return started;
  }

  async function eventsOf(taskId: number) {
    const events = await world.connection.events.select(["TaskSubmitted", "TaskCompleted", "TaskRefunded"]);
    return events.filter(({ args }) => Number(args.taskId) === taskId);
  }

  const balanceOf = () => world.connection.contracts.token.read.balanceOf([world.people.client]);

  /** Waits until there are this many tasks. */
  async function untilTask(taskId: number): Promise<void> {
    const { taskRegistry } = world.connection.contracts;
    while (Number(await taskRegistry.read.taskCount()) < taskId) await sleep(100);
  }

  /** Goes to a task's deadline, from which it can't be completed any more. */
  async function passDeadline(taskId: number): Promise<void> {
    const { deadline } = await world.connection.contracts.taskRegistry.read.taskOf([BigInt(taskId)]);
    await world.node.advanceTo(deadline);
  }

  async function ask(
    question: object,
    of = gateway!,
  ): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
    const response = await fetch(`${await of.url()}/v1/run`, { method: "POST", body: JSON.stringify(question) });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  const short = new TextEncoder().encode("a short question");
  const long = randomBytes(20 * 1_024);

  describe("task submit, complete, result and watch", () => {
    it("a short file travels in the transactions, there and back", async () => {
      const submitting = ["task", "submit", "--miner", "2", "--file", fileOf("short", short), "--from", client];
      const { taskId } = await jsonOf(...submitting);
      const completing = ["--task", String(taskId), "--file", fileOf("answer", "an answer")];
      await jsonOf("task", "complete", ...completing, "--from", world.people.miners[1]!);
      const [submitted, completed] = await eventsOf(Number(taskId));
      expect(submitted!.args).to.include({ input: bytesToHex(short), inputHash: keccak256(short) });
      expect(completed!.args).to.include({ result: bytesToHex(new TextEncoder().encode("an answer")) });
      expect(await run("task", "result", "--task", String(taskId))).to.deep.equal({
        ...{ exitCode: 0, stdout: "an answer\n", stderr: "" },
      });
      const out = file("out");
      const written = await run("task", "result", "--task", String(taskId), "--out", out);
      expect(written).to.deep.equal({ exitCode: 0, stdout: `Wrote 9 bytes to ${out}.\n`, stderr: "" });
      expect(readFileSync(out, "utf8")).to.equal("an answer");
    });

    it("a long result is kept where task complete runs; elsewhere task result says that no node serves it", async () => {
      const { taskId } = await jsonOf("task", "submit", "--miner", "2", "--input", "", "--from", client);
      const which = ["--task", String(taskId)];
      const result = fileOf("longAnswer", long);
      const completing = ["task", "complete", ...which, "--file", result, "--from", world.people.miners[1]!];
      const completed = await (await startProgram(completing, environment("second miner"))).outcome;
      expect(completed).to.include({ exitCode: 0, stderr: "" });
      expect(await run("task", "result", ...which)).to.deep.equal({
        exitCode: 1,
        stdout: `No node serves the result of task ${String(taskId)} now: its hash is ${keccak256(long)}.\n`,
        stderr: "",
      });
      const looking = ["task", "result", ...which, "--out", file("out")];
      await (
        await startProgram(looking, environment("second miner"))
      ).outcome;
      expect(new Uint8Array(readFileSync(file("out")))).to.deep.equal(new Uint8Array(long));
    });

    it("task watch reports one task from its beginning to its end, and all tasks until it is stopped", async () => {
      const one = await run("task", "watch", "--task", "1");
      expect([one.exitCode, one.stderr]).to.deep.equal([0, ""]);
      expect(one.stdout).to.match(
        /^Task 1 of type 0 for .*: miner 2 has until .*\nTask 1 is completed by miner 2 .*\n$/,
      );
      const all = await start("task", "watch", "--json");
      const submit = ["task", "submit", "--miner", "2", "--input", "", "--seconds", "30", "--from", client];
      // It reports only what comes after its first look, which can't be observed from outside.
      while (!all.stdout.includes("TaskSubmitted")) await jsonOf(...submit);
      const { taskId } = JSON.parse(all.stdout.split("\n")[0]!) as { taskId: string };
      await passDeadline(Number(taskId));
      await jsonOf("task", "refund", "--task", taskId, "--from", client);
      await all.said(/"event":"TaskRefunded"/);
      expect(await all.end()).to.include({ exitCode: 0, stderr: "" });
    });

    it("says in a sentence what is impossible: both text and file, a file that is missing or too long, no result yet", async () => {
      const submit = ["task", "submit", "--miner", "2", "--from", client];
      const tooLong = fileOf("tooLong", new Uint8Array((1 << 20) + 1));
      const { taskId } = await jsonOf(...submit, "--input", "?");
      for (const [args, sentence] of [
        [[...submit, "--input", "a", "--file", file("short")], "Give --input or --file, not both."],
        [[...submit, "--file", file("none")], `${file("none")} can't be read: ENOENT.`],
        [[...submit, "--file", tooLong], `${tooLong} has 1048577 bytes, more than the 1048576 that a task can carry.`],
        [["task", "result", "--task", String(taskId)], `Task ${String(taskId)} has no result: it is open.`],
        [["task", "result", "--task", "999"], 'There is no task 999: see "npx mdt task list".'],
      ] as const) {
        expect(await run(...args)).to.deep.equal({ exitCode: 1, stdout: "", stderr: `${sentence}\n` });
      }
    });
  });

  describe("gateway start, before any miner can be reached", () => {
    before(async () => {
      const limits = ["--max-fee", "10", "--open-tasks", "1"];
      gateway = await start("gateway", "start", "--port", "0", ...limits, "--from", client);
    });

    it("reports that it is alive", async () => {
      const response = await fetch(`${await gateway!.url()}/healthz`);
      expect([response.status, await response.json()]).to.deep.equal([200, { alive: true }]);
    });

    it("refuses an invalid question, and a fee above its maximum, before it pays anything", async () => {
      const before = await balanceOf();
      for (const [question, status] of [
        [{ typeId: 0, input: "not base64!" }, 400],
        [{ typeId: 0 }, 400],
        [[], 400],
        [{ typeId: 0, input: "", feeWei: `1${"0".repeat(19)}1` }, 422],
      ] as const) {
        const answer = await ask(question);
        expect(answer.status, JSON.stringify(question)).to.equal(status);
        expect(answer.body.error).to.be.a("string");
      }
      expect(await ask({ typeId: 0, input: "", deadline: 60 })).to.deep.equal({
        ...{ status: 400, body: { error: "The field deadline is unknown." } },
      });
      const noJson = await fetch(`${await gateway!.url()}/v1/run`, { method: "POST", body: "{" });
      expect(noJson.status).to.equal(400);
      const tooLong = await fetch(`${await gateway!.url()}/v1/run`, { method: "POST", body: " ".repeat(1_500_000) });
      expect(tooLong.status).to.equal(413);
      expect(await balanceOf()).to.equal(before);
    });

    it("answers 503 to a long input if no miner can be reached to hand it over", async () => {
      expect(await ask({ typeId: 0, input: toBase64(long) })).to.deep.equal({
        status: 503,
        body: { error: "No miner is available for a task of type 0 now." },
      });
    });
  });

  describe("gateway start, among equal miners", () => {
    it("asks them in turn, even if many questions come at once", async () => {
      const other = await start("gateway", "start", "--port", "0", "--from", world.people.stranger);
      const last = Number(await world.connection.contracts.taskRegistry.read.taskCount()) + 12;
      const answers = Array.from({ length: 12 }, () => ask({ typeId: 2, input: toBase64(short), seconds: 60 }, other));
      await untilTask(last);
      await passDeadline(last);
      const asked = (await Promise.all(answers)).map(({ body }) => Number(body.minerId));
      expect(asked.sort()).to.deep.equal([1, 2, 3].flatMap((minerId) => [minerId, minerId, minerId, minerId]));
      const url = await other.url();
      expect((await other.end()).stderr).to.equal(`Serving on ${url}\n`);
    });
  });

  describe("with a miner's node that serves inputs and results", () => {
    before(async () => {
      // The others miss deadlines, so that this one is better.
      for (const minerId of ["2", "3"]) {
        const submitting = ["task", "submit", "--miner", minerId, "--input", "", "--seconds", "30", "--from", client];
        await passDeadline(Number((await jsonOf(...submitting)).taskId));
      }
      miner = await startMiner();
    });

    it("task submit --file brings a long input to the miner's node, and task result brings its result back", async () => {
      const submitting = ["task", "submit", "--miner", "1", "--file", fileOf("long", long), "--from", client];
      const { taskId } = await jsonOf(...submitting);
      const watched = await run("task", "watch", "--task", String(taskId));
      expect(watched.stdout).to.include(`Task ${String(taskId)} is completed by miner 1`);
      const [submitted, completed] = await eventsOf(Number(taskId));
      expect(submitted!.args).to.include({ input: "0x", inputHash: keccak256(long) });
      expect(completed!.args).to.include({ result: "0x", resultHash: keccak256(reversed(long)) });
      await jsonOf("task", "result", "--task", String(taskId), "--out", file("out"));
      expect(new Uint8Array(readFileSync(file("out")))).to.deep.equal(reversed(long));
    });

    it("task run picks a miner, waits, and prints the result", async () => {
      const { exitCode, stdout, stderr } = await run("task", "run", "--input", file("short"), "--from", client);
      expect([exitCode, stdout]).to.deep.equal([0, `${new TextDecoder().decode(reversed(short))}\n`]);
      expect(stderr).to.match(/^Task \d+ is submitted to miner 1 for 3\.2000 MDT\.\n$/);
    });

    it("task run sends 20 KiB to the miner that can be reached, and gets as much back", async () => {
      const input = fileOf("long", randomBytes(20 * 1_024));
      const { exitCode, stderr } = await run("task", "run", "--input", input, "--out", file("out"), "--from", client);
      expect(exitCode, stderr).to.equal(0);
      expect(stderr).to.match(/The miner received the input of task \d+\./);
      expect(new Uint8Array(readFileSync(file("out")))).to.deep.equal(reversed(readFileSync(input)));
    });

    it("the gateway does the same for every client, and reports the fee", async () => {
      for (const input of [short, long]) {
        const { status, body } = await ask({ typeId: 0, input: toBase64(input), seconds: 60 });
        expect(status, JSON.stringify(body)).to.equal(200);
        expect(body).to.include({ minerId: 1, result: toBase64(reversed(input)), feeWei: "3200000000000000000" });
      }
    });

    it("task run reclaims the fee after a missed deadline, and ends with exit code 1", async () => {
      const before = await balanceOf();
      const running = await start("task", "run", "--miner", "2", "--input", file("short"), "--from", client);
      const [, taskId] = await running.said(/^Task (\d+) is submitted to miner 2/m);
      await passDeadline(Number(taskId));
      const { exitCode, stdout } = await running.outcome;
      expect([exitCode, stdout]).to.deep.equal([
        1,
        `Miner 2 missed the deadline of task ${taskId}; its fee of 3.2000 MDT was refunded to you.\n`,
      ]);
      expect(await balanceOf()).to.equal(before);
    });

    it("task run that is stopped while it waits says that the task stays open", async () => {
      const running = await start("task", "run", "--miner", "2", "--input", file("short"), "--from", client);
      const [, taskId] = await running.said(/^Task (\d+) is submitted to miner 2/m);
      const { exitCode, stdout, stderr } = await running.end("SIGINT");
      expect([exitCode, stdout]).to.deep.equal([1, ""]);
      expect(stderr.split("\n").slice(1)).to.deep.equal([alone(taskId!), ""]);
    });

    it("the gateway limits its open tasks, and answers 504 after a missed deadline, with the fee refunded", async () => {
      const before = await balanceOf();
      const taskId = Number(await world.connection.contracts.taskRegistry.read.taskCount()) + 1;
      // The miner takes no type 1.
      const slow = ask({ typeId: 1, input: toBase64(short) });
      await untilTask(taskId);
      expect((await ask({ typeId: 0, input: "" })).status).to.equal(429);
      await passDeadline(taskId);
      const { status, body } = await slow;
      expect([status, body.taskId, body.error]).to.deep.equal([504, taskId, "The miner missed the deadline."]);
      expect(await balanceOf()).to.equal(before);
    });

    it("the gateway exits with code 0 on SIGTERM, and names the open task to each waiting client", async () => {
      const taskId = Number(await world.connection.contracts.taskRegistry.read.taskCount()) + 1;
      const waiting = ask({ typeId: 1, input: toBase64(short) });
      await untilTask(taskId);
      expect((await gateway!.end()).exitCode).to.equal(0);
      expect(await waiting).to.deep.equal({ status: 503, body: { error: alone(taskId) } });
    });

    it("task run says why it can't hand a long input to a miner's node, and keeps trying", async () => {
      const { connection, people } = world;
      const { directory } = connection.contracts;
      const args = ["http://127.0.0.1:1"] as const;
      await transact(connection, people.miners[1]!, { ...directory, functionName: "setEndpoint", args });
      const running = await start("task", "run", "--miner", "2", "--input", fileOf("long", long), "--from", client);
      await running.said(/^The miner's node can't be reached \(ECONNREFUSED\); retrying\.$/m);
      expect((await running.end("SIGINT")).exitCode).to.equal(1);
    });
  });
});
