import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { MDT } from "../../shared/deployStaking";
import { ALL, emptyNetwork, enterEpoch, named, nextAt, register, slash } from "./actions";

/** Alice validates at 10 % since before genesis; the running epoch is 3. */
async function running() {
  const network = await emptyNetwork();
  const people = named(network);
  await register(network, people.alice);
  await enterEpoch(network, 3);
  return { ...network, ...people, network };
}

describe("Staking: commission", () => {
  it("changes from the next epoch, down or up", async () => {
    const { network, staking, alice } = await loadFixture(running);
    await expect(staking.connect(alice).setCommission(0)).to.emit(staking, "CommissionChanged").withArgs(alice, 4, 0);
    await enterEpoch(network, 5);
    await expect(staking.connect(alice).setCommission(300))
      .to.emit(staking, "CommissionChanged")
      .withArgs(alice, 6, 300);
    const rates = await Promise.all([0, 3, 4, 5, 6, 99].map((epoch) => staking.validatorAt(alice, epoch)));
    expect(rates.map(({ commissionBps }) => commissionBps)).to.deep.equal([1_000n, 1_000n, 0n, 0n, 300n, 300n]);
  });

  it("rises by at most 3 percentage points at once", async () => {
    const { staking, alice } = await loadFixture(running);
    await expect(staking.connect(alice).setCommission(1_301))
      .to.be.revertedWithCustomError(staking, "CommissionRiseTooSteep")
      .withArgs(1_000, 1_301, 300);
    await staking.connect(alice).setCommission(1_300);
  });

  it("rises at most once in 30 epochs, even if it falls in between", async () => {
    const { network, staking, stakingLens, alice } = await loadFixture(running);
    await staking.connect(alice).setCommission(1_100);
    await staking.connect(alice).setCommission(500);
    expect((await stakingLens.statusOf(alice)).nextRiseEpoch).to.equal(34);
    await nextAt(network, 33, -1);
    await expect(staking.connect(alice).setCommission(501))
      .to.be.revertedWithCustomError(staking, "CommissionRiseTooSoon")
      .withArgs(33, 34);
    await nextAt(network, 33);
    await staking.connect(alice).setCommission(800);
    expect((await staking.validatorAt(alice, 34)).commissionBps).to.equal(800);
  });

  it("still waits out the 30 epochs if its validator registers again, which itself may set any commission", async () => {
    const { network, staking, alice } = await loadFixture(running);
    await staking.connect(alice).setCommission(1_100);
    await staking.connect(alice).unstake(alice, ALL);
    await register(network, alice, 100n * MDT, 1_700);
    expect((await staking.validatorAt(alice, 4)).commissionBps).to.equal(1_700);
    await expect(staking.connect(alice).setCommission(1_701))
      .to.be.revertedWithCustomError(staking, "CommissionRiseTooSoon")
      .withArgs(4, 34);
  });

  it("never exceeds 18 %", async () => {
    const { network, staking, dave } = await loadFixture(running);
    await register(network, dave, 100n * MDT, 1_600);
    await expect(staking.connect(dave).setCommission(1_801))
      .to.be.revertedWithCustomError(staking, "CommissionAboveMaximum")
      .withArgs(1_801, 1_800);
    await staking.connect(dave).setCommission(1_800);
  });

  it("can be changed only by a holder of a seat", async () => {
    const { staking, alice, mallory } = await loadFixture(running);
    await expect(staking.connect(mallory).setCommission(0))
      .to.be.revertedWithCustomError(staking, "NotAValidator")
      .withArgs(mallory);
    await staking.connect(alice).unstake(alice, ALL);
    await expect(staking.connect(alice).setCommission(0)).to.be.revertedWithCustomError(staking, "NotAValidator");
  });
});

describe("Staking: jail", () => {
  it("lasts at least two epochs, even if the validator unjails as early as possible", async () => {
    const { network, staking, alice } = await loadFixture(running);
    await slash(network, alice, 100);
    await nextAt(network, 5, -1);
    await expect(staking.connect(alice).unjail())
      .to.be.revertedWithCustomError(staking, "StillJailed")
      .withArgs(alice, 6);
    await nextAt(network, 5);
    await expect(staking.connect(alice).unjail()).to.emit(staking, "Unjailed").withArgs(alice, 6);
    const active = await Promise.all([3, 4, 5, 6, 99].map((epoch) => staking.isActive(alice, epoch)));
    expect(active).to.deep.equal([true, false, false, true, true]);
  });

  it("lasts until the validator unjails, however long that takes", async () => {
    const { network, staking, alice } = await loadFixture(running);
    await slash(network, alice, 100);
    await enterEpoch(network, 40);
    expect(await staking.isActive(alice, 41)).to.equal(false);
    await staking.connect(alice).unjail();
    expect([await staking.isActive(alice, 40), await staking.isActive(alice, 41)]).to.deep.equal([false, true]);
  });

  it("starts again with each slash, even right after an unjail", async () => {
    const { network, staking, stakingLens, alice } = await loadFixture(running);
    await slash(network, alice, 100);
    await enterEpoch(network, 5);
    await staking.connect(alice).unjail();
    await expect(slash(network, alice, 100))
      .to.emit(staking, "Jailed")
      .withArgs(alice, 6, 8);
    expect(await staking.isActive(alice, 6)).to.equal(false);
    const { isJailed, releasableEpoch } = await stakingLens.statusOf(alice);
    expect([isJailed, releasableEpoch]).to.deep.equal([true, 8n]);
  });

  it("can be left only with the minimum stake, up to which the validator may add stake", async () => {
    const { network, staking, dave } = await loadFixture(running);
    await register(network, dave, 32n * MDT);
    await enterEpoch(network, 5);
    await slash(network, dave, 100);
    await enterEpoch(network, 7);
    await expect(staking.connect(dave).unjail())
      .to.be.revertedWithCustomError(staking, "StakeBelowMinimum")
      .withArgs((32n * MDT * 99n) / 100n, 32n * MDT);
    await staking.connect(dave).stake(MDT);
    await staking.connect(dave).unjail();
    expect([await staking.isActive(dave, 8), await staking.isActive(dave, 9)]).to.deep.equal([false, true]);
  });

  it("can't be avoided by leaving and registering again", async () => {
    const { network, staking, alice } = await loadFixture(running);
    await slash(network, alice, 100);
    await staking.connect(alice).unstake(alice, ALL);
    await register(network, alice);
    expect(await staking.isActive(alice, 5)).to.equal(false);
    await enterEpoch(network, 5);
    await staking.connect(alice).unjail();
    expect(await staking.isActive(alice, 6)).to.equal(true);
  });

  it("can be left through the operator, once, but not through a stranger", async () => {
    const { network, staking, alice, bob, mallory } = await loadFixture(running);
    await staking.connect(alice).setOperator(bob);
    await slash(network, alice, 100);
    await enterEpoch(network, 6);
    await expect(staking.connect(mallory).unjail())
      .to.be.revertedWithCustomError(staking, "NotAValidator")
      .withArgs(ethers.ZeroAddress);
    await staking.connect(bob).unjail();
    await expect(staking.connect(bob).unjail()).to.be.revertedWithCustomError(staking, "NotJailed").withArgs(alice);
  });
});
