import { expect } from "chai";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { keccak256 } from "viem";
import { digitImages } from "../../../scripts/nodes/digits/samples";
import { openBlobFinder } from "../../../scripts/nodes/blobs/finder";
import { type BlobStore, openBlobStore } from "../../../scripts/nodes/blobs/store";
import { type MinerEvent } from "../../../scripts/nodes/run/nodeEvents";
import { type JobOptions, TaskJobs } from "../../../scripts/nodes/miner/taskJobs";
import { openWorker } from "../../../scripts/nodes/protocol/questions";
import { type AcceptedTask } from "../../../scripts/nodes/miner/readyResult";

describe("A miner's work on tasks", () => {
  let directory: string;
  let blobs: BlobStore;
  let hanging: Server;
  let events: MinerEvent[];
  let jobs: TaskJobs;
  let options: JobOptions;
  const stopping = new AbortController();

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), "moderntensor-"));
    blobs = await openBlobStore(directory);
    hanging = createServer(() => undefined);
    await new Promise<void>((listening) => hanging.listen(0, "127.0.0.1", listening));
    const endpoint = `http://127.0.0.1:${(hanging.address() as AddressInfo).port}`;
    events = [];
    options = {
      worker: openWorker("digits", { concurrency: 1, timeoutMilliseconds: 1_000, onLog: () => undefined }),
      blobs,
      // No type here requires proofs.
      prover: {
        complaintAbout: () => undefined,
        prove: () => Promise.reject(new Error()),
        keepOnly: () => Promise.resolve(),
      },
      finder: openBlobFinder(blobs, { allowPrivate: true }),
      concurrency: 1,
      mostInlineBytes: 4_096,
      mostResultBytes: 4_096,
      endpointsOf: () => Promise.resolve([endpoint]),
      tell: (event) => events.push(event),
      // Every wait is over at the next look.
      clock: () => performance.now(),
      stopping: stopping.signal,
    };
    jobs = new TaskJobs(options);
  });

  after(() => {
    stopping.abort();
    hanging.close();
    hanging.closeAllConnections();
    rmSync(directory, { recursive: true });
  });

  function taskOf(taskId: number, input: Uint8Array): AcceptedTask {
    const terms = { client: "0x1111111111111111111111111111111111111111", minerId: 1, typeId: 1, feeWei: 1n } as const;
    const hash = keccak256(input);
    return {
      taskId,
      ...terms,
      deadline: taskId,
      inputHash: hash,
      input: "0x",
      submittedIn: hash,
      completed: null,
      modelHash: undefined,
    };
  }

  it("continues with an input that was put here while the endpoints of 40 other clients hang", async () => {
    const { image, digit } = digitImages[0]!;
    const others = Array.from({ length: 40 }, (_, i) => taskOf(i, Uint8Array.of(i)));
    const last = taskOf(40, image);
    const look = async (): Promise<void> => {
      jobs.take([...others, last], 0);
      await sleep(10);
    };
    await look();
    await blobs.put(image);
    while (jobs.resultOf(last) === undefined) await look();
    expect(jobs.resultOf(last)).to.include({ kind: "answer", carried: `0x0${digit}` });
    expect(events.map(({ kind }) => kind)).to.deep.equal(["taskTaken", "resultReady"]);
  });

  it("gives up a question at the deadline, so a worker that hangs delays no later task", async () => {
    // It hangs at the input 1, and answers everything else.
    const command = `while read line; do case "$line" in *AQ==*) sleep 600;; *) echo '{"result":"Ag=="}';; esac; done`;
    const told: MinerEvent[] = [];
    const asking = { concurrency: 1, timeoutMilliseconds: 600_000, onLog: () => undefined };
    const worker = openWorker(command, asking);
    const own = new TaskJobs({ ...options, worker, tell: (event) => told.push(event) });
    const [hard, easy] = [1, 2].map((id): AcceptedTask => ({ ...taskOf(id, Uint8Array.of(id)), input: `0x0${id}` }));
    own.take([hard!, easy!], 0.5);
    while (own.isRunning) await sleep(10);
    own.take([easy!], 1);
    while (own.resultOf(easy!) === undefined) await sleep(10);
    await worker.close();
    const failures = told.flatMap((event) => (event.kind === "workFailed" ? [[event.taskId, event.reason]] : []));
    expect(failures).to.deep.equal([[1, "did not answer before the deadline"]]);
  });
});
