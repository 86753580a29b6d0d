import { loadFixture, takeSnapshot } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { MDT } from "../../shared/deployStaking";
import { ALL, enterEpoch, nextAt, redelegable, register, slash } from "./actions";

const INDEX_ONE = 10n ** 27n;

describe("Staking: a redelegation bears slashes of the old validator", () => {
  for (const [moment, epoch, offset, isReached] of [
    ["in the same epoch", 3, 50, true],
    ["in the last second of the next epoch", 5, -1, true],
    ["once it has arrived", 5, 0, false],
  ] as const) {
    it(`${moment}: ${isReached ? "yes" : "no"}`, async () => {
      const { network, staking, token, pool, alice, bob, dave, erin } = await loadFixture(redelegable);
      await staking.connect(bob).redelegate(alice, dave, 20n * MDT);
      await staking.connect(erin).redelegate(alice, dave, 10n * MDT);
      await nextAt(network, epoch, offset);
      const lostWei = (isReached ? 90n : 75n) * MDT;
      await expect(slash(network, alice, 5_000)).to.changeTokenBalances(token, [staking, pool], [-lostWei, lostWei]);
      expect(await staking.delegationAt(dave, bob, 5)).to.equal((isReached ? 10n : 20n) * MDT);
      expect(await staking.delegationAt(dave, erin, 5)).to.equal((isReached ? 5n : 10n) * MDT);
      expect(await staking.totalStakeAt(dave, 5)).to.equal((isReached ? 115n : 130n) * MDT);
      expect(await staking.totalStakeAt(dave, 4)).to.equal(100n * MDT);
      expect(await staking.indexAt(dave, 5)).to.equal(INDEX_ONE);
    });
  }

  it("of each epoch until it arrives, one after the other; one made later bears only the later slashes", async () => {
    const { network, staking, token, alice, bob, dave, erin } = await loadFixture(redelegable);
    await staking.connect(bob).redelegate(alice, dave, 20n * MDT);
    await slash(network, alice, 5_000);
    await enterEpoch(network, 4);
    await staking.connect(erin).redelegate(alice, dave, ALL);
    await staking.connect(bob).delegate(dave, 7n * MDT);
    await expect(slash(network, alice, 2_000)).to.changeTokenBalance(token, staking, -18n * MDT);
    expect(await staking.delegationAt(dave, bob, 5)).to.equal(8n * MDT);
    expect(await staking.delegationAt(dave, bob, 6)).to.equal(15n * MDT);
    expect([await staking.delegationAt(dave, erin, 5), await staking.delegationAt(dave, erin, 6)]).to.deep.equal([
      0n,
      12n * MDT,
    ]);
    expect(await staking.totalStakeAt(dave, 5)).to.equal(108n * MDT);
    expect(await staking.totalStakeAt(dave, 6)).to.equal(127n * MDT);
    await enterEpoch(network, 6);
    await staking.connect(bob).unstake(dave, ALL);
    await staking.connect(erin).unstake(dave, ALL);
    expect(await staking.totalStakeAt(dave, 7)).to.equal(100n * MDT);
  });

  it("and slashes of the new one, in either order", async () => {
    const { network, staking, token, alice, bob, dave } = await loadFixture(redelegable);
    for (const [first, second] of [
      [alice, dave],
      [dave, alice],
    ] as const) {
      const snapshot = await takeSnapshot();
      await staking.connect(bob).redelegate(alice, dave, 20n * MDT);
      const [before, allWei] = [await token.balanceOf(staking), 320n * MDT];
      expect(before).to.equal(allWei);
      await slash(network, first, 5_000);
      await enterEpoch(network, 4);
      await slash(network, second, 1_000);
      const [aliceBps, daveBps] = first === alice ? [5_000n, 9_000n] : [9_000n, 5_000n];
      const arrivedWei = (20n * MDT * aliceBps * daveBps) / 10_000n ** 2n;
      const stayingWei = (160n * MDT * aliceBps) / 10_000n;
      const daveWei = (100n * MDT * daveBps) / 10_000n;
      expect(await staking.delegationAt(dave, bob, 5)).to.equal(arrivedWei);
      expect(await staking.totalStakeAt(dave, 5)).to.equal(daveWei + arrivedWei);
      expect(await staking.totalStakeAt(alice, 5)).to.equal(stayingWei);
      expect(await token.balanceOf(staking)).to.equal(arrivedWei + stayingWei + daveWei + 40n * MDT);
      await snapshot.restore();
    }
  });

  it("whether it is made before or after the new one leaves and registers again", async () => {
    const { network, staking, stakingLens, token, alice, bob, dave, erin } = await loadFixture(redelegable);
    await staking.connect(bob).redelegate(alice, dave, 20n * MDT);
    await enterEpoch(network, 4);
    await staking.connect(dave).unstake(dave, ALL);
    await register(network, dave, 40n * MDT);
    await staking.connect(erin).redelegate(alice, dave, 10n * MDT);
    await expect(slash(network, alice, 5_000)).to.changeTokenBalance(token, staking, -90n * MDT);
    expect(await stakingLens.pendingExits(dave, bob)).to.deep.equal([[8n, 10n * MDT]]);
    expect([await staking.totalStakeAt(dave, 5), await staking.totalStakeAt(dave, 6)]).to.deep.equal([0n, 45n * MDT]);
    expect(await staking.delegationAt(dave, bob, 6)).to.equal(0);
    await enterEpoch(network, 5);
    await expect(slash(network, alice, 2_000)).to.changeTokenBalance(token, staking, -16n * MDT);
    expect(await stakingLens.pendingExits(dave, bob)).to.deep.equal([[8n, 10n * MDT]]);
    expect(await staking.delegationAt(dave, erin, 6)).to.equal(4n * MDT);
    await enterEpoch(network, 8);
    await expect(staking.connect(bob).withdraw(dave)).to.changeTokenBalance(token, bob, 10n * MDT);
  });

  it("but stake added to the position while it is pending doesn't", async () => {
    const { network, staking, alice, bob, dave } = await loadFixture(redelegable);
    await staking.connect(bob).redelegate(alice, dave, 20n * MDT);
    await slash(network, alice, 5_000);
    await expect(staking.connect(bob).delegate(dave, 5n * MDT))
      .to.emit(staking, "StakeChanged")
      .withArgs(dave, bob, 4, 0, 15n * MDT);
    await enterEpoch(network, 4);
    await slash(network, alice, 1_000);
    await expect(staking.connect(bob).delegate(dave, MDT))
      .to.emit(staking, "StakeChanged")
      .withArgs(dave, bob, 5, 14n * MDT, 15n * MDT);
    await enterEpoch(network, 5);
    await expect(staking.connect(bob).delegate(dave, MDT))
      .to.emit(staking, "StakeChanged")
      .withArgs(dave, bob, 6, 15n * MDT, 16n * MDT);
  });

  it("even if the old one has left and has no other stake", async () => {
    const { network, staking, token, alice, bob, carol, dave } = await loadFixture(redelegable);
    await staking.connect(bob).delegate(carol, 8n * MDT);
    await enterEpoch(network, 5);
    await staking.connect(bob).redelegate(carol, dave, ALL);
    await staking.connect(carol).unstake(carol, ALL);
    expect(await staking.totalStakeAt(carol, 6)).to.equal(0);
    await expect(slash(network, carol, 5_000)).to.changeTokenBalance(token, staking, -24n * MDT);
    expect(await staking.delegationAt(dave, bob, 7)).to.equal(4n * MDT);
    expect(await staking.delegationAt(alice, bob, 7)).to.equal(50n * MDT);
  });

  it("even if the new one leaves meanwhile: the exit bears them, and the position is locked until it arrives", async () => {
    const { network, staking, stakingLens, token, alice, bob, dave } = await loadFixture(redelegable);
    await staking.connect(bob).redelegate(alice, dave, 20n * MDT);
    await staking.connect(dave).unstake(dave, ALL);
    await slash(network, alice, 5_000);
    expect(await stakingLens.pendingExits(dave, bob)).to.deep.equal([[6n, 10n * MDT]]);
    await enterEpoch(network, 4);
    await register(network, dave, 40n * MDT);
    for (const attempt of [
      () => staking.connect(bob).withdraw(dave),
      () => staking.connect(bob).delegate(dave, MDT),
      () => staking.connect(bob).redelegate(alice, dave, MDT),
    ]) {
      await expect(attempt()).to.be.revertedWithCustomError(staking, "RedelegationPending").withArgs(dave, bob, 5);
    }
    await expect(slash(network, alice, 2_000)).to.changeTokenBalance(token, staking, -18n * MDT);
    expect(await stakingLens.pendingExits(dave, bob)).to.deep.equal([[6n, 8n * MDT]]);
    await enterEpoch(network, 5);
    await staking.connect(bob).delegate(dave, 3n * MDT);
    expect(await staking.delegationAt(dave, bob, 7)).to.equal(3n * MDT);
    await enterEpoch(network, 6);
    await expect(staking.connect(bob).withdraw(dave)).to.changeTokenBalance(token, bob, 8n * MDT);
  });

  it("rounded down for each holder, so that the total never falls below the sum of the positions", async () => {
    const { network, staking, stakingLens, alice, bob, dave, erin } = await loadFixture(redelegable);
    await staking.connect(bob).redelegate(alice, dave, 1_000_001n);
    await staking.connect(erin).redelegate(alice, dave, 1_000_003n);
    await slash(network, alice, 3_333);
    const held = await Promise.all([bob, erin].map((account) => staking.delegationAt(dave, account, 5)));
    expect(held).to.deep.equal([666_700n, 666_702n]);
    expect(await staking.totalStakeAt(dave, 5)).to.equal(100n * MDT + 1_333_403n);
    await enterEpoch(network, 5);
    for (const holder of [bob, erin]) await staking.connect(holder).unstake(dave, ALL);
    expect(await staking.totalStakeAt(dave, 6)).to.equal(100n * MDT + 1n);
    await enterEpoch(network, 8);
    expect(await stakingLens.withdrawableWei(dave, bob)).to.equal(666_700n);
  });
});
