import { expect } from "chai";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Hex, zeroHash } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { type Score } from "../../../scripts/core/scores";
import { type Node } from "../../../scripts/nodes/run/node";
import { type NodeView } from "../../../scripts/nodes/run/nodeView";
import { type Duty } from "../../../scripts/nodes/run/rehearsals";
import { Commitments } from "../../../scripts/nodes/validator/commitments";
import { type ValidatorEvent } from "../../../scripts/nodes/run/nodeEvents";
import { answeringChain, blockAt } from "../../shared/answeringChain";

const signer = mnemonicToAccount("test test test test test test test test test test test junk");
const validator = signer.address;

const slotSeconds = 10;
const clock = { slotSeconds, slotsPerEpoch: 20, revealSlots: 6, closingSlots: 4 };
const epochSeconds = slotSeconds * clock.slotsPerEpoch;

describe("A validator's scores until they are on chain", () => {
  let directory: string;
  let events: ValidatorEvent[];
  let commit: { commitment: Hex; minerCount: number; isRevealed: boolean };
  let scores: readonly Score[];
  let scored: number[];
  let secondsAllowed: number[];
  let commitments: Commitments;

  /** The timers that end scoring never fire in these tests. */
  const timeout = AbortSignal.timeout.bind(AbortSignal);

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "moderntensor-"));
    [events, scored, secondsAllowed] = [[], [], []];
    commit = { commitment: zeroHash, minerCount: 2, isRevealed: false };
    scores = [{ minerId: 1, scoreU16: 40_000 }];
    commitments = open();
    AbortSignal.timeout = (milliseconds) => {
      secondsAllowed.push(milliseconds / 1_000);
      return new AbortController().signal;
    };
  });

  afterEach(() => {
    AbortSignal.timeout = timeout;
    rmSync(directory, { recursive: true });
  });

  const chain = () =>
    answeringChain(
      {
        views: {
          "scoreBoard.commitsOf": () => [commit],
          "taskRegistry.taskCount": () => 0n,
          "taskRegistry.epochTasks": () => [0n, 0n],
        },
        methods: {
          eth_blockNumber: () => "0x5",
          eth_getLogs: () => [],
          eth_getBlockByNumber: (tag: Hex) => blockAt(tag.startsWith("0x") ? Number(tag) : 5, 0),
        },
      },
      { clock },
    );

  /** Opens them again, like a new process. */
  function open(scoreMiners: (epoch: number) => Promise<readonly Score[]> = () => Promise.resolve(scores)) {
    const node = {
      connection: chain(),
      signer,
      directory,
      tell: (event: ValidatorEvent) => events.push(event),
      stopping: new AbortController().signal,
    };
    return new Commitments(node as unknown as Node<ValidatorEvent>, validator, (_, epoch) => {
      scored.push(epoch);
      return scoreMiners(epoch);
    });
  }

  function viewAt(now: number): NodeView {
    const slot = now < 0 ? null : Math.floor(now / slotSeconds);
    const epoch = slot === null ? null : Math.floor(slot / clock.slotsPerEpoch);
    const block = { headBlock: 5n, headTimestamp: now, baseFeePerGasWei: 0n, minedTransactions: 0, balanceWei: 0n };
    return { chain: chain(), now, epoch, slot, ...block };
  }

  const names = (duties: readonly Duty[]) => duties.map(({ name }) => name);
  const committing = async (now: number) => names(await commitments.committing(viewAt(now)));
  const revealing = async (now: number) => names(await commitments.revealing(viewAt(now)));

  async function untilScored(): Promise<void> {
    while (commitments.isScoring) await new Promise(setImmediate);
  }

  /** Epoch 3's work closes, and the epoch ends, at these times. */
  const closes = 4 * epochSeconds - clock.closingSlots * slotSeconds;
  const ends = 4 * epochSeconds;

  it("are made once the epoch's work has closed, and committed once they are saved", async () => {
    expect(await committing(-1)).to.deep.equal([]);
    expect(await committing(closes - 1)).to.deep.equal([]);
    expect([commitments.isScoring, scored]).to.deep.equal([false, []]);
    expect(await committing(closes)).to.deep.equal([]);
    expect(commitments.isScoring).to.equal(true);
    await untilScored();
    const [duty] = await commitments.committing(viewAt(closes + 1));
    expect(duty!.name).to.equal("commit to the scores of epoch 3");
    expect(duty!.call).to.include({ functionName: "commitScores" });
    expect(readdirSync(join(directory, "scores"))).to.deep.equal([`epoch-3-${String(duty!.call.args[0])}.json`]);
    expect(scored).to.deep.equal([3]);
  });

  it("are committed early enough to be mined in the epoch, never in its last slot", async () => {
    await committing(closes);
    await untilScored();
    expect(await committing(ends - slotSeconds - 1)).to.deep.equal(["commit to the scores of epoch 3"]);
    expect(await committing(ends - slotSeconds)).to.deep.equal([]);
  });

  it("aren't made if the chain already has a commitment", async () => {
    commit = { ...commit, commitment: `0x${"ab".repeat(32)}` };
    expect(await committing(closes)).to.deep.equal([]);
    expect([commitments.isScoring, scored]).to.deep.equal([false, []]);
  });

  it("may take until two slots before the epoch's end, but at least half a slot", async () => {
    await committing(closes);
    await untilScored();
    commitments = open();
    await committing(ends - slotSeconds - 1);
    expect(secondsAllowed).to.deep.equal([2 * slotSeconds, slotSeconds / 2]);
    await untilScored();
  });

  it("are made again after a failure, which is reported", async () => {
    let hasFailed = false;
    commitments = open(() => {
      if (hasFailed) return Promise.resolve(scores);
      hasFailed = true;
      return Promise.reject(new Error("Nobody judges."));
    });
    await committing(closes);
    await untilScored();
    expect(events).to.deep.equal([
      { kind: "failed", during: "scoring epoch 3", reason: "Nobody judges.", retryInSeconds: 0 },
    ]);
    await committing(closes + 1);
    await untilScored();
    expect(await committing(closes + 2)).to.deep.equal(["commit to the scores of epoch 3"]);
  });

  describe("after the epoch", () => {
    const revealsEnd = ends + clock.revealSlots * slotSeconds;

    /** The validator has committed to `scores` for epoch 3. */
    async function committed(): Promise<void> {
      await committing(closes);
      await untilScored();
      const [duty] = await commitments.committing(viewAt(closes + 1));
      commit = { ...commit, commitment: duty!.call.args[0] as Hex };
      scored.length = 0;
    }

    it("are revealed once, as they were saved, until the reveals end", async () => {
      await committed();
      commitments = open();
      const [duty] = await commitments.revealing(viewAt(ends));
      expect(duty!.name).to.equal("reveal the scores of epoch 3");
      expect(duty!.call).to.deep.include({ functionName: "revealScores" });
      expect(duty!.call.args.slice(0, 2)).to.deep.equal([3n, "0x000000019c40"]);
      expect(await revealing(revealsEnd - 1)).to.have.lengthOf(1);
      expect(await revealing(revealsEnd)).to.deep.equal([]);
      commit = { ...commit, isRevealed: true };
      expect(await revealing(ends)).to.deep.equal([]);
      expect(scored).to.deep.equal([]);
    });

    it("are not revealed before genesis, in epoch 0, or if nothing was committed", async () => {
      expect(await revealing(ends)).to.deep.equal([]);
      commit = { ...commit, commitment: `0x${"ab".repeat(32)}` };
      expect(await revealing(-1)).to.deep.equal([]);
      expect(await revealing(0)).to.deep.equal([]);
      expect([scored, events]).to.deep.equal([[], []]);
    });

    it("are made again, in half of the remaining time, if their file is gone", async () => {
      await committed();
      rmSync(join(directory, "scores"), { recursive: true });
      commitments = open();
      secondsAllowed.length = 0;
      expect(await revealing(ends + 8)).to.deep.equal([]);
      await untilScored();
      expect(secondsAllowed).to.deep.equal([(revealsEnd - ends - 8) / 2]);
      expect(await revealing(ends + 9)).to.deep.equal(["reveal the scores of epoch 3"]);
      expect([scored, events]).to.deep.equal([[3], []]);
    });

    it("are lost if different ones are made then, which is reported once per epoch", async () => {
      await committed();
      rmSync(join(directory, "scores"), { recursive: true });
      scores = [{ minerId: 1, scoreU16: 41_000 }];
      commitments = open();
      await revealing(ends);
      await untilScored();
      expect([await revealing(ends + 1), await revealing(ends + 2)]).to.deep.equal([[], []]);
      expect(events).to.deep.equal([{ kind: "scoresLost", epoch: 3 }]);
    });
  });
});
