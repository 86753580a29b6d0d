import { loadFixture } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { INITIAL_WEI, MDT, type Registries } from "../../shared/deployRegistries";
import { EASY, TASK_FEES, OPEN, COMPLETED, REFUNDED, INPUT, RESULT, MINER, network } from "../../shared/taskNetwork";

describe("TaskRegistry: escrow", () => {
  interface Model {
    readonly tasks: { feeWei: bigint; deadline: number; status: number }[];
  }

  /** Everything that must hold after every step, recomputed from the list of tasks. */
  async function expectInvariants({ taskRegistry, token, pool }: Registries, { tasks }: Model) {
    const sum = (status: number) =>
      tasks.filter((task) => task.status === status).reduce((sumWei, task) => sumWei + task.feeWei, 0n);
    const burnedWei = tasks
      .filter(({ status }) => status === COMPLETED)
      .reduce((sumWei, { feeWei }) => sumWei + feeWei / 2n, 0n);
    expect(await token.balanceOf(taskRegistry)).to.equal(sum(OPEN));
    expect(await taskRegistry.openFeesWei()).to.equal(sum(OPEN));
    expect(await token.totalBurned()).to.equal(burnedWei);
    expect(await pool.totalBySource(TASK_FEES)).to.equal(sum(COMPLETED) - burnedWei);
    const statuses = (await taskRegistry.tasks(1, 1_000)).map((task) => task.status);
    expect(statuses).to.deep.equal(tasks.map(({ status }) => BigInt(status)));
  }

  it("holds exactly the open fees while tasks are submitted, completed and refunded in any order", async () => {
    const registries = await loadFixture(network);
    const { taskRegistry, miner, client } = registries;
    const model: Model = { tasks: [] };
    let seed = 20_260_108;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return Math.floor((seed / 2 ** 31) * below);
    };
    for (let step = 0; step < 150; ++step) {
      const now = (await time.latest()) + 1 + random(20);
      await time.setNextBlockTimestamp(now);
      const index = random(model.tasks.length + 1);
      const task = model.tasks[index];
      if (task === undefined || step % 3 === 0) {
        const submitted = { feeWei: MDT + BigInt(random(10 ** 9)), deadline: now + 1 + random(200), status: OPEN };
        await taskRegistry.connect(client).submitTask(MINER, EASY, submitted.feeWei, submitted.deadline, INPUT, "0x");
        model.tasks.push(submitted);
      } else if (task.status === OPEN && now < task.deadline) {
        await taskRegistry.connect(miner).completeTask(index + 1, RESULT, "0x");
        task.status = COMPLETED!;
      } else if (task.status === OPEN) {
        await taskRegistry.refundTask(index + 1);
        task.status = REFUNDED!;
      } else {
        await expect(taskRegistry.refundTask(index + 1))
          .to.be.revertedWithCustomError(taskRegistry, "TaskNotOpen")
          .withArgs(index + 1, task.status);
      }
      await expectInvariants(registries, model);
    }
    expect(await registries.token.balanceOf(client)).to.be.lessThan(INITIAL_WEI);
  });
});
