import { loadFixture } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { type HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { expect } from "chai";
import { ethers } from "hardhat";
import {
  deployRegistries,
  goTo,
  INITIAL_WEI,
  joinAsValidator,
  MDT,
  nextBlockAt,
  type Registries,
  EPOCH_SECONDS,
  SLOT_SECONDS,
} from "../../shared/deployRegistries";

const SALT = ethers.id("a salt");
const EMPTY = "0x";
const STAKE_WEI = 100n * MDT;
const PENALTY_WEI = MDT; // 1 % of the stake
const SLASHING_PENALTIES = 1;
const AFTER_REVEALS = 2; // the first slot in which nothing can be revealed any more

/** A validator from before genesis; now is epoch 0. */
async function network() {
  const registries = await deployRegistries();
  const [vera, dora, stranger] = registries.people as [HardhatEthersSigner, HardhatEthersSigner, HardhatEthersSigner];
  await joinAsValidator(registries, vera, 100n);
  await goTo(registries, 0);
  return { ...registries, vera, dora, stranger };
}

/** Nothing was revealed for epochs 0, 1 and 2, and their reveal windows are over. */
async function threeMisses() {
  const registries = await network();
  await goTo(registries, 3, AFTER_REVEALS);
  return registries;
}

async function commit(registries: Registries, validator: HardhatEthersSigner, epoch: number) {
  const { scoreBoard } = registries;
  await goTo(registries, epoch, 5);
  await scoreBoard.connect(validator).commitScores(await scoreBoard.commitmentOf(validator, epoch, EMPTY, SALT));
}

async function commitAndReveal(registries: Registries, validator: HardhatEthersSigner, epoch: number) {
  await commit(registries, validator, epoch);
  await goTo(registries, epoch + 1);
  await registries.scoreBoard.connect(validator).revealScores(epoch, EMPTY, SALT);
}

describe("ScoreBoard: missed reveals", () => {
  it("in three epochs slash 1 % of the stake and jail the validator if anyone reports them", async () => {
    const { scoreBoard, staking, token, pool, vera, stranger } = await loadFixture(threeMisses);
    const report = scoreBoard.connect(stranger).reportMissedReveals(vera, [0, 1, 2]);
    await expect(report).to.changeTokenBalances(token, [staking, pool], [-PENALTY_WEI, PENALTY_WEI]);
    await expect(report)
      .to.emit(scoreBoard, "MissedRevealsReported")
      .withArgs(vera.address, [0, 1, 2], stranger.address, PENALTY_WEI);
    expect(await pool.totalBySource(SLASHING_PENALTIES)).to.equal(PENALTY_WEI);
    expect(await staking.stakeAt(vera, 3)).to.equal(STAKE_WEI - PENALTY_WEI);
    expect(await staking.isActive(vera, 3)).to.equal(true);
    expect(await staking.isActive(vera, 4)).to.equal(false);
  });

  it("give Staking an evidence hash that anyone can recompute", async () => {
    const { scoreBoard, staking, vera } = await loadFixture(threeMisses);
    const evidenceHash = ethers.keccak256(
      ethers.AbiCoder.defaultAbiCoder().encode(
        ["address", "address", "uint64[3]"],
        [await scoreBoard.getAddress(), vera.address, [0, 1, 2]],
      ),
    );
    await scoreBoard.reportMissedReveals(vera, [0, 1, 2]);
    const [slashed] = await staking.queryFilter(staking.filters.Slashed(vera));
    expect(slashed!.args.evidenceHash).to.equal(evidenceHash);
    expect(slashed!.args.fractionBps).to.equal(100);
  });

  it("include epochs that were committed but not revealed", async () => {
    const registries = await loadFixture(network);
    for (const epoch of [0, 1, 2]) await commit(registries, registries.vera, epoch);
    await goTo(registries, 3, AFTER_REVEALS);
    await expect(registries.scoreBoard.reportMissedReveals(registries.vera, [0, 1, 2]))
      .to.emit(registries.scoreBoard, "MissedRevealsReported")
      .withArgs(registries.vera.address, [0, 1, 2], registries.admin.address, PENALTY_WEI);
  });

  for (const revealedEpoch of [0, 1, 2]) {
    it(`can't be reported if epoch ${revealedEpoch} of 0, 1 and 2 was revealed`, async () => {
      const registries = await loadFixture(network);
      await commitAndReveal(registries, registries.vera, revealedEpoch);
      await goTo(registries, 3, AFTER_REVEALS);
      await expect(registries.scoreBoard.reportMissedReveals(registries.vera, [0, 1, 2]))
        .to.be.revertedWithCustomError(registries.scoreBoard, "HasRevealed")
        .withArgs(registries.vera.address, revealedEpoch);
    });
  }

  it("count only in epochs in which the validator was active", async () => {
    const registries = await loadFixture(network);
    const { scoreBoard, stranger } = registries;
    await joinAsValidator(registries, stranger); // its stake counts from epoch 2
    await goTo(registries, 4, AFTER_REVEALS);
    await expect(scoreBoard.reportMissedReveals(stranger, [1, 2, 3]))
      .to.be.revertedWithCustomError(scoreBoard, "WasNotActive")
      .withArgs(stranger.address, 1);
    await goTo(registries, 5, AFTER_REVEALS);
    await expect(scoreBoard.reportMissedReveals(stranger, [2, 3, 4])).not.to.be.reverted;
  });

  it("can't be reported for an account that never was a validator", async () => {
    const { scoreBoard, dora } = await loadFixture(threeMisses);
    await expect(scoreBoard.reportMissedReveals(dora, [0, 1, 2]))
      .to.be.revertedWithCustomError(scoreBoard, "WasNotActive")
      .withArgs(dora.address, 0);
  });

  describe("the three epochs", () => {
    /** Nothing was revealed for epochs 0 … 8, and their reveal windows are over. */
    async function nineMisses() {
      const registries = await network();
      await goTo(registries, 9, AFTER_REVEALS);
      return registries;
    }

    for (const epochs of [
      [1, 4, 8],
      [6, 7, 8],
    ] as const) {
      it(`may be any within eight in a row: ${epochs.join(", ")}`, async () => {
        const { scoreBoard, vera } = await loadFixture(nineMisses);
        await expect(scoreBoard.reportMissedReveals(vera, [...epochs])).to.emit(scoreBoard, "MissedRevealsReported");
      });
    }

    it("can't span nine epochs", async () => {
      const { scoreBoard, vera } = await loadFixture(nineMisses);
      await expect(scoreBoard.reportMissedReveals(vera, [0, 4, 8]))
        .to.be.revertedWithCustomError(scoreBoard, "EpochsTooFarApart")
        .withArgs(0, 8);
    });

    for (const epochs of [
      [6, 6, 8],
      [6, 8, 8],
      [7, 6, 8],
      [6, 8, 7],
    ] as const) {
      it(`must be different and in ascending order: not ${epochs.join(", ")}`, async () => {
        const { scoreBoard, vera } = await loadFixture(nineMisses);
        await expect(scoreBoard.reportMissedReveals(vera, [...epochs]))
          .to.be.revertedWithCustomError(scoreBoard, "EpochsNotAscending")
          .withArgs(epochs);
      });
    }
  });

  describe("the time for a report", () => {
    it("begins when the last reveal window closes", async () => {
      const registries = await loadFixture(network);
      const { scoreBoard, vera } = registries;
      const now = await nextBlockAt(registries, 3, AFTER_REVEALS, -1);
      await expect(scoreBoard.reportMissedReveals(vera, [0, 1, 2]))
        .to.be.revertedWithCustomError(scoreBoard, "ReportTooEarly")
        .withArgs(2, now + 1, now);
      await goTo(registries, 3, AFTER_REVEALS);
      await expect(scoreBoard.reportMissedReveals(vera, [0, 1, 2])).not.to.be.reverted;
    });

    it("lasts until the last second of the second epoch after the last miss", async () => {
      const registries = await loadFixture(network);
      await nextBlockAt(registries, 5, 0, -1);
      await expect(registries.scoreBoard.reportMissedReveals(registries.vera, [0, 1, 2])).not.to.be.reverted;
    });

    it("ends at the start of the third epoch after the last miss, when unstaked stake can be withdrawn", async () => {
      const registries = await loadFixture(network);
      const { scoreBoard, staking, vera } = registries;
      expect(await staking.exitDelayEpochs()).to.equal(3);
      const now = await nextBlockAt(registries, 5);
      await expect(scoreBoard.reportMissedReveals(vera, [0, 1, 2]))
        .to.be.revertedWithCustomError(scoreBoard, "ReportTooLate")
        .withArgs(2, now, now);
    });

    it("isn't over for the latest misses after 50 epochs of misses", async () => {
      const registries = await loadFixture(network);
      await goTo(registries, 50, AFTER_REVEALS);
      await expect(registries.scoreBoard.reportMissedReveals(registries.vera, [42, 48, 49])).not.to.be.reverted;
    });

    it("hasn't begun for an epoch centuries ahead", async () => {
      const registries = await loadFixture(network);
      const { scoreBoard, vera, clock } = registries;
      const lastEpoch = 2n ** 64n - 1n;
      const opensAt =
        BigInt(clock.genesisTimestamp) + (lastEpoch + 1n) * BigInt(EPOCH_SECONDS) + BigInt(2 * SLOT_SECONDS);
      const now = await nextBlockAt(registries, 3, AFTER_REVEALS);
      await expect(scoreBoard.reportMissedReveals(vera, [lastEpoch - 2n, lastEpoch - 1n, lastEpoch]))
        .to.be.revertedWithCustomError(scoreBoard, "ReportTooEarly")
        .withArgs(lastEpoch, opensAt, now);
    });
  });

  describe("a reported miss", () => {
    it("can't be reported again, even with other epochs", async () => {
      const registries = await loadFixture(threeMisses);
      const { scoreBoard, vera } = registries;
      await scoreBoard.reportMissedReveals(vera, [0, 1, 2]);
      await goTo(registries, 4, AFTER_REVEALS);
      for (const [epochs, used] of [
        [[0, 1, 2], 0],
        [[1, 2, 3], 1],
        [[2, 3, 4], 2],
      ] as const) {
        if (epochs[2] === 4) await goTo(registries, 5, AFTER_REVEALS);
        await expect(scoreBoard.reportMissedReveals(vera, [...epochs]))
          .to.be.revertedWithCustomError(scoreBoard, "AlreadyReported")
          .withArgs(vera.address, used);
      }
    });

    it("can still be reported if the slash of its first report reverts", async () => {
      const registries = await loadFixture(threeMisses);
      const { scoreBoard, staking, slasher, vera } = registries;
      await staking.connect(slasher).slash(vera, 5_000, SALT);
      await expect(scoreBoard.reportMissedReveals(vera, [0, 1, 2]))
        .to.be.revertedWithCustomError(staking, "SlashCapExceeded")
        .withArgs(vera.address, 3, 5_000, 100, 5_000);
      expect(await scoreBoard.openMisses(vera, 2)).to.deep.equal([0, 1, 2]);
      await goTo(registries, 4);
      await expect(scoreBoard.reportMissedReveals(vera, [0, 1, 2])).not.to.be.reverted;
    });

    it("doesn't protect from a second slash after three further misses, once the validator is back", async () => {
      const registries = await loadFixture(threeMisses);
      const { scoreBoard, staking, vera } = registries;
      await scoreBoard.reportMissedReveals(vera, [0, 1, 2]); // jailed in 4 and 5
      await goTo(registries, 5);
      await staking.connect(vera).unjail();
      await goTo(registries, 8, AFTER_REVEALS);
      await scoreBoard.reportMissedReveals(vera, [3, 6, 7]);
      expect(await staking.stakeAt(vera, 8)).to.equal((STAKE_WEI * 99n * 99n) / 10_000n);
    });
  });

  describe("an attack", () => {
    it("by revealing only every third epoch gets the validator slashed and jailed", async () => {
      const registries = await loadFixture(network);
      const { scoreBoard, staking, vera } = registries;
      for (const epoch of [2, 5]) await commitAndReveal(registries, vera, epoch);
      await goTo(registries, 8, AFTER_REVEALS);
      expect(await scoreBoard.openMisses(vera, 7)).to.deep.equal([0, 1, 3, 4, 6, 7]);
      await scoreBoard.reportMissedReveals(vera, [0, 1, 6]);
      await scoreBoard.reportMissedReveals(vera, [3, 4, 7]);
      expect(await staking.stakeAt(vera, 8)).to.equal((STAKE_WEI * 99n * 99n) / 10_000n);
      expect(await staking.isActive(vera, 9)).to.equal(false);
    });

    it("by reporting oneself first costs a slash, uses up only the three reported misses, and protects no others", async () => {
      const registries = await loadFixture(network);
      const { scoreBoard, staking, vera, stranger } = registries;
      await goTo(registries, 6, AFTER_REVEALS);
      await scoreBoard.connect(vera).reportMissedReveals(vera, [0, 2, 5]);
      expect(await scoreBoard.openMisses(vera, 5)).to.deep.equal([1, 3, 4]);
      await expect(scoreBoard.connect(stranger).reportMissedReveals(vera, [1, 3, 4])).not.to.be.reverted;
      expect(await staking.stakeAt(vera, 6)).to.equal((STAKE_WEI * 99n * 99n) / 10_000n);
      expect(await scoreBoard.openMisses(vera, 5)).to.deep.equal([]);
    });

    it("by missing two epochs of every eight is never punished: there are never three open misses", async () => {
      const registries = await loadFixture(network);
      const { scoreBoard, vera } = registries;
      for (let epoch = 0; epoch <= 17; epoch++) {
        if (epoch % 8 > 1) await commitAndReveal(registries, vera, epoch);
      }
      await goTo(registries, 18, AFTER_REVEALS);
      for (let lastEpoch = 0; lastEpoch <= 17; lastEpoch++) {
        expect((await scoreBoard.openMisses(vera, lastEpoch)).length).to.be.lessThan(3);
      }
    });
  });

  describe("the penalty", () => {
    /** Withdraws in epoch 6, and returns the balance afterwards. */
    async function withdrawAll(registries: Registries, validator: HardhatEthersSigner) {
      await goTo(registries, 6);
      await registries.staking.connect(validator).withdraw(validator);
      return await registries.token.balanceOf(validator);
    }

    it("is also taken from a validator that unstakes before the report", async () => {
      const registries = await loadFixture(network);
      const { scoreBoard, staking, token, vera } = registries;
      const paidForSeatWei = INITIAL_WEI - STAKE_WEI - (await token.balanceOf(vera));
      await nextBlockAt(registries, 2, 9);
      await staking.connect(vera).unstake(vera, ethers.MaxUint256);
      await nextBlockAt(registries, 5, 0, -1);
      await scoreBoard.reportMissedReveals(vera, [0, 1, 2]);
      expect(await withdrawAll(registries, vera)).to.equal(INITIAL_WEI - paidForSeatWei - PENALTY_WEI);
    });

    it("can't be avoided by a withdrawal: the stake is locked until the time for a report is over", async () => {
      const registries = await loadFixture(network);
      const { staking, vera } = registries;
      await nextBlockAt(registries, 2, 0);
      await staking.connect(vera).unstake(vera, ethers.MaxUint256);
      await nextBlockAt(registries, 5, 0, -1);
      await expect(staking.connect(vera).withdraw(vera))
        .to.be.revertedWithCustomError(staking, "NothingToWithdraw")
        .withArgs(vera.address, vera.address);
    });

    it("isn't due if the validator leaves in the second epoch, because it isn't active in the third", async () => {
      const registries = await loadFixture(network);
      const { scoreBoard, staking, vera } = registries;
      await goTo(registries, 1);
      await staking.connect(vera).unstake(vera, ethers.MaxUint256);
      await goTo(registries, 3, AFTER_REVEALS);
      await expect(scoreBoard.reportMissedReveals(vera, [0, 1, 2]))
        .to.be.revertedWithCustomError(scoreBoard, "WasNotActive")
        .withArgs(vera.address, 2);
    });

    it("is the same fraction for delegators, who chose the validator", async () => {
      const registries = await loadFixture(deployRegistries);
      const [vera, dora] = registries.people as [HardhatEthersSigner, HardhatEthersSigner];
      await joinAsValidator(registries, vera);
      await registries.staking.connect(dora).delegate(vera, 50n * MDT);
      await goTo(registries, 3, AFTER_REVEALS);
      await registries.scoreBoard.reportMissedReveals(vera, [0, 1, 2]);
      expect(await registries.staking.delegationAt(vera, dora, 3)).to.equal((50n * MDT * 99n) / 100n);
    });
  });

  describe("openMisses", () => {
    it("returns the misses of the eight epochs up to the given one, earliest first", async () => {
      const registries = await loadFixture(network);
      const { scoreBoard, vera } = registries;
      await goTo(registries, 9, AFTER_REVEALS);
      for (const [lastEpoch, misses] of [
        [0, [0]],
        [1, [0, 1]],
        [7, [0, 1, 2, 3, 4, 5, 6, 7]],
        [8, [1, 2, 3, 4, 5, 6, 7, 8]],
      ] as const) {
        expect(await scoreBoard.openMisses(vera, lastEpoch)).to.deep.equal(misses);
      }
    });

    it("counts an epoch that can still be revealed, until it is revealed", async () => {
      const registries = await loadFixture(network);
      const { scoreBoard, vera } = registries;
      await commit(registries, vera, 1);
      await goTo(registries, 2);
      expect(await scoreBoard.openMisses(vera, 1)).to.deep.equal([0, 1]);
      await scoreBoard.connect(vera).revealScores(1, EMPTY, SALT);
      expect(await scoreBoard.openMisses(vera, 1)).to.deep.equal([0]);
      expect(await scoreBoard.openMisses(vera, 2)).to.deep.equal([0, 2]);
    });

    it("omits reported misses", async () => {
      const { scoreBoard, vera } = await loadFixture(threeMisses);
      await scoreBoard.reportMissedReveals(vera, [0, 1, 2]);
      expect(await scoreBoard.openMisses(vera, 3)).to.deep.equal([3]);
    });

    it("omits epochs in which the account wasn't active, and doesn't revert for the last possible epoch", async () => {
      const { scoreBoard, dora, vera } = await loadFixture(threeMisses);
      expect(await scoreBoard.openMisses(dora, 2)).to.deep.equal([]);
      await expect(scoreBoard.openMisses(vera, 2n ** 64n - 1n)).not.to.be.reverted;
    });
  });
});
