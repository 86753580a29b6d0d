import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { type ScoreBoard } from "../../../typechain-types/ethers";
import { deploySystem } from "../../shared/deploySystem";

const SECONDS_UNTIL_GENESIS = 1_000;
const CLOCK = { slotSeconds: 10, slotsPerEpoch: 6, revealSlots: 2 };
const EPOCH_SECONDS = 60;

/** A clock alone, typed as a ScoreBoard, which has the same functions. Genesis is `secondsUntilGenesis` after the deploying block; negative if it has passed. */
async function deployWith(overrides: Partial<typeof CLOCK> = {}, secondsUntilGenesis = SECONDS_UNTIL_GENESIS) {
  const timestamp = (await time.latest()) + 1;
  await time.setNextBlockTimestamp(timestamp);
  const genesis = timestamp + secondsUntilGenesis;
  const parameters = { genesisTimestamp: genesis, ...CLOCK, ...overrides };
  const clock = (await ethers.deployContract("EpochClockHarness", [parameters])) as unknown as ScoreBoard;
  return { clock, genesis };
}

async function deployed() {
  return deployWith();
}

describe("EpochClock", () => {
  describe("constructor", () => {
    for (const [slotSeconds, slotsPerEpoch] of [
      [0, 6],
      [10, 0],
    ] as const) {
      it(`refuses epochs of ${slotsPerEpoch} slots of ${slotSeconds} seconds`, async () => {
        const { clock } = await loadFixture(deployed);
        await expect(deployWith({ slotSeconds, slotsPerEpoch }))
          .to.be.revertedWithCustomError(clock, "EmptyEpoch")
          .withArgs(slotSeconds, slotsPerEpoch);
      });
    }

    for (const revealSlots of [0, 6, 7]) {
      it(`refuses a reveal window of ${revealSlots} slots in an epoch of 6`, async () => {
        const { clock } = await loadFixture(deployed);
        await expect(deployWith({ revealSlots }))
          .to.be.revertedWithCustomError(clock, "RevealWindowOutOfRange")
          .withArgs(revealSlots, 6);
      });
    }

    it("accepts the shortest and the longest reveal window: 1 and 5 of 6 slots", async () => {
      for (const revealSlots of [1, 5]) {
        const { clock } = await deployWith({ revealSlots });
        expect(await clock.revealSlots()).to.equal(revealSlots);
      }
    });

    for (const [epochs, slotSeconds, latestSeconds] of [
      ["shorter than a day", 10, 86_400],
      ["of a week", 100_800, 604_800],
    ] as const) {
      it(`refuses a genesis longer ago than both a day and an epoch, to the second, if epochs are ${epochs}`, async () => {
        const { clock } = await loadFixture(deployed);
        await deployWith({ slotSeconds }, -latestSeconds);
        const genesis = (await time.latest()) + 1 - latestSeconds - 1;
        await expect(deployWith({ slotSeconds }, -latestSeconds - 1))
          .to.be.revertedWithCustomError(clock, "GenesisLongPast")
          .withArgs(genesis, genesis + latestSeconds);
      });
    }

    it("exposes its parameters", async () => {
      const { clock, genesis } = await loadFixture(deployed);
      expect(await clock.clockParameters()).to.deep.equal([genesis, 10, 6, 2]);
    });
  });

  describe("contracts of one deployment", () => {
    async function system() {
      return deploySystem(SECONDS_UNTIL_GENESIS);
    }

    for (const field of ["genesisTimestamp", "slotSeconds", "slotsPerEpoch", "revealSlots"] as const) {
      it(`must have the same clock: ScoreBoard refuses a Staking whose ${field} differs by one`, async () => {
        const { clock, staking, taskRegistry, scoreBoard } = await loadFixture(system);
        const other = { ...clock, [field]: clock[field] + 1 };
        await expect(ethers.deployContract("ScoreBoard", [other, staking, taskRegistry]))
          .to.be.revertedWithCustomError(scoreBoard, "ClockMismatch")
          .withArgs(await staking.getAddress());
      });
    }
  });

  describe("before genesis", () => {
    it("has neither an epoch nor a slot", async () => {
      const { clock, genesis } = await loadFixture(deployed);
      await time.increaseTo(genesis - 1);
      for (const view of ["currentEpoch", "currentSlot"] as const) {
        await expect(clock[view]())
          .to.be.revertedWithCustomError(clock, "BeforeGenesis")
          .withArgs(genesis - 1, genesis);
      }
    });

    it("makes additions and changes effective from epoch 0", async () => {
      const { clock, genesis } = await loadFixture(deployed);
      await time.increaseTo(genesis - 1);
      expect([await clock.addedCountsFrom(), await clock.nextEpoch()]).to.deep.equal([0n, 0n]);
    });
  });

  const moments: readonly (readonly [seconds: number, epoch: bigint, slot: bigint])[] = [
    [0, 0n, 0n],
    [9, 0n, 0n],
    [10, 0n, 1n],
    [59, 0n, 5n],
    [60, 1n, 6n],
    [7 * 60 - 1, 6n, 41n],
    [7 * 60, 7n, 42n],
  ];
  for (const [seconds, epoch, slot] of moments) {
    it(`is in epoch ${epoch}, slot ${slot}, ${seconds} seconds after genesis; additions count two epochs later, changes one`, async () => {
      const { clock, genesis } = await loadFixture(deployed);
      await time.increaseTo(genesis + seconds);
      expect([await clock.currentEpoch(), await clock.currentSlot()]).to.deep.equal([epoch, slot]);
      expect([await clock.addedCountsFrom(), await clock.nextEpoch()]).to.deep.equal([epoch + 2n, epoch + 1n]);
    });
  }

  it("gives the start of an epoch and the end of its reveal window, up to the last possible epoch", async () => {
    const { clock, genesis } = await loadFixture(deployed);
    const last = 2n ** 64n - 1n;
    for (const epoch of [0n, 1n, 1_000n, last]) {
      const start = BigInt(genesis) + epoch * BigInt(EPOCH_SECONDS);
      expect(await clock.epochStart(epoch)).to.equal(start);
      expect(await clock.revealEnd(epoch)).to.equal(start + BigInt(EPOCH_SECONDS) + 20n);
    }
  });
});
