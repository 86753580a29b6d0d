import { loadFixture } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { MDT, MINER_PRICE, TASK_TYPES } from "../../shared/deployRegistries";
import {
  EASY,
  HARD,
  UNKNOWN_TYPE,
  THIRTY_DAYS,
  RESULT,
  constructorParameters,
  network,
  withTask,
} from "../../shared/taskNetwork";

describe("TaskRegistry: what it starts with, and task types", () => {
  describe("constructor", () => {
    it("gives the roles to their holders and adds the first task types", async () => {
      const { taskRegistry, admin, governor } = await loadFixture(network);
      expect(await taskRegistry.hasRole(ethers.ZeroHash, admin)).to.equal(true);
      expect(await taskRegistry.TASK_GOVERNOR_ROLE()).to.equal(ethers.id("TASK_GOVERNOR_ROLE"));
      expect(await taskRegistry.getRoleMembers(ethers.id("TASK_GOVERNOR_ROLE"))).to.deep.equal([governor.address]);
      const types = TASK_TYPES.map((type) => [type.difficultyBps, type.isOpen, type.minFeeWei]);
      expect(await taskRegistry.taskTypes()).to.deep.equal(types);
    });

    it("keeps token, pool and the burned part for everybody to read", async () => {
      const { taskRegistry, token, pool } = await loadFixture(network);
      expect(await taskRegistry.token()).to.equal(await token.getAddress());
      expect(await taskRegistry.pool()).to.equal(await pool.getAddress());
      expect(await taskRegistry.burnBps()).to.equal(5_000);
      expect(await taskRegistry.MAX_TASK_SECONDS()).to.equal(THIRTY_DAYS);
    });

    it("refuses to burn more than the whole fee", async () => {
      const { clock, valid, factory } = await loadFixture(constructorParameters);
      await expect(factory.deploy(clock, { ...valid, burnBps: 10_001 }))
        .to.be.revertedWithCustomError(factory, "BurnShareAboveMaximum")
        .withArgs(10_001, 10_000);
      await expect(factory.deploy(clock, valid)).not.to.be.reverted;
    });

    for (const role of ["admin", "taskGovernor"]) {
      it(`refuses to be without ${role}`, async () => {
        const { clock, valid, factory } = await loadFixture(constructorParameters);
        await expect(factory.deploy(clock, { ...valid, [role]: ethers.ZeroAddress }))
          .to.be.revertedWithCustomError(factory, "InvalidAddress")
          .withArgs(role, ethers.ZeroAddress);
      });
    }

    it("refuses a pool that recycles another token", async () => {
      const { clock, valid, factory } = await loadFixture(constructorParameters);
      const other = await ethers.deployContract("ModernTensorToken", [[], 1n]);
      await expect(factory.deploy(clock, { ...valid, token: other }))
        .to.be.revertedWithCustomError(factory, "TokenMismatch")
        .withArgs(await valid.token.getAddress(), await other.getAddress());
    });

    it("refuses a registration price without a floor", async () => {
      const { clock, valid, factory } = await loadFixture(constructorParameters);
      await expect(factory.deploy(clock, { ...valid, minerPrice: { ...MINER_PRICE, floorWei: 0n } }))
        .to.be.revertedWithCustomError(factory, "InvalidRegistrationPrice")
        .withArgs(0, MINER_PRICE.ceilingWei, MINER_PRICE.halfLifeSeconds);
    });

    it("refuses a first task type that is free", async () => {
      const { clock, valid, factory } = await loadFixture(constructorParameters);
      const taskTypes = [{ ...TASK_TYPES[0], minFeeWei: 0n }];
      await expect(factory.deploy(clock, { ...valid, taskTypes })).to.be.revertedWithCustomError(
        factory,
        "ZeroMinimumFee",
      );
    });
  });

  describe("addTaskType", () => {
    it("adds an open type with the next id", async () => {
      const { taskRegistry, governor } = await loadFixture(network);
      expect(await taskRegistry.connect(governor).addTaskType.staticCall(10_000, 1)).to.equal(3);
      await expect(taskRegistry.connect(governor).addTaskType(10_000, 1))
        .to.emit(taskRegistry, "TaskTypeSet")
        .withArgs(3, 10_000, 1, true);
      expect((await taskRegistry.taskTypes())[3]).to.deep.equal([10_000, true, 1]);
    });

    it("refuses a difficulty above 100 %", async () => {
      const { taskRegistry, governor } = await loadFixture(network);
      await expect(taskRegistry.connect(governor).addTaskType(10_001, 1))
        .to.be.revertedWithCustomError(taskRegistry, "DifficultyAboveMaximum")
        .withArgs(10_001, 10_000);
    });

    it("refuses a type that costs nothing", async () => {
      const { taskRegistry, governor } = await loadFixture(network);
      await expect(taskRegistry.connect(governor).addTaskType(0, 0)).to.be.revertedWithCustomError(
        taskRegistry,
        "ZeroMinimumFee",
      );
    });

    it("refuses anybody but the task governor", async () => {
      const { taskRegistry, admin } = await loadFixture(network);
      await expect(taskRegistry.connect(admin).addTaskType(1, 1))
        .to.be.revertedWithCustomError(taskRegistry, "AccessControlUnauthorizedAccount")
        .withArgs(admin.address, ethers.id("TASK_GOVERNOR_ROLE"));
    });
  });

  describe("setTaskType", () => {
    it("changes a type", async () => {
      const { taskRegistry, governor } = await loadFixture(network);
      await expect(taskRegistry.connect(governor).setTaskType(EASY, 0, 5, false))
        .to.emit(taskRegistry, "TaskTypeSet")
        .withArgs(EASY, 0, 5, false);
      expect((await taskRegistry.taskTypes())[EASY]).to.deep.equal([0, false, 5]);
    });

    it("leaves open tasks as they were submitted", async () => {
      const { taskRegistry, governor, miner } = await loadFixture(withTask);
      await taskRegistry.connect(governor).setTaskType(HARD, 1, 100n * MDT, false);
      await taskRegistry.connect(miner).completeTask(1, RESULT);
      expect(await taskRegistry.epochTasks(0)).to.deep.equal([1, 8_000]);
    });

    it("refuses an id that was not given", async () => {
      const { taskRegistry, governor } = await loadFixture(network);
      await expect(taskRegistry.connect(governor).setTaskType(UNKNOWN_TYPE, 1, 1, true))
        .to.be.revertedWithCustomError(taskRegistry, "UnknownTaskType")
        .withArgs(UNKNOWN_TYPE);
    });

    it("refuses a difficulty above 100 % and a type that costs nothing", async () => {
      const { taskRegistry, governor } = await loadFixture(network);
      await expect(taskRegistry.connect(governor).setTaskType(EASY, 10_001, 1, true))
        .to.be.revertedWithCustomError(taskRegistry, "DifficultyAboveMaximum")
        .withArgs(10_001, 10_000);
      await expect(taskRegistry.connect(governor).setTaskType(EASY, 1, 0, true)).to.be.revertedWithCustomError(
        taskRegistry,
        "ZeroMinimumFee",
      );
    });

    it("refuses anybody but the task governor", async () => {
      const { taskRegistry, stranger } = await loadFixture(network);
      await expect(taskRegistry.connect(stranger).setTaskType(EASY, 1, 1, true))
        .to.be.revertedWithCustomError(taskRegistry, "AccessControlUnauthorizedAccount")
        .withArgs(stranger.address, ethers.id("TASK_GOVERNOR_ROLE"));
    });
  });
});
