import { expect } from "chai";
import { type Hex, numberToHex, zeroHash } from "viem";
import {
  readLiveRoots,
  type RewardRoots,
  type RootStatus,
  rootStatusOf,
} from "../../../scripts/keeper/facts/rewardRoots";
import { rootOf as lastRootOf, type SettledEpoch } from "../../../scripts/keeper/facts/settledEpochs";
import { answeringChain } from "../../shared/answeringChain";

const rootOf = (epoch: number): Hex => numberToHex(epoch + 1, { size: 32 });
const posted = (epoch: number) => ({ root: rootOf(epoch), epoch });
const transactionHash = numberToHex(99, { size: 32 });

/** The root of epoch 5 is claimable, that of epoch 6 is pending. */
const roots: RewardRoots = {
  pending: { ...posted(6), claimableAt: 1_000 },
  claimable: posted(5),
  paused: false,
  vetoes: [],
};

describe("The root of an epoch", () => {
  it("is the one that was posted last", () => {
    const settlement = { rewardsRoot: rootOf(1) } as SettledEpoch["settlement"];
    const reposts = [2, 3].map((root) => ({ root: rootOf(root) })) as unknown as SettledEpoch["reposts"];
    expect(lastRootOf({ settlement, reposts: [] })).to.equal(rootOf(1));
    expect(lastRootOf({ settlement, reposts })).to.equal(rootOf(3));
  });
});

describe("The roots that can be claimed against now or later", () => {
  const views = {
    "treasury.pendingRoot": () => [rootOf(6), 6n, 1_000n],
    "treasury.currentRoot": () => [rootOf(5), 5n],
    "treasury.previousRoot": () => [rootOf(4), 4n],
  } as const;
  const live = [
    { ...posted(6), claimableAt: 1_000 },
    { ...posted(5), claimableAt: null },
    { ...posted(4), claimableAt: null },
  ];

  it("are the Treasury's pending, current and previous roots", async () => {
    expect(await readLiveRoots(answeringChain({ views }))).to.deep.equal(live);
  });

  it("don't include a root that was vetoed or doesn't exist yet", async () => {
    for (const [i, [view, root]] of Object.entries(views).entries()) {
      const without = answeringChain({ views: { ...views, [view]: () => [zeroHash, ...root().slice(1)] } });
      expect(await readLiveRoots(without), view).to.deep.equal(live.filter((_, at) => at !== i));
    }
  });
});

describe("The status of an epoch's root", () => {
  const cases: readonly (readonly [string, RewardRoots, number, RootStatus])[] = [
    ["claimable if it is the Treasury's current root", roots, 5, { status: "claimable", claimableEpoch: 5 }],
    ["claimable if a later root is, as roots are cumulative", roots, 2, { status: "claimable", claimableEpoch: 5 }],
    ["pending if it is the pending root", roots, 6, { status: "pending", claimableAt: 1_000, claimableEpoch: 6 }],
    [
      "pending if a later root that replaced it is pending",
      { ...roots, claimable: null },
      4,
      { status: "pending", claimableAt: 1_000, claimableEpoch: 6 },
    ],
    [
      "vetoed, even if a later root is claimable",
      { ...roots, vetoes: [{ ...posted(4), transactionHash }] },
      4,
      { status: "vetoed", vetoTransaction: transactionHash },
    ],
    [
      "superseded, if the root that replaced it was vetoed",
      { ...roots, pending: null, vetoes: [{ ...posted(7), transactionHash }] },
      6,
      { status: "superseded" },
    ],
  ];
  for (const [title, life, epoch, status] of cases) {
    it(`is ${title}`, () => {
      expect(rootStatusOf(life, posted(epoch))).to.deep.equal(status);
    });
  }

  it('is "none" if nobody has rewards yet', () => {
    expect(rootStatusOf(roots, { root: zeroHash, epoch: 0 })).to.deep.equal({ status: "none" });
  });
});
