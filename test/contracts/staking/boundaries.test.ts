import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { MDT, deployStaking } from "../../shared/deployStaking";
import { ALL, activeSet, deployWith, emptyNetwork, enterEpoch, named, nextAt, register, slash } from "./actions";

/** Alice validates with 100 MDT since before genesis; Bob delegates 50 MDT to her. */
async function running() {
  const network = await emptyNetwork();
  const people = named(network);
  await register(network, people.alice);
  await network.staking.connect(people.bob).delegate(people.alice, 50n * MDT);
  return { ...network, ...people, network };
}

describe("Staking: when stake takes effect", () => {
  describe("added stake", () => {
    it("counts from epoch 0 if it was staked before genesis", async () => {
      const { staking, alice, bob } = await loadFixture(running);
      expect(await staking.stakeAt(alice, 0)).to.equal(100n * MDT);
      expect(await staking.delegationAt(alice, bob, 0)).to.equal(50n * MDT);
      expect(await activeSet(staking, 0)).to.deep.equal([alice.address]);
    });

    for (const [moment, epoch, offset, countsFrom] of [
      ["in the last second before genesis", 0, -1, 0],
      ["in the first second of epoch 0", 0, 0, 2],
      ["in the last second of epoch 0", 1, -1, 2],
      ["in the first second of epoch 1", 1, 0, 3],
      ["in the middle of epoch 5", 5, 50, 7],
    ] as const) {
      it(`counts from epoch ${countsFrom} if it is added ${moment}`, async () => {
        const { staking, alice, bob, carol, network } = await loadFixture(running);
        if (epoch > 1) await enterEpoch(network, epoch);
        await nextAt(network, epoch, offset);
        await staking.connect(carol).delegate(alice, 7n * MDT);
        for (let e = Math.max(countsFrom - 3, 0); e < countsFrom; ++e) {
          expect(await staking.delegationAt(alice, carol, e), `delegation in ${e}`).to.equal(0);
          expect(await staking.totalStakeAt(alice, e), `total in ${e}`).to.equal(150n * MDT);
        }
        for (const e of [countsFrom, countsFrom + 1, 1_000]) {
          expect(await staking.delegationAt(alice, carol, e)).to.equal(7n * MDT);
          expect(await staking.delegationAt(alice, bob, e)).to.equal(50n * MDT);
        }
        expect(await staking.totalStakeAt(alice, countsFrom + 1)).to.equal(157n * MDT);
      });
    }

    it("makes a newcomer active from the epoch after its first seated epoch", async () => {
      const { staking, alice, dave, network } = await loadFixture(running);
      await enterEpoch(network, 3);
      await register(network, dave);
      expect(await staking.seatedAt(3)).to.deep.equal([alice.address]);
      expect(await staking.seatedAt(4)).to.deep.equal([alice.address, dave.address]);
      expect(await activeSet(staking, 4)).to.deep.equal([alice.address]);
      expect(await activeSet(staking, 5)).to.deep.equal([alice.address, dave.address]);
    });
  });

  describe("stake that is unstaked", () => {
    for (const [moment, epoch, offset, lastCounting, withdrawable] of [
      ["before genesis", 0, -10, -1, 2],
      ["in the first second of epoch 0", 0, 0, 0, 4],
      ["in the last second of epoch 0", 1, -1, 0, 4],
      ["in the first second of epoch 1", 1, 0, 1, 4],
      ["in the first second of epoch 2", 2, 0, 2, 6],
    ] as const) {
      it(`${moment} counts up to epoch ${lastCounting} and can be withdrawn from epoch ${withdrawable}`, async () => {
        const { staking, stakingLens, token, alice, bob, network } = await loadFixture(running);
        await nextAt(network, epoch, offset);
        await expect(staking.connect(bob).unstake(alice, 20n * MDT))
          .to.emit(staking, "Unstaked")
          .withArgs(alice, bob, 20n * MDT, 20n * MDT, withdrawable);
        if (lastCounting >= 0) expect(await staking.delegationAt(alice, bob, lastCounting)).to.equal(50n * MDT);
        expect(await staking.delegationAt(alice, bob, lastCounting + 1)).to.equal(30n * MDT);
        expect(await staking.totalStakeAt(alice, lastCounting + 1)).to.equal(130n * MDT);
        expect(await stakingLens.pendingExits(alice, bob)).to.deep.equal([[BigInt(withdrawable), 20n * MDT]]);

        await nextAt(network, withdrawable, -1);
        await expect(staking.connect(bob).withdraw(alice))
          .to.be.revertedWithCustomError(staking, "NothingToWithdraw")
          .withArgs(alice, bob);
        await nextAt(network, withdrawable);
        const tx = await staking.connect(bob).withdraw(alice);
        await expect(tx).to.changeTokenBalances(token, [bob, staking], [20n * MDT, -20n * MDT]);
        await expect(tx)
          .to.emit(staking, "Withdrawn")
          .withArgs(alice, bob, 20n * MDT);
        await expect(staking.connect(bob).withdraw(alice)).to.be.revertedWithCustomError(staking, "NothingToWithdraw");
      });
    }

    it("comes first from stake that isn't effective yet", async () => {
      const { staking, stakingLens, alice, bob, network } = await loadFixture(running);
      await enterEpoch(network, 3);
      await staking.connect(bob).delegate(alice, 10n * MDT);
      const tx = await staking.connect(bob).unstake(alice, 25n * MDT);
      await expect(tx)
        .to.emit(staking, "StakeChanged")
        .withArgs(alice, bob, 4, 35n * MDT, 35n * MDT);
      expect(await staking.delegationAt(alice, bob, 3)).to.equal(50n * MDT);
      expect(await staking.delegationAt(alice, bob, 4)).to.equal(35n * MDT);

      await staking.connect(bob).delegate(alice, 10n * MDT);
      const second = await staking.connect(bob).unstake(alice, 4n * MDT);
      await expect(second)
        .to.emit(staking, "StakeChanged")
        .withArgs(alice, bob, 4, 35n * MDT, 41n * MDT);
      expect(await staking.delegationAt(alice, bob, 4)).to.equal(35n * MDT);
      expect(await staking.delegationAt(alice, bob, 5)).to.equal(41n * MDT);
      expect(await stakingLens.pendingExits(alice, bob)).to.deep.equal([[6n, 29n * MDT]]);
    });

    it("in several epochs is listed in order, and paid in one withdrawal", async () => {
      const { staking, stakingLens, token, alice, bob, network } = await loadFixture(running);
      for (const epoch of [4, 6, 7]) {
        await enterEpoch(network, epoch);
        await staking.connect(bob).unstake(alice, BigInt(epoch) * MDT);
      }
      expect(await stakingLens.withdrawableWei(alice, bob)).to.equal(0);
      expect(await stakingLens.pendingExits(alice, bob)).to.deep.equal([
        [8n, 4n * MDT],
        [10n, 13n * MDT],
      ]);
      await enterEpoch(network, 9);
      expect(await stakingLens.withdrawableWei(alice, bob)).to.equal(4n * MDT);
      expect(await stakingLens.pendingExits(alice, bob)).to.deep.equal([[10n, 13n * MDT]]);
      await enterEpoch(network, 10);
      expect(await stakingLens.withdrawableWei(alice, bob)).to.equal(17n * MDT);
      await expect(staking.connect(bob).withdraw(alice)).to.changeTokenBalance(token, bob, 17n * MDT);
    });

    it("stays withdrawable once it has matured, even if a new exit uses its slot", async () => {
      const { staking, stakingLens, alice, bob, network } = await loadFixture(running);
      for (const epoch of [1, 7, 13]) {
        await enterEpoch(network, epoch);
        await staking.connect(bob).unstake(alice, 10n * MDT);
      }
      expect(await stakingLens.withdrawableWei(alice, bob)).to.equal(20n * MDT);
      expect(await stakingLens.pendingExits(alice, bob)).to.deep.equal([[16n, 10n * MDT]]);
    });
  });

  for (const [delay, exits] of [
    [3, [2, 4, 4, 6, 6, 8, 8, 10]],
    [4, [2, 4, 6, 6, 8, 8, 10, 10]],
    [5, [3, 6, 6, 9, 9, 9, 12, 12]],
    [14, [7, 14, 21, 21, 21, 21, 21, 21]],
  ] as const) {
    it(`groups exits by half a delay of ${delay} epochs, rounded up: at most three pending, all slashable until they mature`, async () => {
      const network = await deployStaking({ exitDelayEpochs: delay });
      const { alice, bob } = named(network);
      const { staking, stakingLens, token } = network;
      expect(await staking.exitDelayEpochs()).to.equal(delay);
      await register(network, alice);
      await staking.connect(bob).delegate(alice, 1_000n * MDT);
      const asked = new Map<number, bigint>();
      const last = 2 * delay + 1;
      for (let epoch = -1; epoch <= last; ++epoch) {
        if (epoch >= 0) await enterEpoch(network, epoch);
        const withdrawable = Number(await staking.withdrawableFrom());
        if (epoch + 1 < exits.length) expect(withdrawable, `asked for in ${epoch}`).to.equal(exits[epoch + 1]);
        await staking.connect(bob).unstake(alice, MDT);
        asked.set(withdrawable, (asked.get(withdrawable) ?? 0n) + MDT);
        const pending = [...asked].filter(([matures]) => matures > epoch);
        expect(pending.length).to.be.at.most(3);
        const exitsOf = (await stakingLens.pendingExits(alice, bob)).map((exit) => [
          exit.withdrawableEpoch,
          exit.amountWei,
        ]);
        expect(exitsOf).to.deep.equal(pending.map(([matures, amountWei]) => [BigInt(matures), amountWei]));
      }
      const pendingWei = [...asked].reduce((sum, [matures, amountWei]) => sum + (matures > last ? amountWei : 0n), 0n);
      const stakedWei = await staking.totalStakeAt(alice, 1_000);
      const tx = await slash(network, alice, 5_000);
      await expect(tx).to.changeTokenBalance(token, staking, -(stakedWei + pendingWei) / 2n);
    });
  }

  it("refuses an exit delay of two epochs, which is too short to report a fault", async () => {
    const { staking } = await loadFixture(running);
    await expect(deployWith({ exitDelayEpochs: 2 }))
      .to.be.revertedWithCustomError(staking, "ExitDelayTooShort")
      .withArgs(2, 3);
  });

  describe("an epoch that has ended", () => {
    it("keeps its stakes, whatever happens later", async () => {
      const { staking, stakingLens, alice, bob, carol, network } = await loadFixture(running);
      await enterEpoch(network, 2);
      await slash(network, alice, 1_000);
      await enterEpoch(network, 3);
      const before = await stakingLens.seatedValidators(2);
      expect(before).to.deep.equal([[alice.address, 90n * MDT, 135n * MDT, 9n * 10n ** 26n, 1_000n, true, false]]);
      await staking.connect(carol).delegate(alice, 40n * MDT);
      await staking.connect(alice).setCommission(0);
      await slash(network, alice, 5_000);
      await staking.connect(alice).unstake(alice, ALL);
      await enterEpoch(network, 9);
      await register(network, alice, 500n * MDT);
      expect(await stakingLens.seatedValidators(2)).to.deep.equal(before);
      expect(await stakingLens.delegationsAt(alice, [bob, carol, alice], 2)).to.deep.equal([45n * MDT, 0n, 0n]);
    });
  });
});
