import { loadFixture } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { goTo } from "../../shared/deployRegistries";
import { openAndSeal, STAKES_MDT } from "../../shared/sealedEpoch";

/** Slots per epoch in tests that check each slot. */
const FEW_SLOTS = 64;

async function sevenValidators() {
  return await openAndSeal(STAKES_MDT, FEW_SLOTS);
}

async function oneValidator() {
  return await openAndSeal([32n], FEW_SLOTS);
}

/** A second implementation of the rule: scale the hash to the total, and walk along the stakes until that point is passed. */
function leaderByWalking(seed: string, slot: number, validators: string[], stakesWei: bigint[]): string {
  const hash = ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(["bytes32", "uint64"], [seed, slot]));
  const totalWei = stakesWei.reduce((sumWei, stakeWei) => sumWei + stakeWei, 0n);
  let pointWei = (BigInt(ethers.dataSlice(hash, 0, 16)) * totalWei) / 2n ** 128n;
  for (const [i, stakeWei] of stakesWei.entries()) {
    if (pointWei < stakeWei) return validators[i]!;
    pointWei -= stakeWei;
  }
  throw new Error("the point lies beyond all stakes");
}

describe("BlockRewards: leaders", () => {
  it("are the validators whose range of the total stake contains the slot's point", async () => {
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

  it("are always the same validator if only one is active", async () => {
    const { blockRewards, people } = await loadFixture(oneValidator);
    expect(new Set(await blockRewards.leadersOf(0))).to.deep.equal(new Set([people[0]!.address]));
  });

  it("are drawn again in each epoch", async () => {
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

  it("do not exist in an epoch that is opened but not sealed", async () => {
    const registries = await loadFixture(sevenValidators);
    const { blockRewards } = registries;
    await goTo(registries, 1);
    await blockRewards.openEpoch();
    expect(await blockRewards.leaderOf(FEW_SLOTS)).to.equal(ethers.ZeroAddress);
    expect(await blockRewards.leadersOf(1)).to.deep.equal([]);
  });
});
