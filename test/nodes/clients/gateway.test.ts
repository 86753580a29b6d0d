import { expect } from "chai";
import { type Hono } from "hono";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keccak256 } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { BalanceError } from "../../../scripts/actions/plan";
import { type Signer } from "../../../scripts/chain/signer";
import { openBlobFinder } from "../../../scripts/nodes/blobs/finder";
import { openBlobStore } from "../../../scripts/nodes/blobs/store";
import { gatewayRoutes, type GatewayLimits } from "../../../scripts/nodes/clients/gateway";
import { TaskClient } from "../../../scripts/nodes/clients/taskClient";
import { nodeAccount } from "../../shared/node";
import { type ClientStage, complete, nextTask, openStage, untilTask } from "./clientStage";

const MDT = 10n ** 18n;
const question = { typeId: 0, input: "aGVsbG8=" };

describe("A gateway", () => {
  let stage: ClientStage;
  let directory: string;
  let stopping: AbortController;
  let failures: unknown[];
  let app: Hono;

  before(async () => {
    stage = await openStage();
  });

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "moderntensor-"));
    stopping = new AbortController();
    failures = [];
    app = await gateway();
  });

  afterEach(() => {
    stopping.abort();
    rmSync(directory, { recursive: true });
  });

  async function gateway(limits: Partial<GatewayLimits> = {}, signer: Signer = nodeAccount(15)): Promise<Hono> {
    const blobs = await openBlobStore(directory);
    const finder = openBlobFinder(blobs, { allowPrivate: true });
    const { connection } = stage;
    const client = new TaskClient({ connection, signer, blobs, finder, stopping: stopping.signal });
    const all = { maxFeeWei: null, openTasks: 10, ...limits };
    return gatewayRoutes(client, all, (error) => void failures.push(error));
  }

  async function post(body: string, length: number | undefined = body.length) {
    const headers: Record<string, string> = length < 0 ? {} : { "Content-Length": String(length) };
    const answer = await app.request("/v1/run", { method: "POST", body, headers });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }

  const ask = (changes: object = {}) => post(JSON.stringify({ ...question, ...changes }));
  const error = (status: number, sentence: string) => ({ status, body: { error: sentence } });
  const task = (taskId: number) => stage.connection.contracts.taskRegistry.read.taskOf([BigInt(taskId)]);

  it("reports on /healthz that it is alive", async () => {
    const answer = await app.request("/healthz");
    expect([answer.status, await answer.json()]).to.deep.equal([200, { alive: true }]);
  });

  it("answers with the result in base64, the miner, the fee, and the seconds that it took", async () => {
    const taskId = await nextTask(stage);
    const began = performance.now();
    const feeWei = (5n * MDT).toString();
    const [{ status, body }] = await Promise.all([
      ask({ typeId: 1, seconds: 77, feeWei }),
      complete(stage, taskId, "an answer"),
    ]);
    const { minerId, typeId, ...terms } = await task(taskId);
    const { seconds, ...others } = body;
    expect([status, others]).to.deep.equal([200, { taskId, minerId, feeWei, result: "YW4gYW5zd2Vy" }]);
    expect(seconds).to.be.within(0.001, (performance.now() - began) / 1_000);
    expect([typeId, terms.feeWei]).to.deep.equal([1, 5n * MDT]);
  });

  it("submits a task that is due after the requested seconds, or by default after ten minutes", async () => {
    for (const [changes, seconds] of [
      [{ seconds: 77 }, 77n],
      [{ seconds: 30 * 86_400 }, 30n * 86_400n],
      [{}, 600n],
    ] as const) {
      const taskId = await nextTask(stage);
      const { timestamp } = await stage.connection.reader.getBlock({ blockTag: "pending" });
      await Promise.all([ask(changes), complete(stage, taskId)]);
      expect((await task(taskId)).deadline - timestamp).to.equal(seconds);
    }
  });

  it("refuses an invalid question before it pays anything", async () => {
    const first = await nextTask(stage);
    const fee = "The field feeWei must be a decimal number of wei.";
    const type = "The field typeId must be a whole number from 0 to 4294967295.";
    const time = "The field seconds must be a whole number from 1 to 2592000.";
    for (const [changes, sentence] of [
      ...[{ typeId: -1 }, { typeId: 2 ** 32 }, { typeId: 0.5 }].map((one) => [one, type] as const),
      ...[{ seconds: 0 }, { seconds: 2_592_001 }].map((one) => [one, time] as const),
      ...[{ feeWei: "0" }, { feeWei: "01" }, { feeWei: "1e9" }, { feeWei: `1${"0".repeat(39)}` }, { feeWei: 7 }].map(
        (one) => [one, fee] as const,
      ),
      [{ input: "%" }, "The field input must be at most 1048576 bytes in standard base64."],
      [{ deadline: 60 }, "The field deadline is unknown."],
    ] as const) {
      expect(await ask(changes), JSON.stringify(changes)).to.deep.equal(error(400, sentence));
    }
    expect(await post("[]")).to.deep.equal(error(400, "The input must be an object."));
    expect((await post("{")).status).to.equal(400);
    expect([await nextTask(stage), failures]).to.deep.equal([first, []]);
  });

  it("refuses a question without a stated length, or longer than any valid one", async () => {
    const sentence = "A request must have a Content-Length of at most 1399104 bytes.";
    expect(await post("{}", -1)).to.deep.equal(error(413, sentence));
    expect(await post("{}", 1_399_105)).to.deep.equal(error(413, sentence));
    expect((await post("{}", 1_399_104)).status).to.equal(400);
    const longest = JSON.stringify({ ...question, input: "A".repeat(1_398_104) });
    expect(longest.length).to.be.below(1_399_104);
  });

  it("pays at most its maximum fee for a task, or any fee if it has none", async () => {
    app = await gateway({ maxFeeWei: 4n * MDT });
    const above = (4n * MDT + 1n).toString();
    expect(await ask({ feeWei: above })).to.deep.equal(
      error(422, "This gateway pays at most 4000000000000000000 wei for a task."),
    );
    const taskId = await nextTask(stage);
    const [{ body }] = await Promise.all([ask({ feeWei: (4n * MDT).toString() }), complete(stage, taskId)]);
    expect(body).to.include({ taskId, feeWei: "4000000000000000000" });
    app = await gateway();
    const [unbounded] = await Promise.all([ask({ feeWei: above }), complete(stage, taskId + 1)]);
    expect(unbounded.body).to.include({ taskId: taskId + 1, feeWei: above });
  });

  it("reports why the network refuses a question", async () => {
    const unknown = "There is no task type 9: choose one from the list.";
    expect(await ask({ typeId: 9 })).to.deep.equal(error(422, unknown));
    expect(await ask({ typeId: 9, feeWei: (5n * MDT).toString() })).to.deep.equal(error(422, unknown));
    const { status, body } = await ask({ feeWei: "1" });
    expect([status, body.error]).to.deep.equal([422, "A task of this type costs at least 3.2 MDT: raise the fee."]);
    expect(failures).to.deep.equal([]);
  });

  it("limits the number of open tasks; one that is refused or completed makes room for another", async () => {
    app = await gateway({ openTasks: 2 });
    for (let i = 0; i < 3; i++) expect((await ask({ seconds: 0 })).status).to.equal(400);
    const first = await nextTask(stage);
    const asked = [ask(), ask()];
    await untilTask(stage.connection, first + 1);
    expect(await ask()).to.deep.equal(error(429, "Too many tasks are open: try again later."));
    await complete(stage, first);
    await Promise.race(asked);
    const third = ask();
    await Promise.all([complete(stage, first + 1), complete(stage, first + 2)]);
    expect((await Promise.all([...asked, third])).map(({ status }) => status)).to.deep.equal([200, 200, 200]);
  });

  it("reports that no node serves a result, or that the miner missed the deadline", async () => {
    const taskId = await nextTask(stage);
    const [lost] = await Promise.all([ask(), complete(stage, taskId, { hash: keccak256("0x99"), carried: "0x" })]);
    const { minerId } = await task(taskId);
    const sentence = "The task is completed, but no node serves its result.";
    expect(lost).to.deep.equal({ status: 504, body: { taskId, minerId, error: sentence } });

    const late = ask({ typeId: 2 });
    const missed = await untilTask(stage.connection, taskId + 1);
    await stage.node.advanceTo(missed.deadline);
    expect(await late).to.deep.equal({
      ...{
        status: 504,
        body: { taskId: taskId + 1, minerId: missed.minerId, error: "The miner missed the deadline." },
      },
    });
    expect(failures).to.deep.equal([]);
  });

  it("reports that no miner is available, or that a task stays open because the gateway stops", async () => {
    const input = Buffer.alloc(4_097).toString("base64");
    expect(await ask({ input })).to.deep.equal(error(503, "No miner is available for a task of type 0 now."));
    const taskId = await nextTask(stage);
    const waiting = ask();
    await untilTask(stage.connection, taskId);
    stopping.abort();
    const { status, body } = await waiting;
    expect(status).to.equal(503);
    expect(body.error).to.match(new RegExp(`^Task ${taskId} stays open: `));
    expect(failures).to.deep.equal([]);
  });

  it("tells only its operator why a task can't be submitted", async () => {
    const penniless = mnemonicToAccount("test test test test test test test test test test test junk", {
      addressIndex: 99,
    });
    app = await gateway({}, penniless);
    expect(await ask()).to.deep.equal(error(502, "The task could not be submitted or tracked."));
    expect(failures).to.have.lengthOf(1);
    expect(failures[0]).to.be.instanceOf(BalanceError);
  });
});
