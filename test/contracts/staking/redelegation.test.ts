import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { MDT, deployStaking } from "../../shared/deployStaking";
import { ALL, EVIDENCE, emptyNetwork, enterEpoch, named, nextAt, redelegable, register, slash } from "./actions";

const INDEX_ONE = 10n ** 27n;

describe("Staking: redelegation", () => {
  it("counts for the old validator until the end of the next epoch, then for the new one, without a gap", async () => {
    const { staking, token, alice, bob, dave } = await loadFixture(redelegable);
    const tx = await staking.connect(bob).redelegate(alice, dave, 20n * MDT);
    await expect(tx).to.changeTokenBalances(token, [bob, staking], [0, 0]);
    await expect(tx)
      .to.emit(staking, "Redelegated")
      .withArgs(alice, dave, bob, 5, 20n * MDT, 20n * MDT, INDEX_ONE);
    await expect(tx)
      .to.emit(staking, "StakeChanged")
      .withArgs(alice, bob, 4, 50n * MDT, 30n * MDT);
    await expect(tx)
      .to.emit(staking, "StakeChanged")
      .withArgs(dave, bob, 4, 0, 20n * MDT);
    for (const [epoch, old, fresh] of [
      [3, 50n, 0n],
      [4, 50n, 0n],
      [5, 30n, 20n],
      [99, 30n, 20n],
    ] as const) {
      expect(await staking.delegationAt(alice, bob, epoch)).to.equal(old * MDT);
      expect(await staking.totalStakeAt(alice, epoch)).to.equal((130n + old) * MDT);
      expect(await staking.delegationAt(dave, bob, epoch)).to.equal(fresh * MDT);
      expect(await staking.totalStakeAt(dave, epoch)).to.equal((100n + fresh) * MDT);
    }
  });

  it("moves stake that isn't effective yet first; effective stake that moves still counts if the rest is unstaked", async () => {
    const { staking, stakingLens, alice, bob, dave } = await loadFixture(redelegable);
    await staking.connect(bob).delegate(alice, 10n * MDT);
    await staking.connect(bob).redelegate(alice, dave, 25n * MDT);
    expect(await staking.delegationAt(alice, bob, 4)).to.equal(50n * MDT);
    expect(await staking.delegationAt(alice, bob, 5)).to.equal(35n * MDT);
    await staking.connect(bob).unstake(alice, ALL);
    expect(await staking.delegationAt(alice, bob, 4)).to.equal(15n * MDT);
    expect(await staking.delegationAt(alice, bob, 5)).to.equal(0);
    expect(await staking.totalStakeAt(alice, 4)).to.equal(145n * MDT);
    expect(await stakingLens.pendingExits(alice, bob)).to.deep.equal([[6n, 35n * MDT]]);
    expect(await staking.delegationAt(dave, bob, 5)).to.equal(25n * MDT);
  });

  it("can move the whole position, and buys shares at the new validator's index", async () => {
    const { network, staking, alice, bob, dave } = await loadFixture(redelegable);
    await slash(network, dave, 3_333);
    const tx = await staking.connect(bob).redelegate(alice, dave, ALL);
    const shares = (50n * MDT * INDEX_ONE) / ((INDEX_ONE * 6_667n) / 10_000n);
    await expect(tx)
      .to.emit(staking, "Redelegated")
      .withArgs(alice, dave, bob, 5, 50n * MDT, shares, INDEX_ONE);
    expect(await staking.delegationAt(alice, bob, 5)).to.equal(0);
    const arrivedWei = await staking.delegationAt(dave, bob, 5);
    expect(arrivedWei <= 50n * MDT && arrivedWei >= 50n * MDT - 1n).to.equal(true);
  });

  it("arrives even if the old validator leaves, but counts for neither validator in the epoch between", async () => {
    const { network, staking, alice, bob, dave } = await loadFixture(redelegable);
    await staking.connect(bob).redelegate(alice, dave, 20n * MDT);
    await staking.connect(alice).unstake(alice, ALL);
    const counted = async (epoch: number) => [
      await staking.delegationAt(alice, bob, epoch),
      await staking.delegationAt(dave, bob, epoch),
    ];
    expect(await counted(3)).to.deep.equal([50n * MDT, 0n]);
    expect(await counted(4)).to.deep.equal([0n, 0n]);
    expect(await counted(5)).to.deep.equal([0n, 20n * MDT]);
    await enterEpoch(network, 6);
    await expect(staking.connect(bob).withdraw(alice)).to.changeTokenBalance(network.token, bob, 30n * MDT);
    expect(await staking.delegationAt(dave, bob, 6)).to.equal(20n * MDT);
  });

  it("counts less in the epoch before it arrives, never more, if stake is added and unstaked meanwhile", async () => {
    const { staking, alice, bob, dave } = await loadFixture(redelegable);
    await staking.connect(bob).redelegate(alice, dave, 20n * MDT);
    await staking.connect(bob).delegate(alice, 10n * MDT);
    await staking.connect(bob).unstake(alice, 10n * MDT);
    expect(await staking.delegationAt(alice, bob, 4)).to.equal(40n * MDT);
    expect(await staking.delegationAt(alice, bob, 5)).to.equal(30n * MDT);
    expect(await staking.totalStakeAt(alice, 4)).to.equal(170n * MDT);
    expect(await staking.totalStakeAt(alice, 5)).to.equal(160n * MDT);
  });

  describe("is limited", () => {
    it("to stake that has arrived: until then its position can't be unstaked, redelegated or redelegated to", async () => {
      const { network, staking, token, alice, bob, carol, dave } = await loadFixture(redelegable);
      await staking.connect(bob).delegate(dave, 9n * MDT);
      await staking.connect(bob).delegate(carol, 9n * MDT);
      await staking.connect(bob).unstake(dave, MDT);
      await enterEpoch(network, 6);
      await staking.connect(bob).redelegate(alice, dave, 20n * MDT);
      await expect(staking.connect(bob).withdraw(dave)).to.changeTokenBalance(token, bob, MDT);
      await nextAt(network, 8, -1);
      await expect(staking.connect(bob).unstake(dave, 1))
        .to.be.revertedWithCustomError(staking, "RedelegationPending")
        .withArgs(dave, bob, 8);
      await nextAt(network, 8, -1);
      await expect(staking.connect(bob).redelegate(carol, dave, 1))
        .to.be.revertedWithCustomError(staking, "RedelegationPending")
        .withArgs(dave, bob, 8);
      await nextAt(network, 8, -1);
      await expect(staking.connect(bob).redelegate(dave, carol, 1))
        .to.be.revertedWithCustomError(staking, "RedelegationPending")
        .withArgs(dave, bob, 8);
      await nextAt(network, 8);
      await staking.connect(bob).redelegate(carol, dave, 1);
      expect(await staking.delegationAt(dave, bob, 10)).to.equal(28n * MDT + 1n);
    });

    it("to once per exit delay from a position that received a redelegation", async () => {
      const { network, staking, alice, bob, carol, dave } = await loadFixture(redelegable);
      await staking.connect(bob).redelegate(alice, dave, 20n * MDT);
      await staking.connect(bob).redelegate(alice, carol, 20n * MDT);
      await nextAt(network, 6, -1);
      await expect(staking.connect(bob).redelegate(dave, carol, 1))
        .to.be.revertedWithCustomError(staking, "RedelegatedRecently")
        .withArgs(dave, bob, 6);
      await nextAt(network, 6);
      await staking.connect(bob).redelegate(dave, carol, ALL);
      expect(await staking.delegationAt(carol, bob, 8)).to.equal(40n * MDT);
    });

    it("to delegations, of more than zero and at most the position, to a different validator that holds a seat", async () => {
      const { staking, alice, bob, dave, mallory } = await loadFixture(redelegable);
      for (const [sender, from, to] of [
        [alice, alice, dave],
        [dave, alice, dave],
        [bob, alice, alice],
      ] as const) {
        await expect(staking.connect(sender).redelegate(from, to, MDT))
          .to.be.revertedWithCustomError(staking, "InvalidRedelegation")
          .withArgs(from, to, sender);
      }
      await expect(staking.connect(bob).redelegate(alice, mallory, MDT))
        .to.be.revertedWithCustomError(staking, "NotAValidator")
        .withArgs(mallory);
      await expect(staking.connect(bob).redelegate(alice, dave, 0)).to.be.revertedWithCustomError(
        staking,
        "ZeroAmount",
      );
      await expect(staking.connect(bob).redelegate(alice, dave, 51n * MDT))
        .to.be.revertedWithCustomError(staking, "InsufficientStake")
        .withArgs(alice, bob, 51n * MDT, 50n * MDT);
    });

    it("to once per exit delay even if that is 14 epochs, while arrival still takes two epochs", async () => {
      const network = await deployStaking({ exitDelayEpochs: 14 });
      const { alice, bob, dave } = named(network);
      const { staking } = network;
      for (const owner of [alice, dave]) await register(network, owner);
      await staking.connect(bob).delegate(alice, 50n * MDT);
      await enterEpoch(network, 3);
      await staking.connect(bob).redelegate(alice, dave, ALL);
      await enterEpoch(network, 4);
      await slash(network, alice, 1_000);
      await expect(staking.connect(bob).unstake(dave, 1))
        .to.be.revertedWithCustomError(staking, "RedelegationPending")
        .withArgs(dave, bob, 5);
      await enterEpoch(network, 5);
      await slash(network, alice, 1_000);
      expect(await staking.delegationAt(dave, bob, 5)).to.equal(45n * MDT);
      await staking.connect(bob).unstake(dave, MDT);
      await nextAt(network, 17, -1);
      await expect(staking.connect(bob).redelegate(dave, alice, MDT))
        .to.be.revertedWithCustomError(staking, "RedelegatedRecently")
        .withArgs(dave, bob, 17);
      await nextAt(network, 17);
      await staking.connect(bob).redelegate(dave, alice, ALL);
      const shares = (44n * MDT * 100n) / 81n;
      expect(await staking.delegationAt(alice, bob, 19)).to.equal((shares * 81n) / 100n);
    });

    it("to a validator whose index isn't exhausted, while an exhausted one can be left", async () => {
      const { network, staking, alice, bob, dave } = await loadFixture(redelegable);
      for (let epoch = 4; epoch <= 20; ++epoch) {
        await enterEpoch(network, epoch);
        await slash(network, alice, 5_000);
      }
      const index = INDEX_ONE / 2n ** 17n;
      expect(await staking.indexAt(alice, 20)).to.equal(index);
      await staking.connect(bob).delegate(dave, MDT);
      await expect(staking.connect(bob).redelegate(dave, alice, MDT))
        .to.be.revertedWithCustomError(staking, "IndexExhausted")
        .withArgs(alice, index);
      const leftWei = (50n * MDT * index) / INDEX_ONE;
      await staking.connect(bob).redelegate(alice, dave, ALL);
      expect(await staking.delegationAt(dave, bob, 22)).to.equal(MDT + leftWei);
    });

    it("to stake worth at least a wei", async () => {
      const { network, staking, alice, bob, dave, mallory } = await loadFixture(redelegable);
      await staking.connect(mallory).delegate(alice, 1);
      await slash(network, alice, 5_000);
      await expect(staking.connect(mallory).redelegate(alice, dave, ALL)).to.be.revertedWithCustomError(
        staking,
        "ZeroAmount",
      );
      await staking.connect(bob).redelegate(alice, dave, ALL);
    });

    it("to the time after genesis", async () => {
      const network = await emptyNetwork();
      const { alice, bob, dave } = named(network);
      for (const owner of [alice, dave]) await register(network, owner);
      await network.staking.connect(bob).delegate(alice, MDT);
      await expect(network.staking.connect(bob).redelegate(alice, dave, MDT)).to.be.revertedWithCustomError(
        network.staking,
        "BeforeGenesis",
      );
    });

    it("to as many new validators per epoch as there are seats", async () => {
      const network = await deployStaking({ maximumSeats: 2 });
      const { alice, bob, carol, dave, erin } = named(network);
      const { staking } = network;
      for (const owner of [alice, carol]) await register(network, owner);
      await staking.connect(bob).delegate(alice, 10n * MDT);
      await enterEpoch(network, 3);
      await staking.connect(bob).redelegate(alice, carol, MDT);
      await staking.connect(erin).delegate(alice, 10n * MDT);
      await staking.connect(erin).redelegate(alice, carol, MDT);
      for (const [leaver, newcomer, isRefused] of [
        [carol, dave, false],
        [dave, carol, true],
      ] as const) {
        await staking.connect(leaver).unstake(leaver, ALL);
        await register(network, newcomer);
        const moved = staking.connect(network.people[7]);
        await moved.delegate(alice, MDT);
        const attempt = moved.redelegate(alice, newcomer, MDT);
        if (!isRefused) await attempt;
        else {
          await expect(attempt).to.be.revertedWithCustomError(staking, "TooManyDestinations").withArgs(alice, 2);
        }
      }
      await staking.connect(network.slasher).slash(alice, 5_000, EVIDENCE);
      expect(await staking.delegationAt(dave, network.people[7]!, 5)).to.equal(0);
    });
  });
});
