import {
  loadFixture,
  mine,
  setCoinbase,
  setPrevRandao,
  takeSnapshot,
} from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { type HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { expect } from "chai";
import { ethers, network as hardhatNetwork } from "hardhat";
import { deployRegistries, goTo, joinAsValidator, MDT, type Registries } from "../../shared/deployRegistries";

const VALIDATORS = 8;
const SLOTS = 96;
/** Number of different blocks that the builder of the opening block tries. */
const CANDIDATES = 50;
const RANDOM = BigInt(ethers.id("what the chain below gives the block that seals"));
const saltOf = (validator: HardhatEthersSigner) => ethers.id(`salt of ${validator.address}`);

/** Eight validators with 100 MDT each, and 1 MDT delegated to the first; all committed for epoch 0, whose reveal window is open. */
async function committed() {
  const registries = await deployRegistries({ slotsPerEpoch: SLOTS });
  const [dora, stranger, ...others] = registries.people as [
    HardhatEthersSigner,
    HardhatEthersSigner,
    ...HardhatEthersSigner[],
  ];
  const validators = others.slice(0, VALIDATORS);
  for (const validator of validators) await joinAsValidator(registries, validator, 100n);
  await registries.staking.connect(dora).delegate(validators[0]!, MDT);
  await goTo(registries, 0);
  const { scoreBoard } = registries;
  for (const validator of validators) {
    const commitment = await scoreBoard.commitmentOf(validator, 0, "0x", saltOf(validator));
    await scoreBoard.connect(validator).commitScores(commitment);
  }
  await goTo(registries, 1);
  return { ...registries, dora, stranger, validators };
}

/** The start of epoch 2, which isn't opened yet, after the first `reveals` validators have revealed. */
async function beforeOpening(reveals = VALIDATORS) {
  const registries = await committed();
  for (const validator of registries.validators.slice(0, reveals)) {
    await registries.scoreBoard.connect(validator).revealScores(0, "0x", saltOf(validator));
  }
  await goTo(registries, 2);
  return registries;
}

async function everyoneRevealed() {
  return await beforeOpening();
}

/** Seals the current epoch in a block with this randomness, and returns its leaders. */
async function leadersAfterSealing({ blockRewards }: Registries, prevRandao = RANDOM): Promise<string> {
  await setPrevRandao(prevRandao);
  await blockRewards.sealEpoch();
  return (await blockRewards.leadersOf(await blockRewards.currentEpoch())).join();
}

describe("BlockRewards: the seed", () => {
  it(`is the same for ${CANDIDATES} different blocks that open the epoch, so that their builder can't try leaders`, async () => {
    const registries = await loadFixture(everyoneRevealed);
    const { blockRewards, stranger, validators } = registries;
    const snapshot = await takeSnapshot();
    const [blockHashes, draws] = [new Set<string>(), new Set<string>()];
    for (let candidate = 0; candidate < CANDIDATES; candidate++) {
      await snapshot.restore();
      await setCoinbase(ethers.toBeHex(0xc0ffee + candidate, 20));
      await hardhatNetwork.provider.send("evm_setAutomine", [false]);
      // Extra transactions; those with a higher fee come before the opening.
      for (let extra = 0; extra < candidate % 4; extra++) {
        const fee = ethers.parseUnits(String(10 + ((candidate + extra) % 7)), "gwei");
        await validators[extra]!.sendTransaction({ to: stranger, value: candidate, maxPriorityFeePerGas: fee });
      }
      const fee = ethers.parseUnits("13", "gwei");
      await blockRewards.connect(stranger).openEpoch({ gasLimit: 1_000_000, maxPriorityFeePerGas: fee });
      await mine();
      await hardhatNetwork.provider.send("evm_setAutomine", [true]);
      blockHashes.add((await ethers.provider.getBlock("latest"))!.hash!);
      draws.add(await leadersAfterSealing(registries));
    }
    expect(blockHashes.size).to.equal(CANDIDATES);
    expect(draws.size).to.equal(1);
  });

  it("changes with the randomness of the sealing block", async () => {
    const registries = await loadFixture(everyoneRevealed);
    await registries.blockRewards.openEpoch();
    const snapshot = await takeSnapshot();
    const draws = new Set<string>();
    for (const prevRandao of [RANDOM, RANDOM + 1n]) {
      await snapshot.restore();
      draws.add(await leadersAfterSealing(registries, prevRandao));
    }
    expect(draws.size).to.equal(2);
  });

  it("changes if any one validator withholds its salt: one bit of influence for each", async () => {
    const registries = await loadFixture(committed);
    const { blockRewards, scoreBoard, validators } = registries;
    const snapshot = await takeSnapshot();
    const draws = new Set<string>();
    for (const silent of [undefined, ...validators]) {
      await snapshot.restore();
      for (const validator of validators) {
        if (validator === silent) continue;
        await scoreBoard.connect(validator).revealScores(0, "0x", saltOf(validator));
      }
      await goTo(registries, 2);
      await blockRewards.openEpoch();
      draws.add(await leadersAfterSealing(registries));
    }
    expect(draws.size).to.equal(VALIDATORS + 1);
  });

  it("still changes with the salts if every block has the same randomness", async () => {
    const draws = new Set<string>();
    for (const reveals of [VALIDATORS, VALIDATORS - 1]) {
      const registries = await beforeOpening(reveals);
      await registries.blockRewards.openEpoch();
      draws.add(await leadersAfterSealing(registries, 1n));
    }
    expect(draws.size).to.equal(2);
  });

  it("draws the same leaders if a delegator unstakes 1 or 1,000 wei", async () => {
    const registries = await loadFixture(committed);
    const { blockRewards, staking, dora, validators } = registries;
    const snapshot = await takeSnapshot();
    const draws = new Set<string>();
    for (const unstakedWei of [0n, 1n, 1_000n]) {
      await snapshot.restore();
      if (unstakedWei > 0n) await staking.connect(dora).unstake(validators[0]!, unstakedWei);
      await goTo(registries, 2);
      await blockRewards.openEpoch();
      expect((await blockRewards.rotationOf(2)).totalStakeWei).to.equal(801n * MDT - unstakedWei);
      draws.add(await leadersAfterSealing(registries));
    }
    expect(draws.size).to.equal(1);
  });
});
