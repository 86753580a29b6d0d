import { loadFixture, setStorageAt } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { type BlockRewards } from "../../typechain-types/ethers";
import { openAndSeal, STAKES_MDT } from "../shared/sealedEpoch";

/** Slots of the epoch in which leaders are counted. */
const SLOTS = 2_048;

/**
 * Draws in proportion to stake exceed this chi-square statistic (6 degrees of freedom) once in a thousand times. The
 * seeds below are fixed, so the test can't fail by chance.
 */
const CHI_SQUARE_BOUND = 22.46;
const SEEDS = ["one", "two", "three"].map((word) => ethers.id(word));

/** Storage: mapping 1 holds the rotations, whose second word is the seed. */
const ROTATIONS_MAPPING = 1n;
const SEED_WORD = 1n;

/** Overwrites the seed of `epoch`, which depends on the randomness of its block, with a known one. */
async function fixSeed(blockRewards: BlockRewards, epoch: bigint, seed: string): Promise<void> {
  const key = ethers.AbiCoder.defaultAbiCoder().encode(["uint64", "uint256"], [epoch, ROTATIONS_MAPPING]);
  await setStorageAt(await blockRewards.getAddress(), BigInt(ethers.keccak256(key)) + SEED_WORD, seed);
  expect((await blockRewards.rotationOf(epoch)).seed).to.equal(seed);
}

async function manySlots() {
  return await openAndSeal(STAKES_MDT, SLOTS);
}

describe("BlockRewards: leaders", () => {
  for (const seed of SEEDS) {
    it(`are as frequent as their stake over ${SLOTS} slots, by chi-square at one in a thousand: seed ${seed.slice(0, 10)}`, async () => {
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
});
