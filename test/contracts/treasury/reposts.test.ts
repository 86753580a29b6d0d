import { loadFixture, time } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import { ZeroHash, id } from "ethers";
import { type Deployment } from "../../shared/deployTreasury";
import { type RewardTree } from "../../shared/rewardTree";
import { claimFrom, settleNext, treeOf } from "../../shared/settlements";
import {
  DELAY_SECONDS,
  deployed,
  donate,
  expectClaimable,
  expectNotClaimable,
  NO_PENDING_ROOT,
  settle,
  settleAndMature,
  threeRoots,
  vetoed,
} from "./roots";

describe("Treasury.repostRoot", () => {
  /** The honest root of epoch 2: 97 of its 100 are distributed, 3 are dust. */
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

  it("returns at most all that the epoch posted, and needs a root if it returns less", async () => {
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

  it("is allowed once per veto, and returns at most the rest after a second veto", async () => {
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

  it("can't return rewards of a root that was claimable, because they may have been paid", async () => {
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

  it("refuses an epoch whose root wasn't vetoed", async () => {
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

  it("posts a root that a later settlement replaces like any pending root", async () => {
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

  it("is allowed only for the keeper, and not while paused", async () => {
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
