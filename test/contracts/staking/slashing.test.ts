import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { MDT } from "../../shared/deployStaking";
import { ALL, EVIDENCE, emptyNetwork, enterEpoch, named, nextAt, register, slash } from "./actions";

const INDEX_ONE = 10n ** 27n;

/** Alice 100, delegations by Bob 50 and Carol 50; Dave validates with 100 beside her; the running epoch is 3. */
async function running() {
  const network = await emptyNetwork();
  const people = named(network);
  const { alice, bob, carol, dave } = people;
  await register(network, alice);
  await network.staking.connect(bob).delegate(alice, 50n * MDT);
  await network.staking.connect(carol).delegate(alice, 50n * MDT);
  await register(network, dave);
  await enterEpoch(network, 3);
  return { ...network, ...people, network };
}

describe("Staking: slashing", () => {
  it("takes the same fraction from own, delegated and unbonding stake, recycles it and jails the validator", async () => {
    const { network, staking, stakingLens, token, pool, alice, bob, carol, slasher } = await loadFixture(running);
    await staking.connect(carol).unstake(alice, 50n * MDT);
    const slashedWei = await staking.connect(slasher).slash.staticCall(alice, 1_000, EVIDENCE);
    const tx = await slash(network, alice, 1_000);
    expect(slashedWei).to.equal(20n * MDT);
    await expect(tx).to.changeTokenBalances(token, [staking, pool], [-slashedWei, slashedWei]);
    await expect(tx)
      .to.emit(staking, "Slashed")
      .withArgs(alice, 3, 1_000, (INDEX_ONE * 9n) / 10n, slashedWei, EVIDENCE);
    await expect(tx).to.emit(staking, "Jailed").withArgs(alice, 4, 6);
    expect(await pool.totalBySource(1)).to.equal(slashedWei);
    expect(await staking.stakeAt(alice, 3)).to.equal(90n * MDT);
    expect(await staking.delegationAt(alice, bob, 3)).to.equal(45n * MDT);
    expect(await staking.delegationAt(alice, carol, 3)).to.equal(45n * MDT);
    expect(await stakingLens.pendingExits(alice, carol)).to.deep.equal([[6n, 45n * MDT]]);
  });

  it("does not change earlier epochs' stakes, or other validators", async () => {
    const { network, staking, alice, dave } = await loadFixture(running);
    await slash(network, alice, 5_000);
    expect(await staking.totalStakeAt(alice, 2)).to.equal(200n * MDT);
    expect(await staking.totalStakeAt(alice, 3)).to.equal(100n * MDT);
    expect(await staking.indexAt(alice, 2)).to.equal(INDEX_ONE);
    expect(await staking.indexAt(dave, 3)).to.equal(INDEX_ONE);
  });

  it("keeps the validator active in the current epoch, so that it can still reveal, but jails it from the next one", async () => {
    const { network, staking, alice } = await loadFixture(running);
    await slash(network, alice, 5_000);
    expect(await staking.isActive(alice, 3)).to.equal(true);
    expect(await staking.isActive(alice, 4)).to.equal(false);
    expect([
      (await staking.validatorAt(alice, 3)).isJailed,
      (await staking.validatorAt(alice, 4)).isJailed,
    ]).to.deep.equal([false, true]);
  });

  it("floors an exit once, even if part was unstaked and the rest left with the validator in the same epoch", async () => {
    const { network, staking, stakingLens, token, alice, bob } = await loadFixture(running);
    await slash(network, alice, 3_333);
    await staking.connect(bob).unstake(alice, 1n);
    await staking.connect(alice).unstake(alice, ALL);
    await enterEpoch(network, 6);
    const leftWei = (50n * MDT * 6_667n) / 10_000n;
    expect(await stakingLens.withdrawableWei(alice, bob)).to.equal(leftWei);
    await expect(staking.connect(bob).withdraw(alice)).to.changeTokenBalance(token, bob, leftWei);
  });

  describe("reaches pending exits", () => {
    for (const [moment, epoch, offset, isReached] of [
      ["in the same epoch", 3, 50, true],
      ["in the last second before they mature", 6, -1, true],
      ["in the first second in which they have matured", 6, 0, false],
    ] as const) {
      it(`${moment}: ${isReached ? "yes" : "no"}`, async () => {
        const { network, staking, token, alice, bob } = await loadFixture(running);
        await staking.connect(bob).unstake(alice, 50n * MDT);
        await nextAt(network, epoch, offset);
        await slash(network, alice, 5_000);
        await enterEpoch(network, 6, 10);
        await expect(staking.connect(bob).withdraw(alice)).to.changeTokenBalance(
          token,
          bob,
          (isReached ? 25n : 50n) * MDT,
        );
      });
    }

    it("of a validator that left, delegations included, until each of them matures", async () => {
      const { network, staking, token, alice, bob, carol } = await loadFixture(running);
      await staking.connect(carol).unstake(alice, 10n * MDT);
      await enterEpoch(network, 4);
      await staking.connect(alice).unstake(alice, ALL);
      const tx = await slash(network, alice, 5_000);
      await expect(tx).to.changeTokenBalance(token, staking, -100n * MDT);
      await enterEpoch(network, 6);
      await expect(slash(network, alice, 5_000)).to.changeTokenBalance(token, staking, -475n * 10n ** 17n);
      await enterEpoch(network, 8);
      await expect(slash(network, alice, 5_000))
        .to.be.revertedWithCustomError(staking, "NothingToSlash")
        .withArgs(alice);
      await expect(staking.connect(alice).withdraw(alice)).to.changeTokenBalance(token, alice, 25n * MDT);
      await expect(staking.connect(bob).withdraw(alice)).to.changeTokenBalance(token, bob, 125n * 10n ** 17n);
      await expect(staking.connect(carol).withdraw(alice)).to.changeTokenBalance(token, carol, 15n * MDT);
      expect(await token.balanceOf(staking)).to.equal(100n * MDT);
    });

    it("together with the stake of a new registration", async () => {
      const { network, staking, token, alice } = await loadFixture(running);
      await staking.connect(alice).unstake(alice, ALL);
      await register(network, alice, 40n * MDT);
      await expect(slash(network, alice, 5_000)).to.changeTokenBalance(token, staking, -120n * MDT);
      expect((await staking.validatorAt(alice, 5)).isJailed).to.equal(true);
      expect(await staking.stakeAt(alice, 5)).to.equal(20n * MDT);
    });
  });

  describe("is limited", () => {
    it("to a sum of fractions of 50 % per epoch, which starts again at zero in the next", async () => {
      const { network, staking, alice } = await loadFixture(running);
      await slash(network, alice, 3_000);
      await expect(slash(network, alice, 2_001))
        .to.be.revertedWithCustomError(staking, "SlashCapExceeded")
        .withArgs(alice, 3, 3_000, 2_001, 5_000);
      await slash(network, alice, 2_000);
      expect(await staking.stakeAt(alice, 3)).to.equal(56n * MDT);
      await enterEpoch(network, 4);
      await slash(network, alice, 5_000);
      expect(await staking.stakeAt(alice, 4)).to.equal(28n * MDT);
    });

    it("to accounts with the slasher role", async () => {
      const { staking, alice, mallory } = await loadFixture(running);
      await expect(staking.connect(mallory).slash(alice, 1, EVIDENCE))
        .to.be.revertedWithCustomError(staking, "AccessControlUnauthorizedAccount")
        .withArgs(mallory, await staking.SLASHER_ROLE());
    });

    it("to slashes that take something", async () => {
      const { network, staking, alice, mallory } = await loadFixture(running);
      await expect(slash(network, alice, 0))
        .to.be.revertedWithCustomError(staking, "NothingToSlash")
        .withArgs(alice);
      await expect(slash(network, mallory, 100))
        .to.be.revertedWithCustomError(staking, "NothingToSlash")
        .withArgs(mallory);
    });

    it("to the time after genesis", async () => {
      const network = await emptyNetwork();
      const { alice } = named(network);
      await register(network, alice);
      await expect(slash(network, alice, 100)).to.be.revertedWithCustomError(network.staking, "BeforeGenesis");
    });
  });

  describe("again and again", () => {
    /** Alice after 15 slashes of a half and one of a third, one per epoch: an index that divides nothing evenly. */
    async function worn() {
      const all = await running();
      for (let i = 0; i < 16; ++i) {
        await slash(all.network, all.alice, i < 15 ? 5_000 : 3_333);
        await enterEpoch(all.network, 4 + i);
      }
      return all;
    }

    it("lets a validator accept stake down to an index of exactly 1/65,536", async () => {
      const { network, staking, alice, erin } = await loadFixture(running);
      for (let i = 0; i < 16; ++i) {
        await slash(network, alice, 5_000);
        await enterEpoch(network, 4 + i);
      }
      expect(await staking.indexAt(alice, 100)).to.equal(INDEX_ONE / 65_536n);
      await expect(staking.connect(erin).delegate(alice, MDT)).not.to.be.reverted;
    });

    it("exhausts the index: below 1/65,536 the address accepts no more stake", async () => {
      const { network, staking, alice, erin } = await loadFixture(worn);
      await slash(network, alice, 2_500);
      expect(await staking.indexAt(alice, 100)).to.be.greaterThan(INDEX_ONE / 65_536n);
      await staking.connect(erin).delegate(alice, 1_000n * MDT);
      await slash(network, alice, 1);
      const index = await staking.indexAt(alice, 100);
      expect(index).to.be.lessThan(INDEX_ONE / 65_536n);
      await expect(staking.connect(erin).delegate(alice, 1))
        .to.be.revertedWithCustomError(staking, "IndexExhausted")
        .withArgs(alice, index);
    });

    it("credits a later deposit in full or with one wei less, never more, for an index that divides nothing evenly", async () => {
      const { network, staking, alice, erin } = await loadFixture(worn);
      for (const amountWei of [1n, 2n, 65_535n, 65_537n, 10n ** 18n + 1n]) {
        await staking.connect(erin).delegate(alice, amountWei);
        const stakedWei = await staking.delegationAt(alice, erin, 1_000);
        expect(stakedWei <= amountWei && stakedWei >= amountWei - 1n, `${amountWei} became ${stakedWei}`).to.equal(
          true,
        );
        await staking.connect(erin).unstake(alice, ALL);
        await enterEpoch(network, Number(await staking.withdrawableFrom()));
        if (stakedWei > 0n) await staking.connect(erin).withdraw(alice);
      }
    });

    it("lets a delegator unstake a part to the wei", async () => {
      const { staking, stakingLens, alice, erin } = await loadFixture(worn);
      await staking.connect(erin).delegate(alice, 1_000n);
      const stakedWei = await staking.delegationAt(alice, erin, 1_000);
      await staking.connect(erin).unstake(alice, 333);
      const [[, pendingWei]] = (await stakingLens.pendingExits(alice, erin)) as unknown as [[bigint, bigint]];
      expect(pendingWei).to.equal(333);
      const left = await staking.delegationAt(alice, erin, 1_000);
      expect(left === stakedWei - 333n || left === stakedWei - 334n).to.equal(true);
    });

    it("makes registration compare the minimum with the value of the stake, one wei less than was paid", async () => {
      const { network, staking, alice } = await loadFixture(worn);
      await staking.connect(alice).unstake(alice, ALL);
      await expect(register(network, alice, 32n * MDT))
        .to.be.revertedWithCustomError(staking, "StakeBelowMinimum")
        .withArgs(32n * MDT - 1n, 32n * MDT);
      await register(network, alice, 32n * MDT + 1n);
    });
  });
});
