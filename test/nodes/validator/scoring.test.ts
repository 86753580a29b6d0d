import { expect } from "chai";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytesToHex, type Hex, keccak256, numberToHex, pad } from "viem";
import { type BlobStore, openBlobStore } from "../../../scripts/nodes/blobs/store";
import { openBlobFinder } from "../../../scripts/nodes/blobs/finder";
import { type Failed, type ScoreAnswer, type ScoreRequest } from "../../../scripts/nodes/protocol/questions";
import { type LiveTask } from "../../../scripts/nodes/run/nodeView";
import { scoreEpoch, type ScoringOptions } from "../../../scripts/nodes/validator/scoring";
import { type ValidatorEvent } from "../../../scripts/nodes/run/nodeEvents";
import { answeringChain, blockAt } from "../../shared/answeringChain";

const account = (id: number): Hex => pad(numberToHex(id), { size: 20 });
const block = (number: number): Hex => pad(numberToHex(number));

/** A task that a miner completed; terms that aren't given don't matter. */
function taskOf(taskId: number, minerId: number, given: Partial<LiveTask> & { readonly result?: Hex } = {}): LiveTask {
  const { result = "0x02", ...terms } = given;
  return {
    ...{ taskId, minerId, client: account(99), typeId: 1, feeWei: 10n, deadline: 900, submittedIn: block(1) },
    ...{ inputHash: keccak256("0x01"), input: "0x01" },
    completed: { epoch: 7, resultHash: keccak256(result), result, completedIn: block(2) },
    ...terms,
  };
}

describe("A validator's own scores of an epoch", () => {
  let directory: string;
  let blobs: BlobStore;
  let events: ValidatorEvent[];
  let asked: ScoreRequest[];
  let now: number;
  /** How the scorer answers; by default every task gets the best score. */
  let answerTo: (request: ScoreRequest) => ScoreAnswer | Failed | Promise<ScoreAnswer>;
  let stopping: AbortController;
  let questions: string[];
  let endpointsOf: ScoringOptions["endpointsOf"];

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "moderntensor-"));
    blobs = await openBlobStore(directory);
    [events, asked, questions, now] = [[], [], [], 100];
    answerTo = ({ tasks }) => ({ kind: "scores", scores: tasks.map(() => 1) });
    stopping = new AbortController();
    endpointsOf = () => Promise.resolve([]);
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  function score(...tasks: readonly LiveTask[]) {
    const views = { "taskRegistry.minerOf": (id: number) => ({ account: account(id), activeFromEpoch: 0n }) };
    const methods = { eth_getBlockByHash: (hash: Hex) => blockAt(Number(hash), Number(hash) * 1_000) };
    return scoreEpoch(
      {
        chain: answeringChain({ views, methods }, {}, (question) => questions.push(question)),
        scorer: {
          answer: async (request) => {
            asked.push(request);
            return answerTo(request);
          },
          close: () => Promise.resolve(),
        },
        finder: openBlobFinder(blobs, { allowPrivate: true }),
        endpointsOf: (task) => endpointsOf(task),
        tell: (event) => events.push(event),
        clock: () => now++,
        stopping: stopping.signal,
      },
      7,
      tasks,
    );
  }

  /** Lets everything finish that waits for nobody else. */
  async function comeToRest(): Promise<void> {
    for (let turn = 0; turn < 300; turn++) await new Promise(setImmediate);
  }

  it("are requested with a task's input, result, fee, times and miner", async () => {
    const input = Uint8Array.of(5, 6);
    await blobs.put(input);
    const late = { inputHash: keccak256(bytesToHex(input)), input: "0x", feeWei: 3n, submittedIn: block(4) } as const;
    expect(await score(taskOf(8, 3), taskOf(9, 3, { ...late, typeId: 2 }))).to.deep.equal([
      { minerId: 3, scoreU16: 65_535 },
    ]);
    const result = Uint8Array.of(2);
    expect(asked).to.deep.equal([
      {
        epoch: 7,
        miner: { id: 3, account: account(3) },
        tasks: [
          {
            ...{ taskId: 8, typeId: 1, feeWei: 10n, input: Uint8Array.of(1), result },
            ...{ submittedAt: 1_000, completedAt: 2_000 },
          },
          { taskId: 9, typeId: 2, feeWei: 3n, input, result, submittedAt: 4_000, completedAt: 2_000 },
        ],
      },
    ]);
    expect(questions.filter((question) => question === "eth_getBlockByHash")).to.have.lengthOf(3);
  });

  it("are weighted by fees, and ordered by the miners' ids", async () => {
    answerTo = ({ miner, tasks }) => ({ kind: "scores", scores: tasks.map((_, i) => (miner.id === 2 ? i : 1)) });
    const scores = await score(taskOf(1, 11), taskOf(2, 2, { feeWei: 30n }), taskOf(3, 2), taskOf(4, 1));
    expect(scores).to.deep.equal([
      { minerId: 1, scoreU16: 65_535 },
      { minerId: 2, scoreU16: 16_384 },
      { minerId: 11, scoreU16: 65_535 },
    ]);
    expect(events).to.deep.equal([{ kind: "scored", epoch: 7, scored: 3, miners: 3, missingBlobs: 0, seconds: 1 }]);
  });

  it("begin with the miner that was paid most, and go by miner id among equals", async () => {
    await score(taskOf(1, 4), taskOf(2, 3), taskOf(3, 5, { feeWei: 6n }), taskOf(4, 5, { feeWei: 6n }));
    expect(asked.map(({ miner }) => miner.id)).to.deep.equal([5, 3, 4]);
  });

  it("are requested for sixteen miners at a time", async () => {
    const held: (() => void)[] = [];
    answerTo = () =>
      new Promise((resolve) => {
        held.push(() => {
          resolve({ kind: "scores", scores: [1] });
        });
      });
    const scored = score(...Array.from({ length: 18 }, (_, i) => taskOf(i, i + 1)));
    await comeToRest();
    expect(held).to.have.lengthOf(16);
    held.shift()!();
    await comeToRest();
    expect(asked).to.have.lengthOf(17);
    while (held.length > 0) {
      held.shift()!();
      await comeToRest();
    }
    expect(await scored).to.have.lengthOf(18);
  });

  it("are requested for at most 256 tasks of a miner per question", async () => {
    await score(...Array.from({ length: 257 }, (_, i) => taskOf(i, 1)));
    expect(asked.map(({ tasks }) => tasks.length)).to.deep.equal([256, 1]);
  });

  it("are requested with 2 MiB of inputs and results per question", async () => {
    const half: Hex = `0x${"00".repeat(1 << 19)}`;
    const one = taskOf(1, 1, { input: half });
    const task = { ...one, completed: { ...one.completed!, result: half } };
    await score(...Array<LiveTask>(5).fill(task));
    expect(asked.map(({ tasks }) => tasks.length)).to.deep.equal([2, 2, 1]);
  });

  it("wait for the inputs and results of eight tasks at a time", async () => {
    const held: (() => void)[] = [];
    endpointsOf = () =>
      new Promise((resolve) => {
        held.push(() => {
          resolve([]);
        });
      });
    const scored = score(...Array.from({ length: 9 }, (_, i) => taskOf(i, 1, { input: "0x" })));
    await comeToRest();
    expect(held).to.have.lengthOf(8);
    held.splice(0).forEach((go) => {
      go();
    });
    while (held.length === 0) await comeToRest();
    held.splice(0).forEach((go) => {
      go();
    });
    await scored;
    expect(events.at(-1)).to.include({ missingBlobs: 9 });
  });

  it("are requested with null for inputs and results that nobody serves, which are counted", async () => {
    const gone = taskOf(1, 1, { input: "0x", result: "0x" });
    const lost = { ...gone.completed!, resultHash: keccak256("0x77") };
    await score({ ...gone, inputHash: keccak256("0x66"), completed: lost }, taskOf(2, 1));
    expect(asked[0]!.tasks.map(({ input, result }) => [input, result])).to.deep.equal([
      [null, null],
      [Uint8Array.of(1), Uint8Array.of(2)],
    ]);
    expect(events.at(-1)).to.include({ missingBlobs: 2, scored: 1 });
  });

  it("omit a miner whose tasks get null, and one that the scorer fails at, which is reported", async () => {
    answerTo = ({ miner, tasks }) =>
      miner.id === 2
        ? { kind: "failed", reason: "ended (exit code 3)" }
        : { kind: "scores", scores: tasks.map(() => (miner.id === 1 ? null : 0)) };
    expect(await score(taskOf(1, 1), taskOf(2, 2), taskOf(3, 3))).to.deep.equal([{ minerId: 3, scoreU16: 0 }]);
    expect(events).to.deep.equal([
      { kind: "scorerFailed", epoch: 7, minerId: 2, reason: "The scorer ended (exit code 3)" },
      { kind: "scored", epoch: 7, scored: 1, miners: 3, missingBlobs: 0, seconds: 1 },
    ]);
  });

  it("are those known when time is up; nothing is requested after that", async () => {
    let answerLast = (): void => undefined;
    answerTo = ({ miner }) =>
      miner.id === 17
        ? { kind: "scores", scores: [1] }
        : new Promise((resolve) => {
            answerLast = () => {
              resolve({ kind: "scores", scores: [1] });
            };
          });
    const scored = score(...Array.from({ length: 18 }, (_, i) => taskOf(i, i + 1, i === 16 ? { feeWei: 99n } : {})));
    await comeToRest();
    stopping.abort();
    expect(await scored).to.deep.equal([{ minerId: 17, scoreU16: 65_535 }]);
    expect(events.at(-1)).to.include({ kind: "scored", scored: 1, miners: 18 });
    const before = asked.length;
    answerLast();
    await comeToRest();
    expect(asked).to.have.lengthOf(before);
  });

  it("are empty if time is up before the first question", async () => {
    stopping.abort();
    expect(await score(taskOf(1, 1))).to.deep.equal([]);
    expect(asked).to.deep.equal([]);
  });
});
