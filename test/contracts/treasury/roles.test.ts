import { loadFixture, time } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import { ZeroHash, id } from "ethers";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ethers } from "hardhat";
import { deploySystem } from "../../shared/deploySystem";
import { deployTreasury } from "../../shared/deployTreasury";
import { claimFrom, makeDue, settleNext, settlement, treeOf } from "../../shared/settlements";

const DELAY_SECONDS = 20n;
const textOf = (name: string) => readFileSync(join(__dirname, "../../..", name), "utf8").replace(/\s+/g, " ");

/** Alice has earned 100, claimable. */
async function rewarded() {
  const deployment = await deployTreasury(DELAY_SECONDS);
  const tree = treeOf(deployment, [[deployment.actors.alice, 100n]]);
  await settleNext(deployment, { minerRewards: 100n, rewardsRoot: tree.root });
  await time.increase(DELAY_SECONDS);
  return { ...deployment, tree };
}

/** A system whose deployer holds every role. */
async function freshSystem() {
  return deploySystem(1_000);
}

async function paused() {
  const network = await rewarded();
  await network.treasury.connect(network.actors.guardian).pause();
  return network;
}

const DAY_SECONDS = 86_400n;

/** Sets the timestamp of the next block to `seconds` after the newest one, and returns it. */
async function nextIn(seconds: bigint): Promise<bigint> {
  const timestamp = BigInt(await time.latest()) + seconds;
  await time.setNextBlockTimestamp(timestamp);
  return timestamp;
}

describe("Treasury.pause and unpause", () => {
  it("lets the guardian pause for 14 days, after which the pause ends automatically, to the second", async () => {
    const network = await loadFixture(rewarded);
    const { treasury, token, actors, tree } = network;
    const endsAt = (await nextIn(10n)) + 14n * DAY_SECONDS;
    await expect(treasury.connect(actors.guardian).pause())
      .to.emit(treasury, "Paused")
      .withArgs(actors.guardian, endsAt);
    expect([await treasury.paused(), await treasury.pauseEndsAt()]).to.deep.equal([true, endsAt]);
    expect(await treasury.MAX_GUARDIAN_PAUSE_SECONDS()).to.equal(14n * DAY_SECONDS);
    await time.setNextBlockTimestamp(endsAt - 1n);
    await expect(claimFrom(network, tree, actors.alice)).to.be.revertedWithCustomError(treasury, "TreasuryPaused");
    await time.increaseTo(endsAt);
    expect([await treasury.paused(), await treasury.pauseEndsAt()]).to.deep.equal([false, 0n]);
    await expect(treasury.connect(actors.guardian).unpause()).to.be.revertedWithCustomError(
      treasury,
      "TreasuryNotPaused",
    );
    await expect(claimFrom(network, tree, actors.alice)).to.changeTokenBalance(token, actors.alice, 100n);
    await settleNext(network, { daoShare: 5n });
  });

  it("lets the admin pause indefinitely", async () => {
    const { treasury, actors } = await loadFixture(rewarded);
    await expect(treasury.connect(actors.admin).pause()).to.emit(treasury, "Paused").withArgs(actors.admin, 0n);
    await time.increase(1_000n * 365n * DAY_SECONDS);
    expect([await treasury.paused(), await treasury.pauseEndsAt()]).to.deep.equal([true, 0n]);
  });

  it("refuses another pause by the guardian for 30 days after its pause ends automatically, to the second", async () => {
    const { treasury, actors } = await loadFixture(paused);
    const guardian = treasury.connect(actors.guardian);
    const allowedFrom = (await treasury.pauseEndsAt()) + 30n * DAY_SECONDS;
    expect(await treasury.guardianMayPauseFrom()).to.equal(allowedFrom);
    expect(await treasury.GUARDIAN_PAUSE_REST_SECONDS()).to.equal(30n * DAY_SECONDS);
    await time.setNextBlockTimestamp(allowedFrom - 1n);
    await expect(guardian.pause()).to.be.revertedWithCustomError(treasury, "GuardianMustRest").withArgs(allowedFrom);
    await time.setNextBlockTimestamp(allowedFrom);
    await guardian.pause();
    expect(await treasury.paused()).to.equal(true);
  });

  for (const name of ["guardian", "admin"] as const) {
    it(`refuses another pause by the guardian for 30 days after the ${name} ends its pause, but lets the admin pause`, async () => {
      const { treasury, actors } = await loadFixture(paused);
      const endedAt = await nextIn(DAY_SECONDS);
      await expect(treasury.connect(actors[name]).unpause()).to.emit(treasury, "Unpaused").withArgs(actors[name]);
      expect(await treasury.paused()).to.equal(false);
      const allowedFrom = endedAt + 30n * DAY_SECONDS;
      await expect(treasury.connect(actors.guardian).pause())
        .to.be.revertedWithCustomError(treasury, "GuardianMustRest")
        .withArgs(allowedFrom);
      await treasury.connect(actors.admin).pause();
      await nextIn(25n * DAY_SECONDS);
      await treasury.connect(actors.admin).unpause();
      expect(await treasury.guardianMayPauseFrom(), "an admin's pause costs the guardian nothing").to.equal(
        allowedFrom,
      );
    });
  }

  it("lets the admin extend a guardian's pause indefinitely, after which only the admin can end it", async () => {
    const { treasury, actors } = await loadFixture(paused);
    await treasury.connect(actors.admin).pause();
    await time.increase(15n * DAY_SECONDS);
    expect([await treasury.paused(), await treasury.pauseEndsAt()]).to.deep.equal([true, 0n]);
    await expect(treasury.connect(actors.guardian).unpause())
      .to.be.revertedWithCustomError(treasury, "AccessControlUnauthorizedAccount")
      .withArgs(actors.guardian, ZeroHash);
    await treasury.connect(actors.admin).unpause();
    expect(await treasury.paused()).to.equal(false);
  });

  for (const name of ["keeper", "stranger"] as const) {
    it(`refuses a pause by the ${name}`, async () => {
      const { treasury, actors } = await loadFixture(rewarded);
      await expect(treasury.connect(actors[name]).pause())
        .to.be.revertedWithCustomError(treasury, "NotGuardianOrAdmin")
        .withArgs(actors[name]);
    });
  }

  it("refuses a pause that doesn't extend the current one, and an unpause while not paused", async () => {
    const { treasury, actors } = await loadFixture(rewarded);
    await expect(treasury.connect(actors.admin).unpause())
      .to.be.revertedWithCustomError(treasury, "TreasuryNotPaused")
      .withArgs();
    await treasury.connect(actors.guardian).pause();
    await expect(treasury.connect(actors.guardian).pause())
      .to.be.revertedWithCustomError(treasury, "TreasuryPaused")
      .withArgs();
    await treasury.connect(actors.admin).pause();
    for (const caller of [actors.guardian, actors.admin]) {
      await expect(treasury.connect(caller).pause())
        .to.be.revertedWithCustomError(treasury, "TreasuryPaused")
        .withArgs();
    }
  });

  it("refuses an unpause by the keeper or a stranger, but not by the admin", async () => {
    const { treasury, actors } = await loadFixture(paused);
    for (const caller of [actors.keeper, actors.stranger]) {
      await expect(treasury.connect(caller).unpause())
        .to.be.revertedWithCustomError(treasury, "AccessControlUnauthorizedAccount")
        .withArgs(caller, ZeroHash);
    }
    await expect(treasury.connect(actors.admin).unpause()).to.emit(treasury, "Unpaused").withArgs(actors.admin);
    expect(await treasury.paused()).to.equal(false);
  });

  it("stops every kind of claim, without loss of rewards", async () => {
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

  it("lets accounts choose their recipient during a pause", async () => {
    const { treasury, actors } = await loadFixture(paused);
    await treasury.connect(actors.alice).setClaimRecipient(actors.bob);
    expect(await treasury.claimRecipientOf(actors.alice)).to.equal(actors.bob);
  });

  it("lets all epochs that become due during a pause be settled afterwards", async () => {
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

describe("The last admin", () => {
  it("can hand over its role on each contract, but can't renounce it or be revoked", async () => {
    const [admin, other] = await ethers.getSigners();
    const { treasury, staking, taskRegistry, policyRegistry } = await loadFixture(freshSystem);
    const role = ZeroHash;
    for (const contract of [treasury, staking, taskRegistry, policyRegistry]) {
      const roles = contract as unknown as typeof treasury;
      for (const removing of [roles.renounceRole(role, admin!), roles.revokeRole(role, admin!)]) {
        await expect(removing).to.be.revertedWithCustomError(roles, "LastAdmin").withArgs(admin);
      }
      await roles.revokeRole(role, other!); // no effect, because `other` doesn't hold the role
      await roles.grantRole(role, other!);
      await roles.renounceRole(role, admin!);
      expect(await roles.getRoleMembers(role)).to.deep.equal([other!.address]);
    }
  });
});

describe("Treasury under attack or misuse", () => {
  it("protects rewards of earlier epochs from a thief with the keeper's key if the guardian vetoes in time", async () => {
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

  it("lets a new keeper repair the epoch after a theft, while the old key can do nothing", async () => {
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

  it("loses no money to a thief with the guardian's key: claims resume once the admin acts", async () => {
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

  it("lets a thief with the guardian's key stop claims only for the days that the README states; unpaused vetoes spare claimable roots", async () => {
    const network = await loadFixture(rewarded);
    const { treasury, token, actors, tree } = network;
    const pauseSeconds = await treasury.MAX_GUARDIAN_PAUSE_SECONDS();
    for (const text of [textOf("README.md"), textOf("docs/attacks.md")]) {
      const [, pausedDays, everyDays] = /for (\d+) of every (\d+) days/.exec(text)!;
      expect(pauseSeconds).to.equal(BigInt(pausedDays!) * DAY_SECONDS);
      expect(pauseSeconds + (await treasury.GUARDIAN_PAUSE_REST_SECONDS())).to.equal(BigInt(everyDays!) * DAY_SECONDS);
    }
    for (let epoch = 1n; epoch < 4n; ++epoch) {
      await settleNext(network, { minerRewards: 100n, rewardsRoot: id(epoch.toString()) });
      await treasury.connect(actors.guardian).vetoRoot(epoch);
    }
    await time.increase(DELAY_SECONDS);
    expect((await treasury.currentRoot()).root).to.equal(tree.root);
    await treasury.connect(actors.admin).revokeRole(await treasury.GUARDIAN_ROLE(), actors.guardian);
    const after = treeOf(network, [[actors.alice, 400n]]);
    await settleNext(network, { rewardsRoot: after.root });
    await time.increase(DELAY_SECONDS);
    await expect(claimFrom(network, after, actors.alice)).to.changeTokenBalance(token, actors.alice, 400n);
  });

  it("blocks unclaimed rewards if a thief with the guardian's key removes every root in a pause, until the guardian is replaced", async () => {
    const network = await loadFixture(paused);
    const { treasury, token, actors, tree } = network;
    const guardian = treasury.connect(actors.guardian);
    await guardian.vetoRoot(0n);
    await time.increaseTo(await treasury.pauseEndsAt());
    await expect(claimFrom(network, tree, actors.alice)).to.be.revertedWithCustomError(treasury, "RootNotClaimable");
    const after = treeOf(network, [[actors.alice, 150n]]);
    await settleNext(network, { minerRewards: 50n, rewardsRoot: after.root });
    await guardian.vetoRoot(1n);
    await time.increase(DELAY_SECONDS);
    await expect(claimFrom(network, after, actors.alice)).to.be.revertedWithCustomError(treasury, "RootNotClaimable");
    await treasury.connect(actors.admin).revokeRole(await treasury.GUARDIAN_ROLE(), actors.guardian);
    await treasury.connect(actors.keeper).repostRoot(1n, after.root, ZeroHash, 0n);
    await time.increase(DELAY_SECONDS);
    await expect(claimFrom(network, after, actors.alice)).to.changeTokenBalance(token, actors.alice, 150n);
  });

  it("loses everything to a thief with the admin's key after a claim delay: it becomes keeper, and no guardian is left to veto", async () => {
    const network = await loadFixture(rewarded);
    const { treasury, token, actors, domain } = network;
    await makeDue(network, 1n);
    const [ceilingWei, guardianRole] = [await treasury.emissionCeiling(1n), await treasury.GUARDIAN_ROLE()];
    const theft = treeOf(network, [[actors.stranger, ceilingWei + 100n]]);
    const call = (name: "revokeRole" | "grantRole", role: string, account: string) =>
      treasury.interface.encodeFunctionData(name as "grantRole", [role, account]);
    const stolen = settlement({ epoch: 1n, minerRewards: ceilingWei, rewardsRoot: theft.root });
    await treasury
      .connect(actors.admin)
      .multicall([
        call("revokeRole", guardianRole, actors.guardian.address),
        call("grantRole", await treasury.KEEPER_ROLE(), actors.admin.address),
        treasury.interface.encodeFunctionData("settleEpoch", [stolen]),
      ]);
    await expect(treasury.connect(actors.guardian).vetoRoot(1n))
      .to.be.revertedWithCustomError(treasury, "AccessControlUnauthorizedAccount")
      .withArgs(actors.guardian, guardianRole);
    await time.increase(DELAY_SECONDS);
    await expect(claimFrom(network, theft, actors.stranger)).to.changeTokenBalance(
      token,
      actors.stranger,
      ceilingWei + 100n,
    );
    expect(await token.balanceOf(domain.treasury)).to.equal(0n);
  });

  it("never pays out tokens sent to the contracts by mistake, except those in the pool, which are recycled", async () => {
    const network = await loadFixture(rewarded);
    const { treasury, token, staking, pool, actors, tree } = network;
    const keeping = [treasury, staking, network.blockRewards, actors.taskRegistry];
    for (const contract of [...keeping, pool]) await token.connect(actors.whale).transfer(contract, 5n);
    await claimFrom(network, tree, actors.alice);
    await settleNext(network, { daoShare: 7n });
    for (const contract of keeping) expect(await token.balanceOf(contract)).to.equal(5n);
    expect(await token.balanceOf(pool), "the pool's were recycled").to.equal(0n);
  });

  it("accepts no native coin: no function is payable", async () => {
    const { treasury } = await loadFixture(rewarded);
    treasury.interface.forEachFunction((fragment) => {
      expect(fragment.payable, fragment.name).to.equal(false);
    });
    expect(treasury.interface.fallback).to.equal(null);
    expect(treasury.interface.receive).to.equal(false);
  });
});
