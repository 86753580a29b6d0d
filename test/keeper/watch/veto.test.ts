import { expect } from "chai";
import { type LiveRoot } from "../../../scripts/keeper/facts/rewardRoots";
import { type Judgement } from "../../../scripts/keeper/watch/memory";
import { type Danger, type Remedy, remedyFor } from "../../../scripts/keeper/watch/veto";
import { bytes32 } from "../../integration/world";

const [before, right, wrong] = [bytes32(1), bytes32(2), bytes32(3)];

/** Epoch 7 posted `root`, but its facts call for `right`, and those of the earlier epochs for `before`. */
function judged(root: LiveRoot["root"], epoch = 7): [number, Judgement] {
  const repost = { repostDifference: null, isVetoed: false, isReposted: false };
  const difference = root === right ? null : "rewardsRoot is another";
  return [epoch, { finding: { epoch, difference, root, rightRoot: right, ...repost }, rightRootBefore: before }];
}

/** Epoch 7 posted a wrong root at 1,000 with a claim delay of 600 seconds; a veto should have 120 of them. */
const danger: Danger = {
  live: [{ root: wrong, epoch: 7, claimableAt: 1_600 }],
  judgements: new Map([judged(wrong)]),
  isPaused: false,
  now: 1_000,
  marginSeconds: 120,
};

const claimable: LiveRoot = { root: wrong, epoch: 7, claimableAt: null };
const veto: Remedy = { kind: "veto", fromEpoch: 7 };
const pauseAndVeto: Remedy = { kind: "pauseAndVeto", fromEpoch: 7 };
const none: Remedy = { kind: "none" };

const cases: readonly (readonly [title: string, change: Partial<Danger>, remedy: Remedy])[] = [
  ["vetoes a wrong root that waits for its claim delay", {}, veto],
  ["only vetoes while a veto still has time to be mined", { now: 1_479 }, veto],
  ["also pauses, in the same transaction, once only 120 s are left for a veto", { now: 1_480 }, pauseAndVeto],
  ["also pauses if the wrong root can be claimed against already", { live: [claimable] }, pauseAndVeto],
  ["only vetoes if the Treasury is paused already", { live: [claimable], isPaused: true }, veto],
  [
    "begins with the oldest wrong root, and pauses because that one can be claimed against",
    {
      live: [
        { ...claimable, epoch: 5 },
        { root: wrong, epoch: 7, claimableAt: 1_600 },
      ],
      judgements: new Map([judged(wrong, 5), judged(wrong)]),
    },
    { kind: "pauseAndVeto", fromEpoch: 5 },
  ],
  [
    "leaves a right root alone",
    { live: [{ root: right, epoch: 7, claimableAt: 1_600 }], judgements: new Map([judged(right)]) },
    none,
  ],
  ["leaves alone a root that it couldn't judge", { judgements: new Map() }, none],
  ["leaves alone a root that was posted after it judged the epoch", { judgements: new Map([judged(right)]) }, none],
  [
    "leaves alone the right root that was posted after it judged a wrong one",
    { live: [{ root: right, epoch: 7, claimableAt: null }] },
    none,
  ],
  [
    "leaves alone a root that repeats the previous one: it withholds rewards but steals nothing",
    { live: [{ root: before, epoch: 7, claimableAt: null }], judgements: new Map([judged(before)]) },
    none,
  ],
  ["does nothing if a wrong root is no longer live", { live: [] }, none],
];

describe("The watcher's remedy", () => {
  for (const [title, change, remedy] of cases) {
    it(title, () => {
      expect(remedyFor({ ...danger, ...change })).to.deep.equal(remedy);
    });
  }
});
