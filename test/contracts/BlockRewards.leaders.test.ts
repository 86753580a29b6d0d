import { loadFixture, setStorageAt } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import hre, { ethers } from "hardhat";
import { type BlockRewards } from "../../typechain-types";
import { deployRegistries, goTo, joinAsValidator, type Registries } from "../shared/deployRegistries";

/** Slots per epoch where every slot is looked at one by one. */
const FEW_SLOTS = 64;

/** Slots per epoch where frequencies are counted. */
const SLOTS = 2_048;

/** Stakes from smallest to largest; the smallest expects 64 of the slots. */
const STAKES_MDT = [32n, 33n, 64n, 100n, 150n, 200n, 444n];

/**
 * Draws in proportion to stake exceed this chi-square statistic (6 degrees of freedom) once in a thousand times. The
 * seeds below are fixed, so the test can't fail by chance.
 */
const CHI_SQUARE_BOUND = 22.46;
const SEEDS = ["one", "two", "three"].map((word) => ethers.id(word));

/** Storage: mapping 1 holds the rotations, whose second word is the seed. */
const ROTATIONS_MAPPING = 1n;
const SEED_WORD = 1n;

/** Overwrites the seed of `epoch`, which depends on block hashes and so on the time of day, by a known one. */
async function fixSeed(blockRewards: BlockRewards, epoch: bigint, seed: string): Promise<void> {
  const key = ethers.AbiCoder.defaultAbiCoder().encode(["uint64", "uint256"], [epoch, ROTATIONS_MAPPING]);
  await setStorageAt(await blockRewards.getAddress(), BigInt(ethers.keccak256(key)) + SEED_WORD, seed);
  expect((await blockRewards.rotationOf(epoch)).seed).to.equal(seed);
}

/** Coverage traces every step of the EVM, which would turn a second of counting into minutes; it covers nothing new. */
const isCoverageRunning = "__SOLIDITY_COVERAGE_RUNNING" in hre && hre.__SOLIDITY_COVERAGE_RUNNING === true;

async function openAndSeal(stakesMdt: readonly bigint[], slotsPerEpoch: number): Promise<Registries> {
  const registries = await deployRegistries({ slotsPerEpoch, maximumSeats: 100 });
  for (const [i, stakeMdt] of stakesMdt.entries()) await joinAsValidator(registries, registries.people[i]!, stakeMdt);
  await goTo(registries, 0);
  await registries.blockRewards.openEpoch();
  await registries.blockRewards.sealEpoch();
  return registries;
}

async function sevenValidators() {
  return await openAndSeal(STAKES_MDT, FEW_SLOTS);
}

async function manySlots() {
  return await openAndSeal(STAKES_MDT, SLOTS);
}

async function oneValidator() {
  return await openAndSeal([32n], FEW_SLOTS);
}

/** The rule in words of its own: walk along the stakes until the point is passed. */
function leaderByWalking(seed: string, slot: number, validators: string[], stakesWei: bigint[]): string {
  const hash = ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(["bytes32", "uint64"], [seed, slot]));
  let pointWei = BigInt(hash) % stakesWei.reduce((sumWei, stakeWei) => sumWei + stakeWei, 0n);
  for (const [i, stakeWei] of stakesWei.entries()) {
    if (pointWei < stakeWei) return validators[i]!;
    pointWei -= stakeWei;
  }
  throw new Error("the point lies beyond all stakes");
}

describe("BlockRewards: leaders", () => {
  it("are those on whose stretch of the total stake the slot's point falls", async () => {
    const { blockRewards } = await loadFixture(sevenValidators);
    const { seed } = await blockRewards.rotationOf(0);
    const { validators, stakesWei } = await blockRewards.candidatesOf(0);
    const leaders = await blockRewards.leadersOf(0);
    expect(leaders.length).to.equal(FEW_SLOTS);
    for (const [slot, leader] of leaders.entries()) {
      expect(leader).to.equal(leaderByWalking(seed, slot, [...validators], [...stakesWei]));
    }
    expect(await blockRewards.leaderOf(17)).to.equal(leaders[17]);
  });

  it("are always the only validator where there is one", async () => {
    const { blockRewards, people } = await loadFixture(oneValidator);
    expect(new Set(await blockRewards.leadersOf(0))).to.deep.equal(new Set([people[0]!.address]));
  });

  for (const seed of SEEDS) {
    it(`are as frequent as their stake over ${SLOTS} slots, by chi-square at one in a thousand: seed ${seed.slice(0, 10)}`, async function () {
      if (isCoverageRunning) this.skip();
      const { blockRewards, people } = await loadFixture(manySlots);
      await fixSeed(blockRewards, 0n, seed);
      const leaders = await blockRewards.leadersOf(0);
      const totalMdt = STAKES_MDT.reduce((sum, stakeMdt) => sum + stakeMdt, 0n);
      let chiSquare = 0;
      for (const [i, stakeMdt] of STAKES_MDT.entries()) {
        const observed = leaders.filter((leader) => leader === people[i]!.address).length;
        const expected = (SLOTS * Number(stakeMdt)) / Number(totalMdt);
        chiSquare += (observed - expected) ** 2 / expected;
      }
      expect(chiSquare).to.be.lessThan(CHI_SQUARE_BOUND);
    });
  }

  it("are drawn anew in each epoch", async () => {
    const registries = await loadFixture(sevenValidators);
    const { blockRewards } = registries;
    await goTo(registries, 1);
    await blockRewards.openEpoch();
    await blockRewards.sealEpoch();
    const [first, second] = [await blockRewards.leadersOf(0), await blockRewards.leadersOf(1)];
    expect(second.length).to.equal(FEW_SLOTS);
    expect(second).not.to.deep.equal(first);
    expect(await blockRewards.leaderOf(FEW_SLOTS)).to.equal(second[0]);
  });

  it("are none in an epoch that is opened and not sealed", async () => {
    const registries = await loadFixture(sevenValidators);
    const { blockRewards } = registries;
    await goTo(registries, 1);
    await blockRewards.openEpoch();
    expect(await blockRewards.leaderOf(FEW_SLOTS)).to.equal(ethers.ZeroAddress);
    expect(await blockRewards.leadersOf(1)).to.deep.equal([]);
  });
});
