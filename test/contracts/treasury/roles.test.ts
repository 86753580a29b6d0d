import { loadFixture, time } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import { ZeroHash, id } from "ethers";
import { deployTreasury } from "../../shared/deployTreasury";
import { claimFrom, makeDue, settleNext, settlement, treeOf } from "../../shared/settlements";

const DELAY_SECONDS = 20n;

/** Alice has earned 100, claimable. */
async function rewarded() {
  const deployment = await deployTreasury(DELAY_SECONDS);
  const tree = treeOf(deployment, [[deployment.actors.alice, 100n]]);
  await settleNext(deployment, { minerRewards: 100n, rewardsRoot: tree.root });
  await time.increase(DELAY_SECONDS);
  return { ...deployment, tree };
}

async function paused() {
  const network = await rewarded();
  await network.treasury.connect(network.actors.guardian).pause();
  return network;
}

describe("Treasury.pause and unpause", () => {
  for (const name of ["guardian", "admin"] as const) {
    it(`lets the ${name} pause`, async () => {
      const { treasury, actors } = await loadFixture(rewarded);
      await expect(treasury.connect(actors[name]).pause()).to.emit(treasury, "Paused").withArgs(actors[name]);
      expect(await treasury.paused()).to.equal(true);
    });
  }

  for (const name of ["keeper", "stranger"] as const) {
    it(`refuses the ${name}`, async () => {
      const { treasury, actors } = await loadFixture(rewarded);
      await expect(treasury.connect(actors[name]).pause())
        .to.be.revertedWithCustomError(treasury, "NotGuardianOrAdmin")
        .withArgs(actors[name]);
    });
  }

  it("refuses to pause twice and to unpause what goes on", async () => {
    const { treasury, actors } = await loadFixture(rewarded);
    await expect(treasury.connect(actors.admin).unpause())
      .to.be.revertedWithCustomError(treasury, "TreasuryNotPaused")
      .withArgs();
    await treasury.connect(actors.guardian).pause();
    await expect(treasury.connect(actors.admin).pause())
      .to.be.revertedWithCustomError(treasury, "TreasuryPaused")
      .withArgs();
  });

  it("lets only the admin unpause: a stolen guardian key is not enough", async () => {
    const { treasury, actors } = await loadFixture(paused);
    for (const caller of [actors.guardian, actors.keeper, actors.stranger]) {
      await expect(treasury.connect(caller).unpause())
        .to.be.revertedWithCustomError(treasury, "AccessControlUnauthorizedAccount")
        .withArgs(caller, ZeroHash);
    }
    await expect(treasury.connect(actors.admin).unpause()).to.emit(treasury, "Unpaused").withArgs(actors.admin);
    expect(await treasury.paused()).to.equal(false);
  });

  it("stops every kind of claim and nothing is lost", async () => {
    const network = await loadFixture(paused);
    const { treasury, token, actors, tree } = network;
    const alice = treasury.connect(actors.alice);
    for (const claiming of [
      () => claimFrom(network, tree, actors.alice),
      () => treasury.claimMany(...tree.multiproofOf([actors.alice.address])),
      () => alice.claimAndStake(100n, [], actors.bob),
    ]) {
      await expect(claiming()).to.be.revertedWithCustomError(treasury, "TreasuryPaused").withArgs();
    }
    await treasury.connect(actors.admin).unpause();
    await expect(claimFrom(network, tree, actors.alice)).to.changeTokenBalance(token, actors.alice, 100n);
  });

  it("lets accounts choose their recipient meanwhile", async () => {
    const { treasury, actors } = await loadFixture(paused);
    await treasury.connect(actors.alice).setClaimRecipient(actors.bob);
    expect(await treasury.claimRecipientOf(actors.alice)).to.equal(actors.bob);
  });

  it("loses no epoch: what fell due meanwhile is settled afterwards", async () => {
    const network = await loadFixture(paused);
    const { treasury, actors } = network;
    await makeDue(network, 3n);
    await treasury.connect(actors.admin).unpause();
    for (const epoch of [1n, 2n, 3n]) {
      await treasury.connect(actors.keeper).settleEpoch(settlement({ epoch, daoShare: 5n }));
    }
    expect(await treasury.nextEpochToSettle()).to.equal(4n);
  });
});

describe("Treasury with a stolen key", () => {
  it("keeps what earlier epochs posted from a thief with the keeper's key, as long as the guardian vetoes in time", async () => {
    const network = await loadFixture(rewarded);
    const { treasury, token, actors } = network;
    const theft = treeOf(network, [[actors.stranger, 100n]]);
    await settleNext(network, { rewardsRoot: theft.root });
    await expect(claimFrom(network, theft, actors.stranger))
      .to.be.revertedWithCustomError(treasury, "RootNotClaimable")
      .withArgs(theft.root);
    await treasury.connect(actors.guardian).vetoRoot(1n);
    await treasury.connect(actors.admin).revokeRole(await treasury.KEEPER_ROLE(), actors.keeper);
    await time.increase(DELAY_SECONDS);
    await expect(claimFrom(network, theft, actors.stranger))
      .to.be.revertedWithCustomError(treasury, "RootNotClaimable")
      .withArgs(theft.root);
    await expect(claimFrom(network, network.tree, actors.alice)).to.changeTokenBalance(token, actors.alice, 100n);
  });

  it("lets a replaced keeper repair the epoch, and the old key do nothing", async () => {
    const network = await loadFixture(rewarded);
    const { treasury, actors, tree } = network;
    const keeperRole = await treasury.KEEPER_ROLE();
    await settleNext(network, { rewardsRoot: id("theft") });
    await treasury.connect(actors.guardian).vetoRoot(1n);
    await treasury.connect(actors.admin).revokeRole(keeperRole, actors.keeper);
    await treasury.connect(actors.admin).grantRole(keeperRole, actors.bob);
    await expect(treasury.connect(actors.keeper).repostRoot(1n, id("theft"), ZeroHash, 0n))
      .to.be.revertedWithCustomError(treasury, "AccessControlUnauthorizedAccount")
      .withArgs(actors.keeper, keeperRole);
    await treasury.connect(actors.bob).repostRoot(1n, tree.root, ZeroHash, 0n);
    expect((await treasury.pendingRoot()).root).to.equal(tree.root);
  });

  it("moves no money with the guardian's key: whatever was stopped goes on when the admin acts", async () => {
    const network = await loadFixture(rewarded);
    const { treasury, token, actors, tree } = network;
    const guardian = treasury.connect(actors.guardian);
    const supply = await token.totalSupply();
    await guardian.pause();
    await guardian.vetoRoot(0n);
    expect(await token.balanceOf(treasury)).to.equal(100n);
    expect(await token.totalSupply()).to.equal(supply);
    await treasury.connect(actors.admin).revokeRole(await treasury.GUARDIAN_ROLE(), actors.guardian);
    await treasury.connect(actors.admin).unpause();
    await treasury.connect(actors.keeper).repostRoot(0n, tree.root, ZeroHash, 0n);
    await time.increase(DELAY_SECONDS);
    await expect(claimFrom(network, tree, actors.alice)).to.changeTokenBalance(token, actors.alice, 100n);
  });

  it("takes nothing into account that is sent along: no function is payable", async () => {
    const { treasury } = await loadFixture(rewarded);
    treasury.interface.forEachFunction((fragment) => {
      expect(fragment.payable, fragment.name).to.equal(false);
    });
    expect(treasury.interface.fallback).to.equal(null);
    expect(treasury.interface.receive).to.equal(false);
  });
});
