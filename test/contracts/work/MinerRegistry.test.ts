import { loadFixture } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { time } from "@nomicfoundation/hardhat-network-helpers";
import { type HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { deployRegistries, MDT, MINER_PRICE, nextBlockAt } from "../../shared/deployRegistries";
import { constructorParameters } from "../../shared/taskNetwork";

const REGISTRATION_FEES = 0;
const FLOOR_WEI = MINER_PRICE.floorWei;
const SECOND_PRICE_WEI = 2_500_000_000_000_000_000n; // 2 MDT x 5/4

async function network() {
  const registries = await deployRegistries();
  const [ada, ben, cleo] = registries.people as [HardhatEthersSigner, HardhatEthersSigner, HardhatEthersSigner];
  return { ...registries, ada, ben, cleo };
}

describe("MinerRegistry", () => {
  describe("constructor", () => {
    it("exposes token and pool", async () => {
      const { taskRegistry, token, pool } = await loadFixture(network);
      expect(await taskRegistry.token()).to.equal(await token.getAddress());
      expect(await taskRegistry.pool()).to.equal(await pool.getAddress());
    });

    it("refuses a pool of another token", async () => {
      const { clock, valid, factory } = await loadFixture(constructorParameters);
      const other = await ethers.deployContract("ModernTensorToken", [[], 1n]);
      await expect(factory.deploy(clock, { ...valid, token: other }))
        .to.be.revertedWithCustomError(factory, "TokenMismatch")
        .withArgs(await valid.token.getAddress(), await other.getAddress());
    });

    it("refuses a Staking of another token or with another clock", async () => {
      const { clock, valid, factory } = await loadFixture(constructorParameters);
      const other = await deployRegistries();
      const theirs = await other.token.getAddress();
      const pool = await ethers.deployContract("RecyclingPool", [theirs]);
      await expect(factory.deploy(other.clock, { ...valid, staking: other.staking }))
        .to.be.revertedWithCustomError(factory, "TokenMismatch")
        .withArgs(theirs, await valid.token.getAddress());
      await expect(factory.deploy(clock, { ...valid, token: theirs, pool, staking: other.staking }))
        .to.be.revertedWithCustomError(factory, "ClockMismatch")
        .withArgs(await other.staking.getAddress());
    });

    it("refuses a registration price without a floor", async () => {
      const { clock, valid, factory } = await loadFixture(constructorParameters);
      await expect(factory.deploy(clock, { ...valid, minerPrice: { ...MINER_PRICE, floorWei: 0n } }))
        .to.be.revertedWithCustomError(factory, "InvalidRegistrationPrice")
        .withArgs(0, MINER_PRICE.ceilingWei, MINER_PRICE.intervalSeconds);
    });
  });

  describe("registerMiner", () => {
    it("gives the first miner id 1 and reports the epoch from which it is active", async () => {
      const { taskRegistry, ada } = await loadFixture(network);
      await expect(taskRegistry.connect(ada).registerMiner(FLOOR_WEI))
        .to.emit(taskRegistry, "MinerRegistered")
        .withArgs(1, ada.address, 0, FLOOR_WEI);
      expect(await taskRegistry.minerIdOf(ada)).to.equal(1);
      expect(await taskRegistry.minerOf(1)).to.deep.equal([ada.address, 0]);
      expect(await taskRegistry.minerCount()).to.equal(1);
    });

    it("moves the price from the miner to the pool and books it as a registration fee", async () => {
      const { taskRegistry, token, pool, ada } = await loadFixture(network);
      await expect(taskRegistry.connect(ada).registerMiner(FLOOR_WEI)).to.changeTokenBalances(
        token,
        [ada, taskRegistry, pool],
        [-FLOOR_WEI, 0, FLOOR_WEI],
      );
      expect(await pool.totalBySource(REGISTRATION_FEES)).to.equal(FLOOR_WEI);
    });

    const boundaries: [string, number, number, number][] = [
      ["a second before genesis: from epoch 0", 0, -1, 0],
      ["at genesis: from epoch 1", 0, 0, 1],
      ["in the last second of epoch 0: from epoch 1", 1, -1, 1],
      ["at the start of epoch 1: from epoch 2", 1, 0, 2],
    ];
    for (const [name, epoch, seconds, activeFromEpoch] of boundaries) {
      it(`makes a miner active from the next epoch if it registers ${name}`, async () => {
        const registries = await loadFixture(network);
        await nextBlockAt(registries, epoch, 0, seconds);
        await registries.taskRegistry.connect(registries.ada).registerMiner(FLOOR_WEI);
        expect((await registries.taskRegistry.minerOf(1)).activeFromEpoch).to.equal(activeFromEpoch);
      });
    }

    it("refuses an account that is already a miner", async () => {
      const { taskRegistry, ada } = await loadFixture(network);
      await taskRegistry.connect(ada).registerMiner(FLOOR_WEI);
      await expect(taskRegistry.connect(ada).registerMiner(ethers.MaxUint256))
        .to.be.revertedWithCustomError(taskRegistry, "MinerAlreadyRegistered")
        .withArgs(ada.address, 1);
    });

    it("refuses a price one wei above the caller's maximum", async () => {
      const { taskRegistry, ada } = await loadFixture(network);
      await expect(taskRegistry.connect(ada).registerMiner(FLOOR_WEI - 1n))
        .to.be.revertedWithCustomError(taskRegistry, "PriceAboveMaximum")
        .withArgs(FLOOR_WEI, FLOOR_WEI - 1n);
      expect(await taskRegistry.minerCount()).to.equal(0);
    });

    it("refuses a caller that has not approved the price", async () => {
      const { taskRegistry, token, ada } = await loadFixture(network);
      await token.connect(ada).approve(taskRegistry, FLOOR_WEI - 1n);
      await expect(taskRegistry.connect(ada).registerMiner(FLOOR_WEI))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
        .withArgs(await taskRegistry.getAddress(), FLOOR_WEI - 1n, FLOOR_WEI);
    });
  });

  describe("registrationPriceWei", () => {
    it("is the floor before the first registration", async () => {
      const { taskRegistry } = await loadFixture(network);
      expect(await taskRegistry.registrationPriceWei()).to.equal(FLOOR_WEI);
    });

    it("is 5/4 of the paid price right after a registration", async () => {
      const { taskRegistry, ada } = await loadFixture(network);
      await taskRegistry.connect(ada).registerMiner(FLOOR_WEI);
      expect(await taskRegistry.registrationPriceWei()).to.equal(SECOND_PRICE_WEI);
    });

    it("falls by a tenth in half an interval", async () => {
      const { taskRegistry, ada, ben } = await loadFixture(network);
      await taskRegistry.connect(ada).registerMiner(FLOOR_WEI);
      await time.setNextBlockTimestamp((await time.latest()) + 1);
      await taskRegistry.connect(ben).registerMiner(SECOND_PRICE_WEI);
      const afterTwoWei = await taskRegistry.registrationPriceWei();
      await time.increase(MINER_PRICE.intervalSeconds / 2);
      expect(await taskRegistry.registrationPriceWei()).to.equal((afterTwoWei * 9n) / 10n);
    });

    it("is the floor again an interval after the first registration", async () => {
      const { taskRegistry, ada } = await loadFixture(network);
      await taskRegistry.connect(ada).registerMiner(FLOOR_WEI);
      await time.increase(MINER_PRICE.intervalSeconds);
      expect(await taskRegistry.registrationPriceWei()).to.equal(FLOOR_WEI);
    });

    it("stops at the ceiling if many register at once", async () => {
      const { taskRegistry, people } = await loadFixture(network);
      for (const person of people.slice(0, 6)) await taskRegistry.connect(person).registerMiner(ethers.MaxUint256);
      expect(await taskRegistry.registrationPriceWei()).to.equal(5n * MDT);
    });
  });

  describe("miners", () => {
    async function threeMiners() {
      const registries = await network();
      const { taskRegistry, ada, ben, cleo } = registries;
      for (const miner of [ada, ben, cleo]) await taskRegistry.connect(miner).registerMiner(ethers.MaxUint256);
      return registries;
    }

    it("lists all miners by id", async () => {
      const { taskRegistry, ada, ben, cleo } = await loadFixture(threeMiners);
      const accounts = (await taskRegistry.miners(1, 3)).map(({ account }) => account);
      expect(accounts).to.deep.equal([ada.address, ben.address, cleo.address]);
    });

    const pages: [string, bigint, bigint, number][] = [
      ["a page of the first two", 1n, 2n, 2],
      ["a page of the last one", 3n, 1n, 1],
      ["a page cut off at the last id", 2n, 100n, 2],
      ["nothing beyond the last id", 4n, 1n, 0],
      ["nothing for a count of zero", 1n, 0n, 0],
      ["everything for the largest possible count", 1n, 2n ** 256n - 1n, 3],
      ["an empty entry for id 0, then the miners", 0n, 100n, 4],
    ];
    for (const [name, fromId, count, length] of pages) {
      it(`returns ${name}`, async () => {
        const { taskRegistry } = await loadFixture(threeMiners);
        const page = await taskRegistry.miners(fromId, count);
        expect(page.length).to.equal(length);
        for (const [i, miner] of page.entries()) {
          expect(miner).to.deep.equal(await taskRegistry.minerOf(fromId + BigInt(i)));
        }
      });
    }

    it("returns zeros for an unknown id, and id zero for an unknown account", async () => {
      const { taskRegistry, people } = await loadFixture(threeMiners);
      expect(await taskRegistry.minerOf(4)).to.deep.equal([ethers.ZeroAddress, 0]);
      expect(await taskRegistry.minerIdOf(people[10]!)).to.equal(0);
    });
  });
});
