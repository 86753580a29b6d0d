import { expect } from "chai";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Hex, keccak256 } from "viem";
import { refundTask, submitTask, UnknownTaskError, inputOf } from "../../../scripts/actions/tasks";
import { type BlobFinder, openBlobFinder } from "../../../scripts/nodes/blobs/finder";
import { openBlobStore } from "../../../scripts/nodes/blobs/store";
import { findResult, handOver, NotCompletedError, sendBlob } from "../../../scripts/nodes/clients/inputsAndResults";
import { nodeAccount } from "../../shared/node";
import { type BlobServer, type ClientStage, complete, openStage, publish, serveBlobs } from "./clientStage";

const bytes = Uint8Array.of(1, 2, 3);
const client = nodeAccount(14);
const never = new AbortController().signal;

describe("A task's bytes off chain", () => {
  let stage: ClientStage;
  let server: BlobServer;

  before(async () => {
    stage = await openStage();
    server = await serveBlobs(() => ({ status: 404 }));
  });

  after(() => {
    server.close();
  });

  beforeEach(() => {
    server.asked.length = 0;
  });

  describe("An input that a client hands over", () => {
    const rules = { allowPrivate: true, stopping: never };

    it("is kept if the node answers 201, not wanted yet if it answers 409, and has failed otherwise", async () => {
      const answers: unknown[] = [];
      for (const status of [201, 409, 200, 503]) {
        server.answer = () => ({ status });
        answers.push(await sendBlob(server.url, bytes, rules));
      }
      expect(answers).to.deep.equal([
        { kind: "kept" },
        { kind: "unwanted" },
        { kind: "failed", reason: "answers 200" },
        { kind: "failed", reason: "answers 503" },
      ]);
      expect(server.asked).to.deep.equal(Array(4).fill(`PUT /v1/blobs/${keccak256(bytes)}`));
    });

    it("fails to be sent if the node can't be reached, or has no public address", async () => {
      const reasonOf = async (endpoint: string, allowPrivate: boolean) =>
        sendBlob(endpoint, bytes, { allowPrivate, stopping: never });
      expect(await reasonOf("http://127.0.0.1:1", true)).to.deep.equal({
        ...{ kind: "failed", reason: "can't be reached (ECONNREFUSED)" },
      });
      expect(await reasonOf(server.url, false)).to.deep.equal({ kind: "failed", reason: "has no public address" });
      expect(server.asked).to.deep.equal([]);
    });

    it("is sent again until the miner has published its endpoint, knows the task, and keeps it", async () => {
      const reasons: string[] = [];
      const statuses = [409, 500, 201];
      server.answer = () => ({ status: statuses.shift()! });
      const started = performance.now();
      const handed = handOver(stage.connection, 2, bytes, never, (reason) => void reasons.push(reason));
      while (reasons.length === 0) await new Promise((later) => setTimeout(later, 10));
      await publish(stage, stage.miners[1]!, server.url);
      expect(await handed).to.equal(true);
      expect([...new Set(reasons)]).to.deep.equal(["has published no endpoint", "answers 500"]);
      expect(server.asked).to.have.lengthOf(3);
      expect(reasons.length, "looks are half a second apart").to.be.below(2 + (performance.now() - started) / 500);
      await publish(stage, stage.miners[1]!, "");
    });

    it("is given up when the client stops", async () => {
      const stopping = new AbortController();
      const handed = handOver(stage.connection, 1, bytes, stopping.signal, () => {
        stopping.abort();
      });
      expect(await handed).to.equal(false);
      expect(await handOver(stage.connection, 1, bytes, stopping.signal)).to.equal(false);
    });
  });

  describe("A result that a client looks for", () => {
    let directory: string;
    let finder: BlobFinder;
    const long = keccak256(bytes);

    beforeEach(async () => {
      directory = mkdtempSync(join(tmpdir(), "moderntensor-"));
      finder = openBlobFinder(await openBlobStore(directory), { allowPrivate: true });
    });

    afterEach(() => {
      rmSync(directory, { recursive: true });
    });

    async function submit(seconds = 900): Promise<number> {
      const request = { minerId: 1, typeId: 0, seconds, ...inputOf("question") };
      return (await submitTask(stage.connection, client, request)).taskId;
    }

    async function completed(hash: Hex, carried: Hex): Promise<number> {
      const taskId = await submit();
      await complete(stage, taskId, { hash, carried });
      return taskId;
    }

    const find = (taskId: number) => findResult(stage.connection, finder, taskId, never);
    const refusal = (taskId: number) => find(taskId).catch((error: unknown) => error as Error);

    it("is read from the transaction if that carries it", async () => {
      const taskId = await completed(long, "0x010203");
      expect(await find(taskId)).to.deep.equal({ hash: long, bytes });
      expect(server.asked).to.deep.equal([]);
    });

    it("is fetched from the miner, or else from a validator, and is null if nobody serves it", async () => {
      const taskId = await completed(long, "0x");
      expect(await find(taskId)).to.deep.equal({ hash: long, bytes: null });
      await publish(stage, stage.miners[0]!, `${server.url}/miner`);
      await publish(stage, stage.validator, `${server.url}/validator`);
      server.answer = (_, path) => (path.startsWith("/validator/") ? { status: 200, body: bytes } : { status: 404 });
      expect(await find(taskId)).to.deep.equal({ hash: long, bytes });
      expect(server.asked).to.deep.equal([`GET /miner/v1/blobs/${long}`, `GET /validator/v1/blobs/${long}`]);
      for (const account of [stage.miners[0]!, stage.validator]) await publish(stage, account, "");
    });

    it("doesn't exist before the task is completed, or once its fee is refunded", async () => {
      const taskId = await submit(30);
      const open = await refusal(taskId);
      expect(open).to.be.instanceOf(NotCompletedError);
      expect(open).to.include({ message: `Task ${taskId} has no result: it is open.` });
      const { deadline } = await stage.connection.contracts.taskRegistry.read.taskOf([BigInt(taskId)]);
      await stage.node.advanceTo(deadline);
      await refundTask(stage.connection, client, taskId);
      expect(await refusal(taskId)).to.include({ message: `Task ${taskId} has no result: it is refunded.` });
    });

    it("can't be found for an unknown task", async () => {
      const error = await refusal(999_999);
      expect(error).to.be.instanceOf(UnknownTaskError);
      expect(error).to.include({ message: 'There is no task 999999: see "npx mdt task list".' });
    });
  });
});
