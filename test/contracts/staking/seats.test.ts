import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { MDT } from "../../shared/deployStaking";
import { ALL, activeSet, deployWith, emptyNetwork, enterEpoch, named, nextAt, register, slash } from "./actions";

const PRICE_WEI = 10n * MDT;

async function empty() {
  const network = await emptyNetwork();
  return { ...network, ...named(network), network };
}

/** Four seats, all taken: Alice 100, Bob 60, Carol 40 + 30 by Erin, Dave 80; the running epoch is 3. */
async function full() {
  const all = await empty();
  const { network, staking, alice, bob, carol, dave, erin } = all;
  await register(network, alice, 100n * MDT);
  await register(network, bob, 60n * MDT);
  await register(network, carol, 40n * MDT);
  await staking.connect(erin).delegate(carol, 30n * MDT);
  await register(network, dave, 80n * MDT);
  await enterEpoch(network, 3);
  return all;
}

describe("Staking: seats", () => {
  describe("registering", () => {
    it("takes stake and price, recycles the price, and reports the validator's seat", async () => {
      const { staking, stakingLens, token, pool, alice } = await loadFixture(empty);
      const tx = await staking.connect(alice).registerValidator(alice, 1_800, 32n * MDT, PRICE_WEI);
      await expect(tx).to.changeTokenBalances(
        token,
        [alice, staking, pool],
        [-32n * MDT - PRICE_WEI, 32n * MDT, PRICE_WEI],
      );
      await expect(tx).to.emit(staking, "ValidatorRegistered").withArgs(alice, 0, 0, PRICE_WEI);
      await expect(tx).to.emit(staking, "CommissionChanged").withArgs(alice, 0, 1_800);
      await expect(tx).to.emit(staking, "OperatorChanged").withArgs(alice, alice);
      await expect(tx)
        .to.emit(staking, "Staked")
        .withArgs(alice, alice, alice, 32n * MDT);
      await expect(tx)
        .to.emit(staking, "StakeChanged")
        .withArgs(alice, alice, 0, 32n * MDT, 32n * MDT);
      expect(await pool.totalBySource(0)).to.equal(PRICE_WEI);
      expect(await stakingLens.statusOf(alice)).to.deep.equal([
        alice.address,
        1n,
        true,
        false,
        0n,
        1_800n,
        0n,
        32n * MDT,
        32n * MDT,
        10n ** 27n,
      ]);
    });

    it("raises the price by a quarter, which one interval undoes", async () => {
      const { network, staking, alice, bob } = await loadFixture(empty);
      expect(await staking.registrationPriceWei()).to.equal(PRICE_WEI);
      await register(network, alice);
      expect(await staking.registrationPriceWei()).to.equal((PRICE_WEI * 125n) / 100n);
      await register(network, bob);
      const { timestamp } = (await ethers.provider.getBlock("latest"))!;
      const priceWei = await staking.registrationPriceWei();
      expect(priceWei > (PRICE_WEI * 155n) / 100n && priceWei < (PRICE_WEI * 157n) / 100n).to.equal(true);
      await time.increaseTo(timestamp + 600);
      expect(await staking.registrationPriceWei()).to.equal(PRICE_WEI);
    });

    it("refuses a price above the caller's maximum", async () => {
      const { staking, alice } = await loadFixture(empty);
      await expect(staking.connect(alice).registerValidator(alice, 0, 32n * MDT, PRICE_WEI - 1n))
        .to.be.revertedWithCustomError(staking, "PriceAboveMaximum")
        .withArgs(PRICE_WEI, PRICE_WEI - 1n);
    });

    it("refuses stake below the minimum", async () => {
      const { network, staking, alice } = await loadFixture(empty);
      await expect(register(network, alice, 32n * MDT - 1n))
        .to.be.revertedWithCustomError(staking, "StakeBelowMinimum")
        .withArgs(32n * MDT - 1n, 32n * MDT);
    });

    it("refuses a commission above 18 %", async () => {
      const { network, staking, alice } = await loadFixture(empty);
      await expect(register(network, alice, 32n * MDT, 1_801))
        .to.be.revertedWithCustomError(staking, "CommissionAboveMaximum")
        .withArgs(1_801, 1_800);
    });

    it("refuses a validator that already holds a seat", async () => {
      const { network, staking, alice } = await loadFixture(full);
      await expect(register(network, alice))
        .to.be.revertedWithCustomError(staking, "AlreadyRegistered")
        .withArgs(alice);
    });
  });

  describe("when all seats are taken", () => {
    it("refuses a newcomer with no more stake than the smallest seat's total", async () => {
      const { network, staking, mallory } = await loadFixture(full);
      await expect(register(network, mallory, 60n * MDT))
        .to.be.revertedWithCustomError(staking, "StakeNotAboveSmallestSeat")
        .withArgs(60n * MDT, 60n * MDT);
    });

    it("gives the smallest seat to a newcomer with one wei more, and its holder leaves", async () => {
      const { network, staking, token, alice, bob, carol, dave, mallory } = await loadFixture(full);
      const tx = await register(network, mallory, 60n * MDT + 1n);
      await expect(tx).to.emit(staking, "ValidatorLeft").withArgs(bob, 4, 6);
      await expect(tx).to.emit(staking, "ValidatorRegistered").withArgs(mallory, 4, 1, ethers.toBigInt(PRICE_WEI));
      expect(await activeSet(staking, 3)).to.deep.equal([alice, bob, carol, dave].map((p) => p.address));
      expect(await activeSet(staking, 4)).to.deep.equal([alice, carol, dave].map((p) => p.address));
      expect(await activeSet(staking, 5)).to.deep.equal([alice, mallory, carol, dave].map((p) => p.address));
      await enterEpoch(network, 6);
      await expect(staking.connect(bob).withdraw(bob)).to.changeTokenBalance(token, bob, 60n * MDT);
    });

    it("counts delegations and stake that isn't effective yet in a seat's total", async () => {
      const { network, staking, bob, carol, erin, mallory } = await loadFixture(full);
      await staking.connect(erin).delegate(bob, 11n * MDT);
      await expect(register(network, mallory, 70n * MDT))
        .to.be.revertedWithCustomError(staking, "StakeNotAboveSmallestSeat")
        .withArgs(70n * MDT, 70n * MDT);
      const tx = await register(network, mallory, 71n * MDT);
      await expect(tx).to.emit(staking, "ValidatorLeft").withArgs(carol, 4, 6);
    });

    it("counts a seat's total after slashes", async () => {
      const { network, staking, dave, mallory } = await loadFixture(full);
      await slash(network, dave, 5_000);
      const tx = await register(network, mallory, 41n * MDT);
      await expect(tx).to.emit(staking, "ValidatorLeft").withArgs(dave, 4, 6);
    });

    it("keeps a newcomer's seat safe for two epochs from its first, and gives away the next smallest instead", async () => {
      const { network, staking, token, carol, erin, mallory, people } = await loadFixture(full);
      expect(await staking.seatSafeEpochs()).to.equal(2);
      await register(network, mallory, 61n * MDT);
      await expect(register(network, erin, 62n * MDT))
        .to.be.revertedWithCustomError(staking, "StakeNotAboveSmallestSeat")
        .withArgs(62n * MDT, 70n * MDT);
      await expect(register(network, erin, 71n * MDT))
        .to.emit(staking, "ValidatorLeft")
        .withArgs(carol, 4, 6);
      const late = people[6]!;
      await nextAt(network, 6, -1);
      await expect(register(network, late, 62n * MDT))
        .to.be.revertedWithCustomError(staking, "StakeNotAboveSmallestSeat")
        .withArgs(62n * MDT, 80n * MDT);
      await nextAt(network, 6);
      await expect(register(network, late, 62n * MDT))
        .to.emit(staking, "ValidatorLeft")
        .withArgs(mallory, 7, 10);
      expect(await staking.isActive(mallory, 5)).to.equal(true);
      await enterEpoch(network, 10);
      await expect(staking.connect(mallory).withdraw(mallory)).to.changeTokenBalance(token, mallory, 61n * MDT);
    });

    it("refuses a newcomer while all seats are safe, for example before genesis and in the first epochs", async () => {
      const { network, staking, alice, bob, carol, dave, mallory } = await loadFixture(empty);
      for (const owner of [alice, bob, carol, dave]) await register(network, owner, 40n * MDT);
      for (const seconds of [-1, 2 * network.epochSeconds - 1]) {
        await nextAt(network, 0, seconds);
        await expect(register(network, mallory, 500n * MDT))
          .to.be.revertedWithCustomError(staking, "AllSeatsSafe")
          .withArgs(2);
      }
      await nextAt(network, 2);
      await expect(register(network, mallory, 500n * MDT))
        .to.emit(staking, "ValidatorLeft")
        .withArgs(alice, 3, 6);
      await enterEpoch(network, 3);
      await staking.connect(bob).unstake(bob, ALL);
      await register(network, alice, 32n * MDT);
      await expect(register(network, bob, 41n * MDT))
        .to.emit(staking, "ValidatorLeft")
        .withArgs(carol, 4, 6);
      await expect(register(network, carol, 42n * MDT))
        .to.emit(staking, "ValidatorLeft")
        .withArgs(dave, 4, 6);
      // Mallory has held a seat since epoch 3; Alice, Bob and Carol since epoch 4.
      await expect(register(network, dave, 5_000n * MDT))
        .to.be.revertedWithCustomError(staking, "AllSeatsSafe")
        .withArgs(5);
    });

    it("makes an evictor that leaves at once wait for the same epoch as its victim, with more stake", async () => {
      const { network, staking, stakingLens, bob, mallory } = await loadFixture(full);
      await register(network, mallory, 60n * MDT + 1n);
      await staking.connect(mallory).unstake(mallory, ALL);
      expect(await stakingLens.pendingExits(bob, bob)).to.deep.equal([[6n, 60n * MDT]]);
      expect(await stakingLens.pendingExits(mallory, mallory)).to.deep.equal([[6n, 60n * MDT + 1n]]);
    });

    it("lets a victim register for its seat again after its evictor leaves at once, and then keeps it safe", async () => {
      const { network, staking, bob, carol, mallory, erin } = await loadFixture(full);
      await register(network, mallory, 61n * MDT);
      await staking.connect(mallory).unstake(mallory, ALL);
      await register(network, bob, 32n * MDT);
      expect((await staking.seatedAt(4))[1]).to.equal(bob.address);
      expect(await Promise.all([3, 4, 5].map((epoch) => staking.isActive(bob, epoch)))).to.deep.equal([
        true,
        false,
        true,
      ]);
      await expect(register(network, erin, 500n * MDT))
        .to.emit(staking, "ValidatorLeft")
        .withArgs(carol, 4, 6);
    });
  });

  describe("leaving", () => {
    it("ends all delegations; their owners only need to withdraw them", async () => {
      const { network, staking, stakingLens, token, carol, erin } = await loadFixture(full);
      await expect(staking.connect(carol).unstake(carol, ALL)).to.emit(staking, "ValidatorLeft").withArgs(carol, 4, 6);
      expect(await staking.delegationAt(carol, erin, 3)).to.equal(30n * MDT);
      expect(await staking.delegationAt(carol, erin, 4)).to.equal(0);
      expect(await staking.totalStakeAt(carol, 4)).to.equal(0);
      expect(await stakingLens.pendingExits(carol, erin)).to.deep.equal([[6n, 30n * MDT]]);
      await expect(staking.connect(erin).unstake(carol, 1))
        .to.be.revertedWithCustomError(staking, "InsufficientStake")
        .withArgs(carol, erin, 1, 0);
      await enterEpoch(network, 6);
      expect(await stakingLens.withdrawableWei(carol, erin)).to.equal(30n * MDT);
      await expect(staking.connect(erin).withdraw(carol)).to.changeTokenBalance(token, erin, 30n * MDT);
      await expect(staking.connect(carol).withdraw(carol)).to.changeTokenBalance(token, carol, 40n * MDT);
    });

    it("keeps matured exits withdrawable and safe from slashes, though new exits use their slot", async () => {
      const { network, staking, stakingLens, token, carol, erin } = await loadFixture(full);
      await staking.connect(erin).unstake(carol, 10n * MDT);
      await enterEpoch(network, 9);
      await staking.connect(carol).unstake(carol, ALL);
      expect(await stakingLens.withdrawableWei(carol, erin)).to.equal(10n * MDT);
      expect(await stakingLens.pendingExits(carol, erin)).to.deep.equal([[12n, 20n * MDT]]);
      await slash(network, carol, 5_000);
      await expect(staking.connect(erin).withdraw(carol)).to.changeTokenBalance(token, erin, 10n * MDT);
      await enterEpoch(network, 12);
      await expect(staking.connect(erin).withdraw(carol)).to.changeTokenBalance(token, erin, 10n * MDT);
    });

    it("makes the validator refuse further stake", async () => {
      const { staking, carol, erin } = await loadFixture(full);
      await staking.connect(carol).unstake(carol, 40n * MDT);
      for (const attempt of [() => staking.connect(erin).delegate(carol, 1), () => staking.connect(carol).stake(1)]) {
        await expect(attempt()).to.be.revertedWithCustomError(staking, "NotAValidator").withArgs(carol);
      }
    });

    it("pays back in full a delegation made just before", async () => {
      const { network, staking, token, carol, erin } = await loadFixture(full);
      await staking.connect(erin).delegate(carol, 5n * MDT);
      await staking.connect(carol).unstake(carol, ALL);
      expect(await staking.delegationAt(carol, erin, 5)).to.equal(0);
      await enterEpoch(network, 6);
      await expect(staking.connect(erin).withdraw(carol)).to.changeTokenBalance(token, erin, 35n * MDT);
    });

    it("can't be blocked by a gift of a wei, because everything can be unstaked", async () => {
      const { staking, stakingLens, carol, mallory } = await loadFixture(full);
      await staking.connect(mallory).stakeFor(carol, carol, 1);
      await expect(staking.connect(carol).unstake(carol, 40n * MDT))
        .to.be.revertedWithCustomError(staking, "StakeBelowMinimum")
        .withArgs(1, 32n * MDT);
      await staking.connect(carol).unstake(carol, ALL);
      expect(await stakingLens.pendingExits(carol, carol)).to.deep.equal([[6n, 40n * MDT + 1n]]);
    });

    for (const [left, refused] of [
      [32n * MDT, false],
      [32n * MDT - 1n, true],
    ] as const) {
      it(`${refused ? "refuses" : "allows"} unstaking in part, down to ${left} wei of own stake`, async () => {
        const { staking, alice } = await loadFixture(full);
        const attempt = staking.connect(alice).unstake(alice, 100n * MDT - left);
        if (refused) {
          await expect(attempt)
            .to.be.revertedWithCustomError(staking, "StakeBelowMinimum")
            .withArgs(left, 32n * MDT);
        } else {
          await attempt;
          expect(await staking.stakeAt(alice, 4)).to.equal(left);
          expect(await staking.isActive(alice, 4)).to.equal(true);
        }
      });
    }

    it("before genesis frees the seat for epoch 0 and pays from epoch 2, the first in which exits mature", async () => {
      const { network, staking, token, alice, bob, carol } = await loadFixture(empty);
      await register(network, alice, 50n * MDT);
      await staking.connect(carol).delegate(alice, 5n * MDT);
      await expect(staking.connect(alice).unstake(alice, ALL)).to.emit(staking, "ValidatorLeft").withArgs(alice, 0, 2);
      await register(network, bob, 50n * MDT);
      expect(await activeSet(staking, 0)).to.deep.equal([bob.address]);
      expect(await staking.delegationAt(alice, carol, 0)).to.equal(0);
      await enterEpoch(network, 2);
      await expect(staking.connect(carol).withdraw(alice)).to.changeTokenBalance(token, carol, 5n * MDT);
      await expect(staking.connect(alice).withdraw(alice)).to.changeTokenBalance(token, alice, 50n * MDT);
    });
  });

  describe("a second registration", () => {
    it("starts without the old delegations, which stay withdrawable", async () => {
      const { network, staking, stakingLens, token, carol, erin } = await loadFixture(full);
      await staking.connect(carol).unstake(carol, ALL);
      await enterEpoch(network, 4);
      await register(network, carol, 90n * MDT, 0);
      await staking.connect(erin).delegate(carol, 8n * MDT);
      expect((await stakingLens.statusOf(carol)).registrationCount).to.equal(2);
      for (const [epoch, own, delegated] of [
        [3, 40n, 30n],
        [4, 0n, 0n],
        [5, 0n, 0n],
        [6, 90n, 8n],
      ] as const) {
        expect(await staking.stakeAt(carol, epoch), `own in ${epoch}`).to.equal(own * MDT);
        expect(await staking.delegationAt(carol, erin, epoch), `delegated in ${epoch}`).to.equal(delegated * MDT);
      }
      expect((await staking.validatorAt(carol, 3)).commissionBps).to.equal(1_000);
      expect((await staking.validatorAt(carol, 6)).commissionBps).to.equal(0);
      await staking.connect(erin).unstake(carol, ALL);
      expect(await stakingLens.pendingExits(carol, erin)).to.deep.equal([
        [6n, 30n * MDT],
        [8n, 8n * MDT],
      ]);
      await enterEpoch(network, 8);
      await expect(staking.connect(erin).withdraw(carol)).to.changeTokenBalance(token, erin, 38n * MDT);
    });

    it("is possible in the epoch in which the first ended", async () => {
      const { network, staking, stakingLens, carol, erin } = await loadFixture(full);
      await staking.connect(erin).delegate(carol, 2n * MDT);
      await staking.connect(carol).unstake(carol, ALL);
      await register(network, carol, 32n * MDT);
      await staking.connect(erin).delegate(carol, 4n * MDT);
      const delegated = await Promise.all([3, 4, 5].map((epoch) => staking.delegationAt(carol, erin, epoch)));
      expect(delegated).to.deep.equal([30n * MDT, 0n, 4n * MDT]);
      expect(await stakingLens.pendingExits(carol, erin)).to.deep.equal([[6n, 32n * MDT]]);
      expect(await activeSet(staking, 4)).not.to.include(carol.address);
    });

    it("doesn't count an untouched delegation to the first registration, which stays withdrawable", async () => {
      const { network, staking, stakingLens, carol, erin } = await loadFixture(full);
      await staking.connect(carol).unstake(carol, ALL);
      await register(network, carol, 32n * MDT);
      await enterEpoch(network, 8);
      expect(await staking.delegationAt(carol, erin, 8)).to.equal(0);
      expect(await staking.totalStakeAt(carol, 8)).to.equal(32n * MDT);
      expect(await stakingLens.withdrawableWei(carol, erin)).to.equal(30n * MDT);
    });
  });

  describe("constructor", () => {
    for (const seats of [0, 101]) {
      it(`refuses ${seats} seats`, async () => {
        const { staking } = await loadFixture(empty);
        await expect(deployWith({ maximumSeats: seats }))
          .to.be.revertedWithCustomError(staking, "SeatsOutOfRange")
          .withArgs(seats);
      });
    }

    it("refuses a minimum stake of zero", async () => {
      const { staking } = await loadFixture(empty);
      await expect(deployWith({ minimumStakeWei: 0n })).to.be.revertedWithCustomError(staking, "ZeroAmount");
    });

    it("refuses the zero address as admin", async () => {
      const { staking } = await loadFixture(empty);
      await expect(deployWith({ admin: ethers.ZeroAddress })).to.be.revertedWithCustomError(staking, "ZeroAccount");
    });

    it("refuses a pool of another token", async () => {
      const { staking, pool, token } = await loadFixture(empty);
      await expect(deployWith({ pool }))
        .to.be.revertedWithCustomError(staking, "TokenMismatch")
        .withArgs(await token.getAddress(), (own: string) => ethers.isAddress(own));
    });

    for (const cap of [0, 10_000]) {
      it(`refuses a slash cap of ${cap} bps`, async () => {
        const { staking } = await loadFixture(empty);
        await expect(deployWith({ slashCapBps: cap }))
          .to.be.revertedWithCustomError(staking, "SlashCapOutOfRange")
          .withArgs(cap);
      });
    }

    it("exposes the parameters", async () => {
      const { staking, token, pool } = await loadFixture(empty);
      expect(await staking.maximumSeats()).to.equal(4);
      expect(await staking.minimumStakeWei()).to.equal(32n * MDT);
      expect(await staking.slashCapBps()).to.equal(5_000);
      expect(await staking.jailEpochs()).to.equal(2);
      expect([await staking.exitDelayEpochs(), await staking.seatSafeEpochs()]).to.deep.equal([3n, 2n]);
      expect([await staking.token(), await staking.pool()]).to.deep.equal([token.target, pool.target]);
    });
  });
});
