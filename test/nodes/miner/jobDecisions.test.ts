import { expect } from "chai";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytesToHex, type Hex, keccak256 } from "viem";
import { openBlobFinder } from "../../../scripts/nodes/blobs/finder";
import { type BlobStore, openBlobStore } from "../../../scripts/nodes/blobs/store";
import { type MinerEvent } from "../../../scripts/nodes/run/nodeEvents";
import { type AcceptedTask } from "../../../scripts/nodes/miner/readyResult";
import { type JobOptions, TaskJobs } from "../../../scripts/nodes/miner/taskJobs";
import { type Failed, type WorkAnswer, type WorkRequest } from "../../../scripts/nodes/protocol/questions";

/** A task whose input is its id, in one byte, on chain unless the changes omit it. */
function taskOf(taskId: number, changes: Partial<AcceptedTask> = {}): AcceptedTask {
  const input = bytesToHex(Uint8Array.of(taskId));
  const terms = { client: "0x1111111111111111111111111111111111111111", minerId: 1, typeId: 1, feeWei: 1n } as const;
  return {
    ...{ taskId, ...terms, deadline: 5_000, inputHash: keccak256(input), input, submittedIn: keccak256(input) },
    ...{ completed: null, modelHash: undefined, ...changes },
  };
}

describe("A miner's work on a task", () => {
  let directory: string;
  let blobs: BlobStore;
  let events: MinerEvent[];
  let asked: WorkRequest[];
  /** The clock, in seconds. */
  let now: number;
  /** What the worker answers. */
  let work: (request: WorkRequest) => WorkAnswer | Failed | Promise<WorkAnswer>;
  let endpointsOf: JobOptions["endpointsOf"];
  let jobs: TaskJobs;
  let secondsAllowed: number[];
  const timeout = AbortSignal.timeout.bind(AbortSignal);

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "moderntensor-"));
    blobs = await openBlobStore(directory);
    [events, asked, secondsAllowed, now] = [[], [], [], 100];
    work = () => ({ kind: "result", result: Uint8Array.of(7) });
    endpointsOf = () => Promise.resolve([]);
    jobs = open();
    AbortSignal.timeout = (milliseconds) => {
      secondsAllowed.push(milliseconds / 1_000);
      return new AbortController().signal;
    };
  });

  afterEach(() => {
    AbortSignal.timeout = timeout;
    rmSync(directory, { recursive: true });
  });

  function open(changes: Partial<JobOptions> = {}): TaskJobs {
    return new TaskJobs({
      worker: {
        answer: async (request) => {
          asked.push(request);
          return work(request);
        },
        close: () => Promise.resolve(),
      },
      blobs,
      // No type here requires proofs.
      prover: {
        complaintAbout: () => undefined,
        prove: () => Promise.reject(new Error()),
        keepOnly: () => Promise.resolve(),
      },
      finder: openBlobFinder(blobs, { allowPrivate: true }),
      concurrency: 2,
      mostInlineBytes: 3,
      mostResultBytes: 4,
      endpointsOf: (task) => endpointsOf(task),
      tell: (event) => events.push(event),
      clock: () => now,
      stopping: new AbortController().signal,
      ...changes,
    });
  }

  async function rest(): Promise<void> {
    while (jobs.isRunning) await new Promise(setImmediate);
  }

  /** Looks at these tasks, and waits until all work is done. */
  async function look(...tasks: readonly AcceptedTask[]): Promise<void> {
    jobs.take(tasks, 4_000);
    await rest();
  }

  const kinds = () => events.map(({ kind }) => kind);
  const failed = { kind: "failed", reason: "ended (exit code 3)" } as const;

  it("asks the worker once, and ends with a result", async () => {
    const task = taskOf(1);
    jobs.take([task], 4_000);
    expect([jobs.isRunning, jobs.isHopeful(task), jobs.resultOf(task)]).to.deep.equal([true, true, undefined]);
    await rest();
    expect(jobs.resultOf(task)).to.deep.equal({ kind: "answer", hash: keccak256("0x07"), carried: "0x07" });
    expect(asked).to.deep.equal([{ taskId: 1, typeId: 1, input: Uint8Array.of(1), deadline: 5_000 }]);
    expect(events).to.deep.equal([
      { kind: "taskTaken", taskId: 1, typeId: 1, secondsLeft: 1_000 },
      { kind: "resultReady", taskId: 1, bytes: 1, seconds: 0 },
    ]);
    await look(task);
    expect([asked.length, events.length, jobs.isHopeful(task)]).to.deep.equal([1, 2, true]);
  });

  it("may take until the deadline, but at most a day", async () => {
    await look(taskOf(1), taskOf(2, { deadline: 4_000 + 86_400 }));
    await look(taskOf(3, { deadline: 4_000 + 86_401 }));
    expect(secondsAllowed).to.deep.equal([1_000, 86_400, 86_400]);
  });

  it("is given up after the worker has failed three times, three seconds apart", async () => {
    work = () => failed;
    const task = taskOf(1);
    for (let attempt = 1; attempt <= 3; attempt++) {
      await look(task);
      expect(events.at(-1)).to.deep.equal({
        ...{ kind: "workFailed", taskId: 1, reason: failed.reason, attempts: attempt },
      });
      expect(jobs.isHopeful(task)).to.equal(attempt < 3);
      now += 2.9;
      await look(task);
      expect(asked).to.have.lengthOf(attempt);
      now += 0.1;
    }
    await look(task);
    expect([asked.length, jobs.isDeclined(task), jobs.resultOf(task)]).to.deep.equal([3, false, undefined]);
  });

  it("isn't tried again once the worker or the miner has declined the task", async () => {
    work = () => ({ kind: "declined", reason: "too dear" });
    const [own, other] = [taskOf(1), taskOf(2)];
    await look(own);
    jobs.decline(other, "not this type");
    jobs.decline(other, "not this type");
    jobs.decline(own, "not this type");
    await look(own, other);
    expect(asked).to.have.lengthOf(1);
    expect(events.slice(1)).to.deep.equal([
      { kind: "taskDeclined", taskId: 1, reason: "too dear" },
      { kind: "taskDeclined", taskId: 2, reason: "not this type" },
    ]);
    expect([jobs.isDeclined(own), jobs.isHopeful(own), jobs.isDeclined(other)]).to.deep.equal([true, false, true]);
  });

  it("waits for its turn: the worker gets a limited number of tasks at a time, in the given order", async () => {
    const held: (() => void)[] = [];
    work = () =>
      new Promise((resolve) => {
        held.push(() => {
          resolve({ kind: "result", result: Uint8Array.of(7) });
        });
      });
    const tasks = [taskOf(1), taskOf(2), taskOf(3)];
    jobs.take(tasks, 4_000);
    while (held.length < 2) await new Promise(setImmediate);
    jobs.take(tasks, 4_000);
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
    expect(asked.map(({ taskId }) => taskId)).to.deep.equal([1, 2]);
    held.shift()!();
    while (jobs.resultOf(tasks[0]!) === undefined) await new Promise(setImmediate);
    jobs.take(tasks, 4_000);
    while (held.length < 2) await new Promise(setImmediate);
    held.forEach((go) => {
      go();
    });
    await rest();
    expect(asked.map(({ taskId }) => taskId)).to.deep.equal([1, 2, 3]);
  });

  it("is forgotten with its result once the task is over, but not while the work is running", async () => {
    const [kept, gone] = [taskOf(1), taskOf(2)];
    jobs.take([kept, gone], 4_000);
    jobs.keepOnly([kept]);
    await rest();
    expect(jobs.resultOf(gone)).not.to.equal(undefined);
    jobs.keepOnly([kept]);
    expect([jobs.resultOf(kept)?.kind, jobs.resultOf(gone)]).to.deep.equal(["answer", undefined]);
    await look(kept, gone);
    expect(asked.map(({ taskId }) => taskId)).to.deep.equal([1, 2, 2]);
  });

  it("doesn't count for another task that got the same id in a reorganisation", async () => {
    await look(taskOf(1));
    expect(jobs.resultOf(taskOf(1, { typeId: 2 }))).to.equal(undefined);
    expect(jobs.resultOf(taskOf(1, { inputHash: keccak256("0x55") }))).to.equal(undefined);
    expect(jobs.resultOf(taskOf(1))).not.to.equal(undefined);
  });

  describe("whose result is long", () => {
    const resultOf = async (bytes: number): Promise<unknown> => {
      work = () => ({ kind: "result", result: new Uint8Array(bytes) });
      await look(taskOf(bytes));
      return jobs.resultOf(taskOf(bytes));
    };

    it("stores the result here if the transaction doesn't carry it", async () => {
      const bytes = (count: number): Hex => `0x${"00".repeat(count)}`;
      expect(await resultOf(3)).to.deep.include({ carried: bytes(3) });
      expect(await blobs.get(keccak256(bytes(3)))).to.equal(undefined);
      expect(await resultOf(4)).to.deep.equal({ kind: "answer", hash: keccak256(bytes(4)), carried: "0x" });
      expect(await blobs.get(keccak256(bytes(4)))).to.deep.equal(new Uint8Array(4));
    });

    it("is given up at once if the result is longer than allowed", async () => {
      expect(await resultOf(5)).to.equal(undefined);
      expect(events.at(-1)).to.deep.equal({
        ...{ kind: "workFailed", taskId: 5, attempts: 3 },
        reason: "its result of 5 bytes does not fit into a transaction: start the miner with --listen and --endpoint",
      });
      expect(jobs.isHopeful(taskOf(5))).to.equal(false);
    });
  });

  describe("whose input travels off chain", () => {
    const missing = (taskId: number) => taskOf(taskId, { input: "0x" });

    it("begins once the input is here", async () => {
      const task = missing(1);
      await look(task);
      expect(events).to.deep.equal([{ kind: "inputMissing", taskId: 1 }]);
      expect(jobs.isHopeful(task)).to.equal(true);
      await blobs.put(Uint8Array.of(1));
      now += 2.9;
      await look(task);
      now += 0.1;
      await look(task);
      expect(kinds(), "the input is here, the worker comes at the next look").to.deep.equal(["inputMissing"]);
      await look(task);
      expect(kinds()).to.deep.equal(["inputMissing", "taskTaken", "resultReady"]);
      expect(asked[0]!.input).to.deep.equal(Uint8Array.of(1));
    });

    it("looks for the input again if it was removed before the worker was asked", async () => {
      const task = missing(1);
      await blobs.put(Uint8Array.of(1));
      await look(task);
      for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true });
      await look(task);
      await look(task);
      expect(kinds()).to.deep.equal(["inputMissing"]);
      expect(asked).to.deep.equal([]);
    });

    it("looks for the inputs of at most sixteen tasks at a time on other machines", async () => {
      const held: (() => void)[] = [];
      endpointsOf = () =>
        new Promise((resolve) => {
          held.push(() => {
            resolve([]);
          });
        });
      const tasks = Array.from({ length: 18 }, (_, i) => missing(i));
      jobs.take(tasks, 4_000);
      while (held.length < 16) await new Promise(setImmediate);
      for (let turn = 0; turn < 300; turn++) await new Promise(setImmediate);
      expect(held).to.have.lengthOf(16);
      held.splice(0).forEach((go) => {
        go();
      });
      await rest();
      expect(events).to.have.lengthOf(16);
      now += 3;
      jobs.take(tasks.slice(16), 4_000);
      while (held.length < 2) await new Promise(setImmediate);
      held.forEach((go) => {
        go();
      });
      await rest();
      expect(events).to.have.lengthOf(18);
    });

    it("fails if the search for the input fails", async () => {
      endpointsOf = () => Promise.reject(new Error("The chain is down."));
      await look(missing(1));
      expect(events).to.deep.equal([{ kind: "workFailed", taskId: 1, reason: "The chain is down.", attempts: 1 }]);
    });
  });
});
