import { loadFixture, time } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import { ZeroHash, id } from "ethers";
import { deployTreasury, type Deployment } from "../../shared/deployTreasury";
import { type RewardTree } from "../../shared/rewardTree";
import { claimFrom, settleNext, treeOf } from "../../shared/settlements";

const DELAY_SECONDS = 20n;
const NO_ROOT = [ZeroHash, 0n] as const;
const NO_PENDING_ROOT = [ZeroHash, 0n, 0n] as const;

async function deployed() {
  return deployTreasury(DELAY_SECONDS);
}

async function withoutDelay() {
  return deployTreasury(0n);
}

/** Settles the next epoch with a root of its own: alice has earned 100 more. */
async function settle(deployment: Deployment): Promise<RewardTree> {
  const epoch = await deployment.treasury.nextEpochToSettle();
  const tree = treeOf(deployment, [[deployment.actors.alice, 100n * (epoch + 1n)]]);
  await settleNext(deployment, { minerRewards: 100n, rewardsRoot: tree.root });
  return tree;
}

async function settleAndMature(deployment: Deployment): Promise<RewardTree> {
  const tree = await settle(deployment);
  await time.increase(DELAY_SECONDS);
  return tree;
}

/** Where a test's roots promise more than its settlements posted. */
async function donate({ token, treasury, actors }: Deployment) {
  await token.connect(actors.whale).transfer(treasury, 1_000n);
}

async function expectClaimable(deployment: Deployment, ...trees: RewardTree[]) {
  const { treasury, actors } = deployment;
  for (const tree of trees) {
    await treasury.claim.staticCall(actors.alice, tree.cumulativeOf(actors.alice.address), []);
  }
}

async function expectNotClaimable(deployment: Deployment, ...trees: RewardTree[]) {
  const { treasury } = deployment;
  for (const tree of trees) {
    await expect(claimFrom(deployment, tree, deployment.actors.alice))
      .to.be.revertedWithCustomError(treasury, "RootNotClaimable")
      .withArgs(tree.root);
  }
}

/** Epochs 0, 1 and 2 are settled, their roots previous, current and pending. */
async function threeRoots() {
  const deployment = await deployed();
  const previous = await settleAndMature(deployment);
  const current = await settleAndMature(deployment);
  const pending = await settle(deployment);
  return { ...deployment, previous, current, pending };
}

/** As `threeRoots`, paused by the guardian. */
async function pausedWithThreeRoots() {
  const network = await threeRoots();
  await network.treasury.connect(network.actors.guardian).pause();
  return network;
}

/** As `threeRoots`, but the third has matured, and the first is too old, when the guardian pauses. */
async function pausedAfterThreeMatured() {
  const network = await threeRoots();
  await time.increase(DELAY_SECONDS);
  await network.treasury.connect(network.actors.guardian).pause();
  return network;
}

/** As `threeRoots`, and the pending root is vetoed. */
async function vetoed() {
  const network = await threeRoots();
  await network.treasury.connect(network.actors.guardian).vetoRoot(2n);
  return network;
}

describe("Treasury: life of a root", () => {
  it("is pending until its claim delay has passed, to the second, and then current without anyone's call", async () => {
    const deployment = await loadFixture(deployed);
    const { treasury, actors } = deployment;
    const tree = await settle(deployment);
    const claimableAt = BigInt(await time.latest()) + DELAY_SECONDS;
    expect(await treasury.pendingRoot()).to.deep.equal([tree.root, 0n, claimableAt]);
    expect(await treasury.currentRoot()).to.deep.equal(NO_ROOT);
    await time.setNextBlockTimestamp(claimableAt - 1n);
    await expect(claimFrom(deployment, tree, actors.alice))
      .to.be.revertedWithCustomError(treasury, "RootNotClaimable")
      .withArgs(tree.root);
    await time.setNextBlockTimestamp(claimableAt);
    await claimFrom(deployment, tree, actors.alice);
    expect(await treasury.pendingRoot()).to.deep.equal(NO_PENDING_ROOT);
    expect(await treasury.currentRoot()).to.deep.equal([tree.root, 0n]);
  });

  it("is current at once without a delay", async () => {
    const deployment = await loadFixture(withoutDelay);
    const [first, second, third] = [await settle(deployment), await settle(deployment), await settle(deployment)];
    await expectNotClaimable(deployment, first);
    await expectClaimable(deployment, second, third);
    expect(await deployment.treasury.pendingRoot()).to.deep.equal(NO_PENDING_ROOT);
    expect(await deployment.treasury.currentRoot()).to.deep.equal([third.root, 2n]);
    expect(await deployment.treasury.previousRoot()).to.deep.equal([second.root, 1n]);
  });

  it("stays claimable as previous while a newer one is pending and until that one has matured and a third has too", async () => {
    const network = await loadFixture(threeRoots);
    const { treasury, previous, current, pending } = network;
    await expectClaimable(network, previous, current);
    await expectNotClaimable(network, pending);
    expect(await treasury.previousRoot()).to.deep.equal([previous.root, 0n]);
    expect(await treasury.currentRoot()).to.deep.equal([current.root, 1n]);
    await time.increase(DELAY_SECONDS);
    await expectClaimable(network, current, pending);
    await expectNotClaimable(network, previous);
    expect(await treasury.previousRoot()).to.deep.equal([current.root, 1n]);
    expect(await treasury.currentRoot()).to.deep.equal([pending.root, 2n]);
  });

  it("is replaced while pending by a newer one, which waits for the full delay; the older ones stay", async () => {
    const network = await loadFixture(threeRoots);
    const { treasury, actors, domain, previous, current, pending } = network;
    // Catching up: two epochs are due, and the delay of the first has not passed when the second is settled.
    await time.increaseTo(await treasury.revealEnd(4n));
    const third = await settle(network);
    const replacing = await settle(network);
    const claimableAt = BigInt(await time.latest()) + DELAY_SECONDS;
    expect(await treasury.pendingRoot()).to.deep.equal([replacing.root, 4n, claimableAt]);
    await expectClaimable(network, current, pending);
    await time.increaseTo(claimableAt);
    await expectClaimable(network, pending, replacing);
    await expectNotClaimable(network, previous, third);
    expect(domain.treasury).to.equal(await treasury.getAddress());
    await expect(claimFrom(network, replacing, actors.alice)).to.changeTokenBalance(network.token, actors.alice, 500n);
  });

  it("keeps its place and its remaining delay when the next epoch brings the same root", async () => {
    const network = await loadFixture(threeRoots);
    const { treasury, previous, current, pending } = network;
    const [, , claimableAt] = await treasury.pendingRoot();
    await settleNext(network, { rewardsRoot: pending.root, daoShare: 1n });
    await expectClaimable(network, current, pending);
    await expectNotClaimable(network, previous);
    expect(await treasury.currentRoot()).to.deep.equal([pending.root, 3n]);
    expect(claimableAt).to.be.lessThan(await time.latest());
    await settleNext(network, { rewardsRoot: pending.root });
    expect(await treasury.previousRoot()).to.deep.equal([current.root, 1n]);
    expect(await treasury.currentRoot()).to.deep.equal([pending.root, 4n]);
  });

  it("keeps its remaining delay also when the same root comes while it is pending", async () => {
    const deployment = await loadFixture(deployed);
    const { treasury } = deployment;
    await time.increaseTo(await treasury.revealEnd(1n));
    const tree = await settle(deployment);
    const [, , claimableAt] = await treasury.pendingRoot();
    await settleNext(deployment, { rewardsRoot: tree.root });
    expect(await treasury.pendingRoot()).to.deep.equal([tree.root, 1n, claimableAt]);
  });

  it("leaves nothing pending when an epoch posts no root", async () => {
    const network = await loadFixture(threeRoots);
    const { treasury, current, pending } = network;
    await settleNext(network, { daoShare: 1n });
    expect(await treasury.pendingRoot()).to.deep.equal(NO_PENDING_ROOT);
    await expectClaimable(network, current, pending);
    await donate(network);
    const next = await settleAndMature(network);
    await expectClaimable(network, pending, next);
  });

  it("is read whole: a root that shares the four bytes of the tag proves nothing", async () => {
    const deployment = await loadFixture(withoutDelay);
    const { treasury, actors } = deployment;
    const tree = await settle(deployment);
    const tag = tree.root.slice(-8);
    const impostor = id("impostor").slice(0, -8) + tag;
    await settleNext(deployment, { minerRewards: 1n, rewardsRoot: impostor });
    await expectClaimable(deployment, tree);
    expect(await treasury.currentRoot()).to.deep.equal([impostor, 1n]);
    await settleNext(deployment, { minerRewards: 1n, rewardsRoot: tree.root });
    await expectClaimable(deployment, tree);
    expect(await treasury.previousRoot()).to.deep.equal([impostor, 1n]);
    await expect(claimFrom(deployment, tree, actors.alice)).to.changeTokenBalance(deployment.token, actors.alice, 100n);
  });
});

describe("Treasury: a root that was pending when a pause began", () => {
  /** Waits `seconds`, unpauses as `name`, and expects the root to wait for its full delay, to the second. */
  async function expectFullDelayAfter(
    network: Awaited<ReturnType<typeof threeRoots>>,
    name: "guardian" | "admin",
    seconds: bigint,
  ) {
    const { treasury, actors, pending, current } = network;
    await time.increase(seconds);
    await treasury.connect(actors[name]).unpause();
    const claimableAt = BigInt(await time.latest()) + DELAY_SECONDS;
    expect(await treasury.pendingRoot()).to.deep.equal([pending.root, 2n, claimableAt]);
    await time.setNextBlockTimestamp(claimableAt - 1n);
    await expectNotClaimable(network, pending);
    await time.increaseTo(claimableAt);
    await expectClaimable(network, current, pending);
  }

  for (const name of ["guardian", "admin"] as const) {
    it(`waits for the full delay again after the ${name} ended a guardian's pause`, async () => {
      const network = await loadFixture(pausedWithThreeRoots);
      await expectFullDelayAfter(network, name, DELAY_SECONDS);
    });
  }

  it("waits for the full delay again after an admin's pause, however long that was", async () => {
    const network = await loadFixture(threeRoots);
    await network.treasury.connect(network.actors.admin).pause();
    const [, , claimableAt] = await network.treasury.pendingRoot();
    expect(claimableAt > 10n ** 12n, "no time that a clock will show").to.equal(true);
    await expectFullDelayAfter(network, "admin", 10n ** 10n);
  });

  it("waits for the full delay again after a pause that ended by itself, and is not claimed against in that very block", async () => {
    const network = await loadFixture(pausedWithThreeRoots);
    const { treasury, pending, current, previous } = network;
    const endsAt = await treasury.pauseEndsAt();
    expect(await treasury.pendingRoot()).to.deep.equal([pending.root, 2n, endsAt + DELAY_SECONDS]);
    await time.setNextBlockTimestamp(endsAt);
    await expectNotClaimable(network, pending);
    await expectClaimable(network, previous, current);
    await time.increaseTo(endsAt + DELAY_SECONDS);
    await expectClaimable(network, current, pending);
  });

  it("waits for the full delay again after the pause into which the admin turned a guardian's", async () => {
    const network = await loadFixture(pausedWithThreeRoots);
    await network.treasury.connect(network.actors.admin).pause();
    await expectFullDelayAfter(network, "admin", 15n * 86_400n);
  });

  it("can be vetoed without the pause meanwhile, and what it posted can be returned", async () => {
    const network = await loadFixture(pausedWithThreeRoots);
    const { treasury, actors } = network;
    await time.increase(13n * 86_400n);
    await treasury.connect(actors.guardian).vetoRoot(2n);
    expect(await treasury.vetoedSettlement()).to.deep.equal([true, 2n, 100n]);
  });

  it("has nothing to wait for where it has matured, was vetoed or was never there", async () => {
    const network = await loadFixture(pausedAfterThreeMatured);
    const { treasury, actors, current, pending: newest } = network;
    await treasury.connect(actors.guardian).unpause();
    await expectClaimable(network, current, newest);
    expect(await treasury.pendingRoot()).to.deep.equal(NO_PENDING_ROOT);
    const other = await loadFixture(vetoed);
    await other.treasury.connect(other.actors.guardian).pause();
    await other.treasury.connect(other.actors.guardian).unpause();
    expect(await other.treasury.pendingRoot()).to.deep.equal(NO_PENDING_ROOT);
  });
});

describe("Treasury.vetoRoot", () => {
  it("removes the pending root, moves no money and leaves the claimable ones", async () => {
    const network = await loadFixture(threeRoots);
    const { treasury, token, actors, previous, current, pending } = network;
    const veto = treasury.connect(actors.guardian).vetoRoot(2n);
    await expect(veto).to.emit(treasury, "RootVetoed").withArgs(2n, pending.root, false);
    await expect(veto).not.to.emit(token, "Transfer");
    expect(await treasury.pendingRoot()).to.deep.equal(NO_PENDING_ROOT);
    expect(await treasury.vetoedSettlement()).to.deep.equal([true, 2n, 100n]);
    await time.increase(DELAY_SECONDS);
    await expectNotClaimable(network, pending);
    await expectClaimable(network, previous, current);
    expect(await token.balanceOf(treasury)).to.equal(300n);
  });

  it("removes the pending root also as one of an earlier epoch or later", async () => {
    const network = await loadFixture(threeRoots);
    await network.treasury.connect(network.actors.guardian).vetoRoot(0n);
    await expectNotClaimable(network, network.pending);
    await expectClaimable(network, network.previous, network.current);
  });

  it("refuses an epoch that was not settled", async () => {
    const { treasury, actors } = await loadFixture(threeRoots);
    await expect(treasury.connect(actors.guardian).vetoRoot(3n))
      .to.be.revertedWithCustomError(treasury, "EpochNotSettled")
      .withArgs(3n, 3n);
  });

  it("refuses, unpaused, once the root is claimable", async () => {
    const network = await loadFixture(threeRoots);
    const { treasury, actors, current, pending } = network;
    await time.increase(DELAY_SECONDS);
    await expect(treasury.connect(actors.guardian).vetoRoot(0n))
      .to.be.revertedWithCustomError(treasury, "NothingToVeto")
      .withArgs(0n);
    await expectClaimable(network, current, pending);
  });

  it("refuses a second veto of the same root", async () => {
    const { treasury, actors } = await loadFixture(vetoed);
    await expect(treasury.connect(actors.guardian).vetoRoot(2n))
      .to.be.revertedWithCustomError(treasury, "NothingToVeto")
      .withArgs(2n);
  });

  it("is the guardian's alone", async () => {
    const { treasury, actors } = await loadFixture(threeRoots);
    for (const caller of [actors.keeper, actors.admin, actors.stranger]) {
      await expect(treasury.connect(caller).vetoRoot(2n))
        .to.be.revertedWithCustomError(treasury, "AccessControlUnauthorizedAccount")
        .withArgs(caller, await treasury.GUARDIAN_ROLE());
    }
  });

  for (const [fromEpoch, removed] of [
    [2n, ["pending"]],
    [1n, ["current", "pending"]],
    [0n, ["previous", "current", "pending"]],
  ] as const) {
    it(`while paused removes the claimable roots of epoch ${fromEpoch.toString()} and later too`, async () => {
      const network = await loadFixture(pausedWithThreeRoots);
      const { treasury, token, actors } = network;
      const veto = treasury.connect(actors.guardian).vetoRoot(fromEpoch);
      const epochs = { previous: 0n, current: 1n, pending: 2n };
      for (const name of removed) {
        const wasClaimable = name !== "pending";
        await expect(veto).to.emit(treasury, "RootVetoed").withArgs(epochs[name], network[name].root, wasClaimable);
      }
      await expect(veto).not.to.emit(token, "Transfer");
      await treasury.connect(actors.admin).unpause();
      await time.increase(DELAY_SECONDS);
      for (const name of ["previous", "current", "pending"] as const) {
        const isRemoved = (removed as readonly string[]).includes(name);
        await (isRemoved ? expectNotClaimable : expectClaimable)(network, network[name]);
      }
      expect(await treasury.vetoedSettlement()).to.deep.equal([true, 2n, 100n]);
    });
  }

  it("while paused removes a matured newest root and makes no older one claimable: the one before it is all that stays", async () => {
    const network = await loadFixture(pausedAfterThreeMatured);
    const { treasury, actors, previous, current, pending: newest } = network;
    const veto = treasury.connect(actors.guardian).vetoRoot(2n);
    await expect(veto).to.emit(treasury, "RootVetoed").withArgs(2n, newest.root, true);
    expect((await (await veto).wait())!.logs).to.have.length(1);
    await treasury.connect(actors.admin).unpause();
    await expectNotClaimable(network, newest, previous);
    await expectClaimable(network, current);
    expect(await treasury.currentRoot()).to.deep.equal([current.root, 1n]);
    expect(await treasury.previousRoot()).to.deep.equal(NO_ROOT);
    await donate(network);
    const next = await settleAndMature(network);
    await expectClaimable(network, current, next);
    await expectNotClaimable(network, newest, previous);
  });

  it("while paused removes the matured roots of an earlier epoch too, and of the one that aged out nothing is left", async () => {
    const network = await loadFixture(pausedAfterThreeMatured);
    const { treasury, actors, previous, current, pending: newest } = network;
    await treasury.connect(actors.guardian).vetoRoot(0n);
    await treasury.connect(actors.admin).unpause();
    await expectNotClaimable(network, previous, current, newest);
    expect(await treasury.currentRoot()).to.deep.equal(NO_ROOT);
    expect(await treasury.previousRoot()).to.deep.equal(NO_ROOT);
  });

  it("while paused removes older roots after the pending one was vetoed", async () => {
    const network = await loadFixture(vetoed);
    const { treasury, actors, previous, current } = network;
    await treasury.connect(actors.guardian).pause();
    await expect(treasury.connect(actors.guardian).vetoRoot(2n))
      .to.be.revertedWithCustomError(treasury, "NothingToVeto")
      .withArgs(2n);
    await treasury.connect(actors.guardian).vetoRoot(1n);
    await treasury.connect(actors.admin).unpause();
    await expectNotClaimable(network, current);
    await expectClaimable(network, previous);
  });

  it("removes a root that stood for several epochs by the last of them", async () => {
    const network = await loadFixture(threeRoots);
    const { treasury, actors, pending } = network;
    await settleNext(network, { rewardsRoot: pending.root });
    await treasury.connect(actors.guardian).pause();
    await expect(treasury.connect(actors.guardian).vetoRoot(3n))
      .to.emit(treasury, "RootVetoed")
      .withArgs(3n, pending.root, true);
  });

  it("is not outlived by the root as previous: the next settlement takes its place", async () => {
    const network = await loadFixture(vetoed);
    const { treasury, previous, current, pending } = network;
    const next = await settle(network);
    await expectClaimable(network, previous, current);
    expect(await treasury.vetoedSettlement()).to.deep.equal([false, 0n, 0n]);
    await time.increase(DELAY_SECONDS);
    await expectClaimable(network, current, next);
    await expectNotClaimable(network, pending);
    const afterNext = await settleAndMature(network);
    await expectClaimable(network, next, afterNext);
    await expectNotClaimable(network, pending, current);
  });

  it("is not outlived by a claimable root either: settling goes on with nothing vetoed in any place", async () => {
    const network = await loadFixture(pausedWithThreeRoots);
    const { treasury, actors, previous, current, pending } = network;
    await treasury.connect(actors.guardian).vetoRoot(0n);
    await treasury.connect(actors.admin).unpause();
    const next = await settleAndMature(network);
    await expectClaimable(network, next);
    await expectNotClaimable(network, previous, current, pending);
    expect(await treasury.previousRoot()).to.deep.equal(NO_ROOT);
  });
});

describe("Treasury.repostRoot", () => {
  /** The honest root for epoch 2 with 97 of its 100 divided, 3 being dust. */
  function reposted(deployment: Deployment): RewardTree {
    return treeOf(deployment, [[deployment.actors.alice, 297n]]);
  }

  it("posts a new root with a new delay and returns the dust to the pool", async () => {
    const network = await loadFixture(vetoed);
    const { treasury, token, pool, actors, previous, current } = network;
    const tree = reposted(network);
    const reposting = treasury.connect(actors.keeper).repostRoot(2n, tree.root, id("inputs"), 3n);
    await expect(reposting).to.changeTokenBalances(token, [treasury, pool], [-3n, 3n]);
    await expect(reposting).to.emit(treasury, "RootReposted").withArgs(2n, tree.root, id("inputs"), 3n);
    expect(await pool.totalBySource(3)).to.equal(3n);
    const claimableAt = BigInt(await time.latest()) + DELAY_SECONDS;
    expect(await treasury.pendingRoot()).to.deep.equal([tree.root, 2n, claimableAt]);
    await expectClaimable(network, previous, current);
    await expectNotClaimable(network, tree);
    await time.increaseTo(claimableAt);
    await expect(claimFrom(network, tree, actors.alice)).to.changeTokenBalance(token, actors.alice, 297n);
    expect(await token.balanceOf(treasury)).to.equal(0n);
  });

  it("mints nothing and draws nothing from the pool", async () => {
    const network = await loadFixture(vetoed);
    const { treasury, token, pool, actors } = network;
    await token.connect(actors.whale).transfer(pool, 50n);
    const supply = await token.totalSupply();
    await treasury.connect(actors.keeper).repostRoot(2n, reposted(network).root, id("inputs"), 0n);
    expect(await token.totalSupply()).to.equal(supply);
    expect(await pool.available()).to.equal(50n);
    expect(await pool.totalOut()).to.equal(0n);
  });

  it("returns up to all that the epoch posted, then without a root, and not a wei more", async () => {
    const network = await loadFixture(vetoed);
    const { treasury, token, pool, actors } = network;
    const keeper = treasury.connect(actors.keeper);
    await expect(keeper.repostRoot(2n, ZeroHash, id("inputs"), 101n))
      .to.be.revertedWithCustomError(treasury, "ReturnedAbovePosted")
      .withArgs(101n, 100n);
    await expect(keeper.repostRoot(2n, ZeroHash, id("inputs"), 99n))
      .to.be.revertedWithCustomError(treasury, "RootMissing")
      .withArgs(2n, 1n);
    await expect(keeper.repostRoot(2n, ZeroHash, id("inputs"), 100n)).to.changeTokenBalances(
      token,
      [treasury, pool],
      [-100n, 100n],
    );
    expect(await treasury.pendingRoot()).to.deep.equal(NO_PENDING_ROOT);
  });

  it("happens once per veto, and after a second veto returns only what is left", async () => {
    const network = await loadFixture(vetoed);
    const { treasury, actors } = network;
    const keeper = treasury.connect(actors.keeper);
    const tree = reposted(network);
    await keeper.repostRoot(2n, tree.root, id("inputs"), 60n);
    await expect(keeper.repostRoot(2n, tree.root, id("inputs"), 0n))
      .to.be.revertedWithCustomError(treasury, "RootNotVetoed")
      .withArgs(2n);
    await treasury.connect(actors.guardian).vetoRoot(2n);
    expect(await treasury.vetoedSettlement()).to.deep.equal([true, 2n, 40n]);
    await expect(keeper.repostRoot(2n, tree.root, id("inputs"), 41n))
      .to.be.revertedWithCustomError(treasury, "ReturnedAbovePosted")
      .withArgs(41n, 40n);
    await keeper.repostRoot(2n, tree.root, id("inputs"), 40n);
  });

  it("returns nothing of what a root posted that could be claimed against: it may have been paid, and the rest is others'", async () => {
    const network = await loadFixture(deployed);
    const { treasury, token, pool, actors } = network;
    const keeper = treasury.connect(actors.keeper);
    const first = treeOf(network, [[actors.alice, 100n]]);
    await settleNext(network, { minerRewards: 100n, rewardsRoot: first.root });
    const second = treeOf(network, [
      [actors.alice, 100n],
      [actors.bob, 100n],
    ]);
    await settleNext(network, { minerRewards: 100n, rewardsRoot: second.root });
    await time.increase(DELAY_SECONDS);
    await claimFrom(network, second, actors.bob);
    await treasury.connect(actors.guardian).pause();
    await treasury.connect(actors.guardian).vetoRoot(1n);
    await treasury.connect(actors.admin).unpause();
    expect(await treasury.vetoedSettlement()).to.deep.equal([true, 1n, 0n]);
    for (const returned of [1n, 100n]) {
      await expect(keeper.repostRoot(1n, second.root, id("inputs"), returned))
        .to.be.revertedWithCustomError(treasury, "ReturnedAbovePosted")
        .withArgs(returned, 0n);
    }
    await keeper.repostRoot(1n, second.root, id("inputs"), 0n);
    await treasury.connect(actors.guardian).vetoRoot(1n); // pending again, and still nothing of it can be returned
    expect(await treasury.vetoedSettlement()).to.deep.equal([true, 1n, 0n]);
    await keeper.repostRoot(1n, second.root, id("inputs"), 0n);
    await time.increase(DELAY_SECONDS);
    await expect(claimFrom(network, second, actors.alice)).to.changeTokenBalance(token, actors.alice, 100n);
    expect(await pool.available()).to.equal(0n);
  });

  it("refuses without a veto, and when only an older root was removed", async () => {
    const network = await loadFixture(threeRoots);
    const { treasury, actors } = network;
    await expect(treasury.connect(actors.keeper).repostRoot(2n, id("root"), id("inputs"), 0n))
      .to.be.revertedWithCustomError(treasury, "RootNotVetoed")
      .withArgs(2n);
  });

  it("refuses any epoch but the newest settled one", async () => {
    const network = await loadFixture(vetoed);
    const { treasury, actors } = network;
    for (const epoch of [0n, 1n, 3n, 2n ** 64n - 1n]) {
      await expect(treasury.connect(actors.keeper).repostRoot(epoch, id("root"), id("inputs"), 0n))
        .to.be.revertedWithCustomError(treasury, "NotNewestEpoch")
        .withArgs(epoch, 3n);
    }
    await settle(network);
    await expect(treasury.connect(actors.keeper).repostRoot(2n, id("root"), id("inputs"), 0n))
      .to.be.revertedWithCustomError(treasury, "NotNewestEpoch")
      .withArgs(2n, 4n);
    await expect(treasury.connect(actors.keeper).repostRoot(3n, id("root"), id("inputs"), 0n))
      .to.be.revertedWithCustomError(treasury, "RootNotVetoed")
      .withArgs(3n);
  });

  it("is superseded by a later settlement like any pending root", async () => {
    const network = await loadFixture(vetoed);
    const { treasury, actors, current } = network;
    await time.increaseTo(await treasury.revealEnd(3n));
    const tree = reposted(network);
    await treasury.connect(actors.keeper).repostRoot(2n, tree.root, id("inputs"), 3n);
    await donate(network);
    const next = await settleAndMature(network);
    await expectClaimable(network, current, next);
    await expectNotClaimable(network, tree);
  });

  it("is the keeper's alone, and not while paused", async () => {
    const { treasury, actors } = await loadFixture(vetoed);
    for (const caller of [actors.guardian, actors.admin, actors.stranger]) {
      await expect(treasury.connect(caller).repostRoot(2n, id("root"), id("inputs"), 0n))
        .to.be.revertedWithCustomError(treasury, "AccessControlUnauthorizedAccount")
        .withArgs(caller, await treasury.KEEPER_ROLE());
    }
    await treasury.connect(actors.guardian).pause();
    await expect(treasury.connect(actors.keeper).repostRoot(2n, id("root"), id("inputs"), 0n))
      .to.be.revertedWithCustomError(treasury, "TreasuryPaused")
      .withArgs();
  });
});
