import { loadFixture } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { deployRegistries, FEE_RULE, goTo, MDT, NO_PROOF, startOf, TASK_TYPES } from "../../shared/deployRegistries";
import {
  constructorParameters,
  EASY,
  HARD,
  INPUT,
  MINER,
  network,
  RESULT,
  UNKNOWN_TYPE,
  withTask,
} from "../../shared/taskNetwork";

const GOVERNOR_ROLE = ethers.id("TASK_GOVERNOR_ROLE");
/** Floors of `FEE_RULE`: 0.5 MDT, and 1 MDT times the difficulty. */
const FLOOR_OF_1_BPS = MDT / 2n + MDT / 10_000n;
const FLOOR_OF_ALL = MDT / 2n + MDT;

const NONE = Object.values(NO_PROOF) as [string, string];

describe("TaskTypes", () => {
  describe("constructor", () => {
    it("gives the roles to their holders and adds the initial task types", async () => {
      const { taskRegistry, admin, governor } = await loadFixture(network);
      expect(await taskRegistry.hasRole(ethers.ZeroHash, admin)).to.equal(true);
      expect(await taskRegistry.TASK_GOVERNOR_ROLE()).to.equal(GOVERNOR_ROLE);
      expect(await taskRegistry.getRoleMembers(GOVERNOR_ROLE)).to.deep.equal([governor.address]);
      const types = TASK_TYPES.map((type) => [type.difficultyBps, type.isOpen, type.minFeeWei, ...NONE]);
      expect(await taskRegistry.taskTypes()).to.deep.equal(types);
    });

    it("exposes the parameters of the fee floors", async () => {
      const { taskRegistry } = await loadFixture(network);
      expect(await taskRegistry.volumeFeeWei()).to.equal(FEE_RULE.volumeFeeWei);
      expect(await taskRegistry.difficultyFeeWei()).to.equal(FEE_RULE.difficultyFeeWei);
      expect(await taskRegistry.halvingIntervalEpochs()).to.equal(FEE_RULE.halvingIntervalEpochs);
    });

    for (const role of ["admin", "taskGovernor"]) {
      it(`refuses the zero address as ${role}`, async () => {
        const { clock, valid, factory } = await loadFixture(constructorParameters);
        await expect(factory.deploy(clock, { ...valid, [role]: ethers.ZeroAddress }))
          .to.be.revertedWithCustomError(factory, "InvalidAddress")
          .withArgs(role, ethers.ZeroAddress);
      });
    }

    for (const name of ["volumeFeeWei", "difficultyFeeWei", "halvingIntervalEpochs"] as const) {
      it(`refuses a ${name} of zero`, async () => {
        const { clock, valid, factory } = await loadFixture(constructorParameters);
        const wrong = { ...FEE_RULE, [name]: 0n };
        await expect(factory.deploy(clock, { ...valid, feeRule: wrong }))
          .to.be.revertedWithCustomError(factory, "InvalidFeeRule")
          .withArgs(wrong.volumeFeeWei, wrong.difficultyFeeWei, wrong.halvingIntervalEpochs);
      });
    }

    it("refuses an initial type with a minimum fee one wei below its floor, and accepts one at the floor", async () => {
      const { clock, valid, factory } = await loadFixture(constructorParameters);
      const typeOf = (minFeeWei: bigint) => [{ difficultyBps: 10_000, isOpen: true, minFeeWei, ...NO_PROOF }];
      await expect(factory.deploy(clock, { ...valid, taskTypes: typeOf(FLOOR_OF_ALL - 1n) }))
        .to.be.revertedWithCustomError(factory, "MinimumFeeBelowFloor")
        .withArgs(FLOOR_OF_ALL - 1n, FLOOR_OF_ALL);
      await expect(factory.deploy(clock, { ...valid, taskTypes: typeOf(FLOOR_OF_ALL) })).not.to.be.reverted;
    });

    it("rounds a floor up to the wei", async () => {
      const { clock, valid, factory } = await loadFixture(constructorParameters);
      const taskTypes = [{ difficultyBps: 9_999, isOpen: true, minFeeWei: 2n, ...NO_PROOF }];
      const feeRule = { ...FEE_RULE, volumeFeeWei: 1n, difficultyFeeWei: 3n };
      await expect(factory.deploy(clock, { ...valid, feeRule, taskTypes }))
        .to.be.revertedWithCustomError(factory, "MinimumFeeBelowFloor")
        .withArgs(2, 4);
    });

    it("refuses a type whose floor is above the highest possible fee", async () => {
      const { clock, valid, factory } = await loadFixture(constructorParameters);
      const most = 2n ** 128n - 1n;
      const taskTypes = [{ difficultyBps: 10_000, isOpen: true, minFeeWei: most, ...NO_PROOF }];
      const feeRule = { ...FEE_RULE, volumeFeeWei: most, difficultyFeeWei: most };
      await expect(factory.deploy(clock, { ...valid, feeRule, taskTypes }))
        .to.be.revertedWithCustomError(factory, "MinimumFeeBelowFloor")
        .withArgs(most, 2n * most);
    });
  });

  describe("addTaskType", () => {
    it("adds an open type with the next id", async () => {
      const { taskRegistry, governor } = await loadFixture(network);
      expect(await taskRegistry.connect(governor).addTaskType.staticCall(10_000, FLOOR_OF_ALL, ...NONE)).to.equal(3);
      await expect(taskRegistry.connect(governor).addTaskType(10_000, FLOOR_OF_ALL, ...NONE))
        .to.emit(taskRegistry, "TaskTypeSet")
        .withArgs(3, 10_000, FLOOR_OF_ALL, true, ...NONE);
      expect((await taskRegistry.taskTypes())[3]).to.deep.equal([10_000, true, FLOOR_OF_ALL, ...NONE]);
    });

    it("refuses every caller but the task governor", async () => {
      const { taskRegistry, admin } = await loadFixture(network);
      await expect(taskRegistry.connect(admin).addTaskType(1, MDT, ...NONE))
        .to.be.revertedWithCustomError(taskRegistry, "AccessControlUnauthorizedAccount")
        .withArgs(admin.address, GOVERNOR_ROLE);
    });
  });

  describe("setTaskType", () => {
    it("changes a type", async () => {
      const { taskRegistry, governor } = await loadFixture(network);
      await expect(taskRegistry.connect(governor).setTaskType(EASY, 1, FLOOR_OF_1_BPS, false))
        .to.emit(taskRegistry, "TaskTypeSet")
        .withArgs(EASY, 1, FLOOR_OF_1_BPS, false, ...NONE);
      expect((await taskRegistry.taskTypes())[EASY]).to.deep.equal([1, false, FLOOR_OF_1_BPS, ...NONE]);
    });

    it("does not change open tasks", async () => {
      const { taskRegistry, governor, miner } = await loadFixture(withTask);
      await taskRegistry.connect(governor).setTaskType(HARD, 1, 100n * MDT, false);
      await taskRegistry.connect(miner).completeTask(1, RESULT, "0x");
      expect(await taskRegistry.epochTasks(0)).to.deep.equal([1, 8_000]);
    });

    it("refuses an unknown id", async () => {
      const { taskRegistry, governor } = await loadFixture(network);
      await expect(taskRegistry.connect(governor).setTaskType(UNKNOWN_TYPE, 1, MDT, true))
        .to.be.revertedWithCustomError(taskRegistry, "UnknownTaskType")
        .withArgs(UNKNOWN_TYPE);
    });

    it("refuses every caller but the task governor", async () => {
      const { taskRegistry, stranger } = await loadFixture(network);
      await expect(taskRegistry.connect(stranger).setTaskType(EASY, 1, MDT, true))
        .to.be.revertedWithCustomError(taskRegistry, "AccessControlUnauthorizedAccount")
        .withArgs(stranger.address, GOVERNOR_ROLE);
    });
  });

  describe("a governor, or a thief of the role,", () => {
    const ways: [string, number, bigint, bigint][] = [
      ["one wei for the maximum difficulty", 10_000, 1n, FLOOR_OF_ALL],
      ["zero", 1, 0n, FLOOR_OF_1_BPS],
      ["one wei less than the floor", 1, FLOOR_OF_1_BPS - 1n, FLOOR_OF_1_BPS],
      ["an amount that is enough only for less difficulty", 10_000, MDT, FLOOR_OF_ALL],
    ];
    for (const [name, difficultyBps, minFeeWei, floorWei] of ways) {
      it(`can't set a minimum fee of ${name}: neither in a new, open or closed type, nor after a halving`, async () => {
        const registries = await loadFixture(network);
        const { admin, stranger } = registries;
        await registries.taskRegistry.connect(admin).grantRole(GOVERNOR_ROLE, stranger);
        const taskRegistry = registries.taskRegistry.connect(stranger);
        const attempts = [
          () => taskRegistry.addTaskType(difficultyBps, minFeeWei, ...NONE),
          () => taskRegistry.setTaskType(EASY, difficultyBps, minFeeWei, true),
          () => taskRegistry.setTaskType(EASY, difficultyBps, minFeeWei, false),
        ];
        for (const epoch of [1, FEE_RULE.halvingIntervalEpochs]) {
          await goTo(registries, epoch);
          for (const attempt of attempts) {
            await expect(attempt())
              .to.be.revertedWithCustomError(taskRegistry, "MinimumFeeBelowFloor")
              .withArgs(minFeeWei, floorWei);
          }
        }
      });
    }

    for (const difficultyBps of [0, 10_001]) {
      it(`can't set a difficulty of ${difficultyBps} bps`, async () => {
        const { taskRegistry, governor } = await loadFixture(network);
        for (const attempt of [
          () => taskRegistry.connect(governor).addTaskType(difficultyBps, 100n * MDT, ...NONE),
          () => taskRegistry.connect(governor).setTaskType(EASY, difficultyBps, 100n * MDT, true),
        ]) {
          await expect(attempt())
            .to.be.revertedWithCustomError(taskRegistry, "DifficultyOutOfRange")
            .withArgs(difficultyBps, 10_000);
        }
      });
    }
  });

  describe("minimumFeeWei", () => {
    it("is the minimum of the type before genesis and until the first halving", async () => {
      const registries = await loadFixture(deployRegistries);
      await goTo(registries, 0, 0, -1);
      expect(await registries.taskRegistry.minimumFeeWei(HARD)).to.equal(4n * MDT);
      await goTo(registries, FEE_RULE.halvingIntervalEpochs, 0, -1);
      expect(await registries.taskRegistry.minimumFeeWei(HARD)).to.equal(4n * MDT);
    });

    it("halves with every interval, for every type", async () => {
      const registries = await loadFixture(network);
      for (const halvings of [1, 2, 3]) {
        await goTo(registries, halvings * FEE_RULE.halvingIntervalEpochs);
        for (const [typeId, { minFeeWei }] of TASK_TYPES.entries()) {
          expect(await registries.taskRegistry.minimumFeeWei(typeId)).to.equal(minFeeWei / 2n ** BigInt(halvings));
        }
      }
    });

    it("applies to submissions: half of it is refused just before the first halving, and accepted after it", async () => {
      const registries = await loadFixture(network);
      const { taskRegistry, client } = registries;
      const halving = FEE_RULE.halvingIntervalEpochs;
      const submit = (feeWei: bigint) =>
        taskRegistry.connect(client).submitTask(MINER, HARD, feeWei, startOf(registries, halving, 5), INPUT, "0x");
      await goTo(registries, halving, 0, -2);
      await expect(submit(2n * MDT))
        .to.be.revertedWithCustomError(taskRegistry, "FeeBelowMinimum")
        .withArgs(HARD, 2n * MDT, 4n * MDT);
      await goTo(registries, halving);
      await expect(submit(2n * MDT - 1n))
        .to.be.revertedWithCustomError(taskRegistry, "FeeBelowMinimum")
        .withArgs(HARD, 2n * MDT - 1n, 2n * MDT);
      await expect(submit(2n * MDT)).not.to.be.reverted;
    });

    it("is rounded up to the wei", async () => {
      const registries = await loadFixture(network);
      const { taskRegistry, governor } = registries;
      await taskRegistry.connect(governor).setTaskType(EASY, 1_000, MDT + 1n, true);
      await goTo(registries, FEE_RULE.halvingIntervalEpochs);
      expect(await taskRegistry.minimumFeeWei(EASY)).to.equal(MDT / 2n + 1n);
    });

    it("never falls below one wei, however many halvings there are", async () => {
      const registries = await loadFixture(network);
      const { taskRegistry, governor } = registries;
      await taskRegistry.connect(governor).setTaskType(EASY, 1_000, 2n ** 128n - 1n, true);
      for (const [halvings, expectedWei] of [
        [127, 2n],
        [128, 1n],
        [129, 1n],
        [256, 1n],
        [300, 1n],
      ] as const) {
        await goTo(registries, halvings * FEE_RULE.halvingIntervalEpochs);
        expect(await taskRegistry.minimumFeeWei(EASY)).to.equal(expectedWei);
      }
    });

    it("reverts for an unknown type", async () => {
      const { taskRegistry } = await loadFixture(network);
      await expect(taskRegistry.minimumFeeWei(UNKNOWN_TYPE))
        .to.be.revertedWithCustomError(taskRegistry, "UnknownTaskType")
        .withArgs(UNKNOWN_TYPE);
    });
  });
});
