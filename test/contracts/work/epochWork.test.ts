import { loadFixture } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { type HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { CLOSING_SLOTS, deployRegistries, goTo, MDT, nextBlockAt, startOf } from "../../shared/deployRegistries";
import { constructorParameters, EASY, HARD, INPUT, MINER, network, RESULT, withTask } from "../../shared/taskNetwork";

/** The work of a miner that has completed no task. */
const NOTHING = [0, 0, 0];

describe("The work of an epoch", () => {
  describe("constructor", () => {
    it("exposes the number of closing slots", async () => {
      const { taskRegistry } = await loadFixture(network);
      expect(await taskRegistry.closingSlots()).to.equal(CLOSING_SLOTS);
    });

    for (const closingSlots of [0, 10, 11]) {
      it(`refuses work that closes ${closingSlots} slots before the end of an epoch of 10`, async () => {
        const { clock, valid, factory } = await loadFixture(constructorParameters);
        await expect(factory.deploy(clock, { ...valid, closingSlots }))
          .to.be.revertedWithCustomError(factory, "ClosingSlotsOutOfRange")
          .withArgs(closingSlots, 10);
      });
    }

    for (const closingSlots of [1, 9]) {
      it(`accepts ${closingSlots} closing slots in an epoch of 10`, async () => {
        const { clock, valid, factory } = await loadFixture(constructorParameters);
        await expect(factory.deploy(clock, { ...valid, closingSlots })).not.to.be.reverted;
      });
    }
  });

  describe("workEpoch", () => {
    const moments: [string, number, number, number, number][] = [
      ["at genesis", 0, 0, 0, 0],
      ["in the last second before work closes", 0, 8, -1, 0],
      ["in the first second of the closing slots", 0, 8, 0, 1],
      ["in the last second of epoch 0", 1, 0, -1, 1],
      ["at the start of epoch 1", 1, 0, 0, 1],
      ["in the closing slots of epoch 1", 1, 8, 0, 2],
    ];
    for (const [name, epoch, slot, seconds, counted] of moments) {
      it(`is ${counted} ${name}`, async () => {
        const registries = await loadFixture(deployRegistries);
        await goTo(registries, epoch, slot, seconds);
        expect(await registries.taskRegistry.workEpoch()).to.equal(counted);
      });
    }

    it("reverts before genesis", async () => {
      const registries = await loadFixture(deployRegistries);
      await goTo(registries, 0, 0, -1);
      const genesis = startOf(registries, 0);
      await expect(registries.taskRegistry.workEpoch())
        .to.be.revertedWithCustomError(registries.taskRegistry, "BeforeGenesis")
        .withArgs(genesis - 1, genesis);
    });
  });

  describe("the counted work", () => {
    it("is the task, its difficulty and its whole fee, in the epoch of completion, not of submission", async () => {
      const registries = await loadFixture(withTask);
      const { taskRegistry, miner, feeWei } = registries;
      await goTo(registries, 1);
      await taskRegistry.connect(miner).completeTask(1, RESULT, "0x");
      expect(await taskRegistry.epochTasks(0)).to.deep.equal([0, 0]);
      expect(await taskRegistry.epochTasks(1)).to.deep.equal([1, 8_000]);
      expect(await taskRegistry.minerWork(0, 1, 2)).to.deep.equal([NOTHING, NOTHING]);
      expect(await taskRegistry.minerWork(1, 1, 2)).to.deep.equal([[1, feeWei, 0], NOTHING]);
    });

    it("does not include a refunded task", async () => {
      const registries = await loadFixture(withTask);
      await goTo(registries, 1, 5);
      await registries.taskRegistry.refundTask(1);
      for (const epoch of [0, 1]) {
        expect(await registries.taskRegistry.epochTasks(epoch)).to.deep.equal([0, 0]);
        expect(await registries.taskRegistry.minerWork(epoch, MINER, 1)).to.deep.equal([NOTHING]);
      }
    });

    const boundaries: [string, number, number, number, number][] = [
      ["in the last second before work closes, for the running epoch", 0, 8, -1, 0],
      ["in the first second of the closing slots, for the next epoch", 0, 8, 0, 1],
      ["in the last second of an epoch, for the next epoch", 1, 0, -1, 1],
      ["in the first second of an epoch, for that epoch", 1, 0, 0, 1],
    ];
    for (const [name, epoch, slot, seconds, counted] of boundaries) {
      it(`includes a completion ${name}, with the same epoch in event, tasks, difficulty and fee`, async () => {
        const registries = await loadFixture(withTask);
        const { taskRegistry, miner, feeWei } = registries;
        const burnedWei = feeWei / 2n;
        await nextBlockAt(registries, epoch, slot, seconds);
        await expect(taskRegistry.connect(miner).completeTask(1, RESULT, "0x"))
          .to.emit(taskRegistry, "TaskCompleted")
          .withArgs(1, MINER, counted, RESULT, burnedWei, feeWei - burnedWei, "0x");
        for (const e of [0, 1, 2]) {
          const isCounted = e === counted;
          expect(await taskRegistry.epochTasks(e)).to.deep.equal(isCounted ? [1, 8_000] : [0, 0]);
          expect(await taskRegistry.minerWork(e, MINER, 1)).to.deep.equal([isCounted ? [1, feeWei, 0] : NOTHING]);
        }
      });
    }

    it("adds up over tasks, and doesn't change after the epoch's work has closed", async () => {
      const registries = await loadFixture(network);
      const { taskRegistry, miner, client } = registries;
      const feesWei = [MDT, 4n * MDT + 1n, 3n * MDT];
      for (const [i, feeWei] of feesWei.entries()) {
        const typeId = i === 1 ? HARD : EASY;
        await taskRegistry.connect(client).submitTask(MINER, typeId, feeWei, startOf(registries, 2), INPUT, "0x");
      }
      await taskRegistry.connect(miner).completeTask(1, RESULT, "0x");
      await taskRegistry.connect(miner).completeTask(2, RESULT, "0x");
      await goTo(registries, 0, 8);
      await taskRegistry.connect(miner).completeTask(3, RESULT, "0x");
      expect(await taskRegistry.epochTasks(0)).to.deep.equal([2, 9_000]);
      expect(await taskRegistry.epochTasks(1)).to.deep.equal([1, 1_000]);
      expect(await taskRegistry.minerWork(0, MINER, 1)).to.deep.equal([[2, 5n * MDT + 1n, 0]]);
      expect(await taskRegistry.minerWork(1, MINER, 1)).to.deep.equal([[1, 3n * MDT, 0]]);
    });

    it("is separate for each of twenty miners, and returned in pages up to the last", async () => {
      const registries = await loadFixture(deployRegistries);
      const { taskRegistry, people } = registries;
      const [client, ...miners] = people.slice(0, 21) as [HardhatEthersSigner, ...HardhatEthersSigner[]];
      for (const miner of miners) await taskRegistry.connect(miner).registerMiner(ethers.MaxUint256);
      await goTo(registries, 0);
      const completedBy = miners.map((_, i) => (i * 7) % 4);
      let taskId = 0;
      for (const [i, miner] of miners.entries()) {
        for (let k = 0; k < completedBy[i]!; ++k) {
          const feeWei = MDT + BigInt(i);
          await taskRegistry.connect(client).submitTask(i + 1, EASY, feeWei, startOf(registries, 99), INPUT, "0x");
          await taskRegistry.connect(miner).completeTask(++taskId, RESULT, "0x");
        }
      }
      const expected = completedBy.map((count, i) => [count, BigInt(count) * (MDT + BigInt(i)), 0]);
      expect(await taskRegistry.minerWork(0, 1, 20)).to.deep.equal(expected);
      expect((await taskRegistry.minerWork(0, 17, 100)).length).to.equal(4);
      expect((await taskRegistry.minerWork(0, 21, 1)).length).to.equal(0);
      expect((await taskRegistry.epochTasks(0)).completed).to.equal(taskId);
    });
  });
});
