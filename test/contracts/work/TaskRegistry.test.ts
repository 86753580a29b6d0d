import { loadFixture } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { time } from "@nomicfoundation/hardhat-network-helpers";
import { type HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { deployRegistries, goTo, MDT, nextBlockAt, startOf } from "../../shared/deployRegistries";
import {
  EASY,
  HARD,
  UNKNOWN_TYPE,
  TASK_FEES,
  THIRTY_DAYS,
  NONE,
  OPEN,
  COMPLETED,
  REFUNDED,
  INPUT,
  RESULT,
  MINER,
  LATE_MINER,
  network,
  burningEverything,
  burningNothing,
  constructorParameters,
  withTask,
} from "../../shared/taskNetwork";

describe("TaskRegistry", () => {
  describe("constructor", () => {
    it("exposes the burned share and the maximum time of a task", async () => {
      const { taskRegistry } = await loadFixture(network);
      expect(await taskRegistry.burnBps()).to.equal(5_000);
      expect(await taskRegistry.MAX_TASK_SECONDS()).to.equal(THIRTY_DAYS);
    });

    it("refuses to burn more than the whole fee", async () => {
      const { clock, valid, factory } = await loadFixture(constructorParameters);
      await expect(factory.deploy(clock, { ...valid, burnBps: 10_001 }))
        .to.be.revertedWithCustomError(factory, "BurnShareAboveMaximum")
        .withArgs(10_001, 10_000);
      await expect(factory.deploy(clock, { ...valid, burnBps: 10_000 })).not.to.be.reverted;
    });
  });

  describe("submitTask", () => {
    it("takes the fee into escrow and emits the task", async () => {
      const registries = await loadFixture(network);
      const { taskRegistry, token, client } = registries;
      const deadline = startOf(registries, 1);
      const submission = taskRegistry.connect(client).submitTask(MINER, HARD, 4n * MDT, deadline, INPUT, "0x");
      await expect(submission).to.changeTokenBalances(token, [client, taskRegistry], [-4n * MDT, 4n * MDT]);
      await expect(submission)
        .to.emit(taskRegistry, "TaskSubmitted")
        .withArgs(1, client.address, MINER, HARD, 4n * MDT, 8_000, deadline, INPUT, "0x");
      expect(await taskRegistry.taskOf(1)).to.deep.equal([
        ...[client.address, deadline, MINER, 4n * MDT, HARD, 8_000, OPEN, false],
      ]);
      expect(await taskRegistry.taskCount()).to.equal(1);
      expect(await taskRegistry.openFeesWei()).to.equal(4n * MDT);
    });

    it("accepts a task before genesis, with a deadline after it", async () => {
      const registries = await loadFixture(deployRegistries);
      const [miner, client] = registries.people as [HardhatEthersSigner, HardhatEthersSigner];
      await registries.taskRegistry.connect(miner).registerMiner(ethers.MaxUint256);
      const deadline = startOf(registries, 0, 1);
      await registries.taskRegistry.connect(client).submitTask(MINER, EASY, MDT, deadline, INPUT, "0x");
      expect((await registries.taskRegistry.taskOf(1)).status).to.equal(OPEN);
    });

    it("refuses an unknown type", async () => {
      const registries = await loadFixture(network);
      const { taskRegistry, client } = registries;
      await expect(
        taskRegistry.connect(client).submitTask(MINER, UNKNOWN_TYPE, MDT, startOf(registries, 1), INPUT, "0x"),
      )
        .to.be.revertedWithCustomError(taskRegistry, "UnknownTaskType")
        .withArgs(UNKNOWN_TYPE);
    });

    it("refuses a closed type, and accepts it once it is open again", async () => {
      const registries = await loadFixture(network);
      const { taskRegistry, governor, client } = registries;
      const submit = () =>
        taskRegistry.connect(client).submitTask(MINER, EASY, MDT, startOf(registries, 1), INPUT, "0x");
      await taskRegistry.connect(governor).setTaskType(EASY, 1_000, MDT, false);
      await expect(submit()).to.be.revertedWithCustomError(taskRegistry, "TaskTypeClosed").withArgs(EASY);
      await taskRegistry.connect(governor).setTaskType(EASY, 1_000, MDT, true);
      await expect(submit()).not.to.be.reverted;
    });

    it("refuses a fee one wei below the type's minimum", async () => {
      const registries = await loadFixture(network);
      const { taskRegistry, client } = registries;
      const feeWei = 4n * MDT - 1n;
      await expect(taskRegistry.connect(client).submitTask(MINER, HARD, feeWei, startOf(registries, 1), INPUT, "0x"))
        .to.be.revertedWithCustomError(taskRegistry, "FeeBelowMinimum")
        .withArgs(HARD, feeWei, 4n * MDT);
    });

    it("refuses a miner that is not registered", async () => {
      const registries = await loadFixture(network);
      const { taskRegistry, client } = registries;
      for (const minerId of [0, 3]) {
        await expect(taskRegistry.connect(client).submitTask(minerId, EASY, MDT, startOf(registries, 1), INPUT, "0x"))
          .to.be.revertedWithCustomError(taskRegistry, "UnknownMiner")
          .withArgs(minerId);
      }
    });

    it("refuses a deadline that is now, and accepts one a second ahead", async () => {
      const registries = await loadFixture(network);
      const { taskRegistry, client } = registries;
      const now = await nextBlockAt(registries, 0, 3);
      await expect(taskRegistry.connect(client).submitTask(MINER, EASY, MDT, now, INPUT, "0x"))
        .to.be.revertedWithCustomError(taskRegistry, "DeadlineNotInFuture")
        .withArgs(now, now);
      const later = await nextBlockAt(registries, 0, 4);
      await expect(taskRegistry.connect(client).submitTask(MINER, EASY, MDT, later + 1, INPUT, "0x")).not.to.be
        .reverted;
    });

    it("refuses a deadline more than 30 days ahead, such as one in milliseconds", async () => {
      const registries = await loadFixture(network);
      const { taskRegistry, client } = registries;
      const now = await nextBlockAt(registries, 0, 3);
      await expect(taskRegistry.connect(client).submitTask(MINER, EASY, MDT, now + THIRTY_DAYS + 1, INPUT, "0x"))
        .to.be.revertedWithCustomError(taskRegistry, "DeadlineTooFar")
        .withArgs(now + THIRTY_DAYS + 1, now + THIRTY_DAYS);
      const later = await nextBlockAt(registries, 0, 4);
      await expect(taskRegistry.connect(client).submitTask(MINER, EASY, MDT, later + THIRTY_DAYS, INPUT, "0x")).not.to
        .be.reverted;
    });

    it("refuses a deadline that isn't after the moment at which a new miner becomes active", async () => {
      const registries = await loadFixture(network);
      const { taskRegistry, client } = registries;
      const active = startOf(registries, 1);
      await expect(taskRegistry.connect(client).submitTask(LATE_MINER, EASY, MDT, active, INPUT, "0x"))
        .to.be.revertedWithCustomError(taskRegistry, "DeadlineBeforeMinerActive")
        .withArgs(LATE_MINER, active, active);
      await expect(taskRegistry.connect(client).submitTask(LATE_MINER, EASY, MDT, active + 1, INPUT, "0x")).not.to.be
        .reverted;
    });

    it("refuses a client that has not approved the fee", async () => {
      const registries = await loadFixture(network);
      const { taskRegistry, token, client } = registries;
      await token.connect(client).approve(taskRegistry, 0);
      await expect(taskRegistry.connect(client).submitTask(MINER, EASY, MDT, startOf(registries, 1), INPUT, "0x"))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
        .withArgs(await taskRegistry.getAddress(), 0, MDT);
    });
  });

  describe("submitTaskWithPermit", () => {
    async function withPermit() {
      const registries = await network();
      const { taskRegistry, token, client } = registries;
      await token.connect(client).approve(taskRegistry, 0);
      const permitDeadline = startOf(registries, 1);
      const domain = {
        ...{ name: "ModernTensor", version: "1", chainId: 31337, verifyingContract: await token.getAddress() },
      };
      const fields = ["address owner", "address spender", "uint256 value", "uint256 nonce", "uint256 deadline"];
      const types = { Permit: fields.map((field) => ({ type: field.split(" ")[0]!, name: field.split(" ")[1]! })) };
      const message = {
        ...{ owner: client.address, spender: await taskRegistry.getAddress(), value: MDT, nonce: 0 },
        ...{ deadline: permitDeadline },
      };
      const { v, r, s } = ethers.Signature.from(await client.signTypedData(domain, types, message));
      const submit = () =>
        taskRegistry
          .connect(client)
          .submitTaskWithPermit(MINER, EASY, MDT, startOf(registries, 1), INPUT, "0x", permitDeadline, v, r, s);
      return { ...registries, submit, permitDeadline, v, r, s };
    }

    it("takes the fee with a signature, without an earlier allowance", async () => {
      const { submit, token, taskRegistry, client } = await loadFixture(withPermit);
      await expect(submit()).to.changeTokenBalances(token, [client, taskRegistry], [-MDT, MDT]);
      expect((await taskRegistry.taskOf(1)).client).to.equal(client.address);
    });

    it("still works if someone else has already submitted the signature", async () => {
      const { submit, token, taskRegistry, client, stranger, permitDeadline, v, r, s } = await loadFixture(withPermit);
      await token.connect(stranger).permit(client, taskRegistry, MDT, permitDeadline, v, r, s);
      await expect(submit()).to.changeTokenBalance(token, taskRegistry, MDT);
    });

    it("refuses another account's signature, which gives the caller no allowance", async () => {
      const registries = await loadFixture(withPermit);
      const { token, taskRegistry, stranger, permitDeadline, v, r, s } = registries;
      await token.connect(stranger).approve(taskRegistry, 0);
      await expect(
        taskRegistry
          .connect(stranger)
          .submitTaskWithPermit(MINER, EASY, MDT, startOf(registries, 1), INPUT, "0x", permitDeadline, v, r, s),
      )
        .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
        .withArgs(await taskRegistry.getAddress(), 0, MDT);
    });
  });

  describe("completeTask", () => {
    it("burns half of the fee, floored, and recycles the rest as a task fee", async () => {
      const { taskRegistry, token, pool, miner, feeWei } = await loadFixture(withTask);
      const burnedWei = feeWei / 2n;
      const recycledWei = feeWei - burnedWei;
      const completion = taskRegistry.connect(miner).completeTask(1, RESULT, "0x");
      await expect(completion).to.changeTokenBalances(token, [taskRegistry, pool, miner], [-feeWei, recycledWei, 0]);
      await expect(completion)
        .to.emit(taskRegistry, "TaskCompleted")
        .withArgs(1, MINER, 0, RESULT, burnedWei, recycledWei, "0x");
      expect(await token.totalBurned()).to.equal(burnedWei);
      expect(await pool.totalBySource(TASK_FEES)).to.equal(recycledWei);
      expect(await taskRegistry.openFeesWei()).to.equal(0);
      expect((await taskRegistry.taskOf(1)).status).to.equal(COMPLETED);
    });

    for (const [name, deploy, burnedWei] of [
      ["burns the whole fee if the burned share is 100 %", burningEverything, MDT],
      ["recycles the whole fee if the burned share is zero", burningNothing, 0n],
    ] as const) {
      it(name, async () => {
        const registries = await loadFixture(deploy);
        const { taskRegistry, miner, client } = registries;
        await taskRegistry.connect(client).submitTask(MINER, EASY, MDT, startOf(registries, 1), INPUT, "0x");
        await expect(taskRegistry.connect(miner).completeTask(1, RESULT, "0x"))
          .to.emit(taskRegistry, "TaskCompleted")
          .withArgs(1, MINER, 0, RESULT, burnedWei, MDT - burnedWei, "0x");
      });
    }

    it("refuses a task that was never submitted", async () => {
      const { taskRegistry, miner } = await loadFixture(withTask);
      for (const taskId of [0, 2]) {
        await expect(taskRegistry.connect(miner).completeTask(taskId, RESULT, "0x"))
          .to.be.revertedWithCustomError(taskRegistry, "UnknownTask")
          .withArgs(taskId);
      }
    });

    it("refuses a second completion", async () => {
      const { taskRegistry, miner } = await loadFixture(withTask);
      await taskRegistry.connect(miner).completeTask(1, RESULT, "0x");
      await expect(taskRegistry.connect(miner).completeTask(1, RESULT, "0x"))
        .to.be.revertedWithCustomError(taskRegistry, "TaskNotOpen")
        .withArgs(1, COMPLETED);
    });

    it("refuses every caller but the chosen miner", async () => {
      const { taskRegistry, miner, lateMiner, client } = await loadFixture(withTask);
      for (const caller of [lateMiner, client]) {
        await expect(taskRegistry.connect(caller).completeTask(1, RESULT, "0x"))
          .to.be.revertedWithCustomError(taskRegistry, "NotTaskMiner")
          .withArgs(1, caller.address, miner.address);
      }
    });

    it("refuses a miner in the epoch in which it registered, and accepts its result in the next", async () => {
      const registries = await loadFixture(network);
      const { taskRegistry, lateMiner, client } = registries;
      await taskRegistry.connect(client).submitTask(LATE_MINER, EASY, MDT, startOf(registries, 2), INPUT, "0x");
      await nextBlockAt(registries, 1, 0, -1);
      await expect(taskRegistry.connect(lateMiner).completeTask(1, RESULT, "0x"))
        .to.be.revertedWithCustomError(taskRegistry, "MinerNotActive")
        .withArgs(LATE_MINER, 1, 0);
      await goTo(registries, 1);
      await expect(taskRegistry.connect(lateMiner).completeTask(1, RESULT, "0x")).not.to.be.reverted;
    });

    it("refuses a result before genesis", async () => {
      const registries = await loadFixture(deployRegistries);
      const { taskRegistry, clock } = registries;
      const [miner, client] = registries.people as [HardhatEthersSigner, HardhatEthersSigner];
      await taskRegistry.connect(miner).registerMiner(ethers.MaxUint256);
      await taskRegistry.connect(client).submitTask(MINER, EASY, MDT, startOf(registries, 1), INPUT, "0x");
      await nextBlockAt(registries, 0, 0, -1);
      await expect(taskRegistry.connect(miner).completeTask(1, RESULT, "0x"))
        .to.be.revertedWithCustomError(taskRegistry, "BeforeGenesis")
        .withArgs(clock.genesisTimestamp - 1, clock.genesisTimestamp);
    });

    it("accepts a result a second before the deadline", async () => {
      const { taskRegistry, miner, deadline } = await loadFixture(withTask);
      await time.setNextBlockTimestamp(deadline - 1);
      await expect(taskRegistry.connect(miner).completeTask(1, RESULT, "0x")).not.to.be.reverted;
    });

    it("refuses a result at the deadline", async () => {
      const { taskRegistry, miner, deadline } = await loadFixture(withTask);
      await time.setNextBlockTimestamp(deadline);
      await expect(taskRegistry.connect(miner).completeTask(1, RESULT, "0x"))
        .to.be.revertedWithCustomError(taskRegistry, "DeadlinePassed")
        .withArgs(1, deadline, deadline);
    });
  });

  describe("refundTask", () => {
    it("refunds the whole fee to the client at the deadline, regardless of the caller", async () => {
      const { taskRegistry, token, client, stranger, deadline, feeWei } = await loadFixture(withTask);
      await time.setNextBlockTimestamp(deadline);
      const refund = taskRegistry.connect(stranger).refundTask(1);
      await expect(refund).to.changeTokenBalances(token, [taskRegistry, client, stranger], [-feeWei, feeWei, 0]);
      await expect(refund).to.emit(taskRegistry, "TaskRefunded").withArgs(1, client.address, feeWei);
      expect((await taskRegistry.taskOf(1)).status).to.equal(REFUNDED);
      expect(await taskRegistry.openFeesWei()).to.equal(0);
      expect(await taskRegistry.epochTasks(1)).to.deep.equal([0, 0]);
    });

    it("refuses a second before the deadline", async () => {
      const { taskRegistry, client, deadline } = await loadFixture(withTask);
      await time.setNextBlockTimestamp(deadline - 1);
      await expect(taskRegistry.connect(client).refundTask(1))
        .to.be.revertedWithCustomError(taskRegistry, "DeadlineNotReached")
        .withArgs(1, deadline, deadline - 1);
    });

    it("refuses a task that was never submitted", async () => {
      const { taskRegistry, client } = await loadFixture(withTask);
      await expect(taskRegistry.connect(client).refundTask(2))
        .to.be.revertedWithCustomError(taskRegistry, "UnknownTask")
        .withArgs(2);
    });

    it("refuses a task that is already refunded or completed; a refunded task can't be completed", async () => {
      const { taskRegistry, miner, client, deadline } = await loadFixture(withTask);
      await taskRegistry.connect(client).submitTask(MINER, EASY, MDT, deadline, INPUT, "0x");
      await taskRegistry.connect(miner).completeTask(2, RESULT, "0x");
      await time.setNextBlockTimestamp(deadline);
      await taskRegistry.refundTask(1);
      for (const [taskId, status] of [
        [1, REFUNDED],
        [2, COMPLETED],
      ] as const) {
        await expect(taskRegistry.refundTask(taskId))
          .to.be.revertedWithCustomError(taskRegistry, "TaskNotOpen")
          .withArgs(taskId, status);
      }
      await expect(taskRegistry.connect(miner).completeTask(1, RESULT, "0x"))
        .to.be.revertedWithCustomError(taskRegistry, "TaskNotOpen")
        .withArgs(1, REFUNDED);
    });
  });

  describe("tasks", () => {
    it("returns pages by id, cut off at the last task", async () => {
      const registries = await loadFixture(withTask);
      const { taskRegistry, client } = registries;
      for (let i = 0; i < 3; ++i) {
        await taskRegistry.connect(client).submitTask(MINER, EASY, MDT, startOf(registries, 1), INPUT, "0x");
      }
      const page = await taskRegistry.tasks(1, 100);
      expect(page.map(({ typeId }) => typeId)).to.deep.equal([HARD, EASY, EASY, EASY]);
      expect((await taskRegistry.tasks(2, 2)).length).to.equal(2);
      expect((await taskRegistry.tasks(5, 1)).length).to.equal(0);
      expect((await taskRegistry.tasks(0, 1))[0]!.status).to.equal(NONE);
    });
  });
});
