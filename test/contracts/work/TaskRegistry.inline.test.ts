import { loadFixture } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { MDT, startOf } from "../../shared/deployRegistries";
import { COMPLETED, EASY, INPUT, MINER, network, OPEN, RESULT, withTask } from "../../shared/taskNetwork";

const MOST_BYTES = 4_096;
const bytesOf = (length: number): Uint8Array => new Uint8Array(length).fill(0xa5);
const TEXT = ethers.toUtf8Bytes("a text that is hashed as it is");

/** Inline bytes that a call accepts, with their hash. */
const carried: readonly (readonly [name: string, hash: string, bytes: Uint8Array])[] = [
  ["a text", ethers.keccak256(TEXT), TEXT],
  ["one byte", ethers.keccak256("0x00"), new Uint8Array(1)],
  ["4,096 bytes", ethers.keccak256(bytesOf(MOST_BYTES)), bytesOf(MOST_BYTES)],
  ["no bytes, which then travel off chain,", INPUT, new Uint8Array()],
];

/** Inline bytes that a call refuses, with the hash and the error. */
const refused: readonly (readonly [name: string, hash: string, bytes: Uint8Array, error: string, values: unknown[]])[] =
  [
    [
      "4,097 bytes",
      ethers.keccak256(bytesOf(MOST_BYTES + 1)),
      bytesOf(MOST_BYTES + 1),
      "InlineTooLong",
      [MOST_BYTES + 1, MOST_BYTES],
    ],
    ["bytes with another hash", INPUT, TEXT, "HashMismatch", [INPUT, ethers.keccak256(TEXT)]],
  ];

describe("TaskRegistry: inline inputs and results", () => {
  it("exposes the limit of 4,096 bytes per call", async () => {
    const { taskRegistry } = await loadFixture(network);
    expect(await taskRegistry.MAX_INLINE_BYTES()).to.equal(MOST_BYTES);
  });

  for (const [name, hash, bytes] of carried) {
    it(`emits ${name} as an input and as a result`, async () => {
      const registries = await loadFixture(network);
      const { taskRegistry, client, miner } = registries;
      const deadline = startOf(registries, 1);
      await expect(taskRegistry.connect(client).submitTask(MINER, EASY, MDT, deadline, hash, bytes))
        .to.emit(taskRegistry, "TaskSubmitted")
        .withArgs(1, client.address, MINER, EASY, MDT, 1_000, deadline, hash, ethers.hexlify(bytes));
      await expect(taskRegistry.connect(miner).completeTask(1, hash, bytes))
        .to.emit(taskRegistry, "TaskCompleted")
        .withArgs(1, MINER, 0, hash, MDT / 2n, MDT / 2n, ethers.hexlify(bytes));
    });
  }

  for (const [name, hash, bytes, error, values] of refused) {
    it(`refuses ${name} as an input, with or without a permit, and as a result`, async () => {
      const registries = await loadFixture(withTask);
      const { taskRegistry, client, miner } = registries;
      const task = [MINER, EASY, MDT, startOf(registries, 1), hash, bytes] as const;
      const [r, s] = [ethers.ZeroHash, ethers.ZeroHash];
      for (const attempt of [
        () => taskRegistry.connect(client).submitTask(...task),
        () => taskRegistry.connect(client).submitTaskWithPermit(...task, 0, 27, r, s),
        () => taskRegistry.connect(miner).completeTask(1, hash, bytes),
      ]) {
        await expect(attempt())
          .to.be.revertedWithCustomError(taskRegistry, error)
          .withArgs(...values);
      }
      expect((await taskRegistry.taskOf(1)).status).to.equal(OPEN);
      expect(await taskRegistry.taskCount()).to.equal(1);
    });
  }

  it("emits an input that is submitted with a permit, too", async () => {
    const registries = await loadFixture(network);
    const { taskRegistry, client } = registries;
    const [r, s] = [ethers.ZeroHash, ethers.ZeroHash];
    const hash = ethers.keccak256(TEXT);
    const deadline = startOf(registries, 1);
    const task = [MINER, EASY, MDT, deadline, hash, TEXT] as const;
    await expect(taskRegistry.connect(client).submitTaskWithPermit(...task, 0, 27, r, s))
      .to.emit(taskRegistry, "TaskSubmitted")
      .withArgs(1, client.address, MINER, EASY, MDT, 1_000, deadline, hash, ethers.hexlify(TEXT));
  });
});

describe("TaskRegistry: several calls in one transaction", () => {
  async function withThreeTasks() {
    const registries = await network();
    const { taskRegistry, client, miner } = registries;
    const { interface: abi } = taskRegistry;
    const submissions = [1, 2, 3].map(() =>
      abi.encodeFunctionData("submitTask", [MINER, EASY, MDT, startOf(registries, 1), INPUT, "0x"]),
    );
    const submitting = await taskRegistry.connect(client).multicall(submissions);
    const completion = (taskId: number, bytes = "0x"): string =>
      abi.encodeFunctionData("completeTask", [taskId, bytes === "0x" ? RESULT : ethers.keccak256(bytes), bytes]);
    return { ...registries, submitting, completion, asMiner: taskRegistry.connect(miner) };
  }

  it("submits several tasks, each paid by the caller", async () => {
    const { submitting, taskRegistry, token, client } = await loadFixture(withThreeTasks);
    await expect(submitting).to.changeTokenBalances(token, [client, taskRegistry], [-3n * MDT, 3n * MDT]);
    expect((await taskRegistry.tasks(1, 9)).map((task) => task.client)).to.deep.equal(Array(3).fill(client.address));
  });

  it("completes several tasks of the calling miner, each with its own result", async () => {
    const { completion, asMiner, taskRegistry } = await loadFixture(withThreeTasks);
    const completing = asMiner.multicall([completion(2), completion(1, "0x2a"), completion(3)]);
    for (const [taskId, hash, bytes] of [
      [2, RESULT, "0x"],
      [1, ethers.keccak256("0x2a"), "0x2a"],
      [3, RESULT, "0x"],
    ] as const) {
      await expect(completing)
        .to.emit(taskRegistry, "TaskCompleted")
        .withArgs(taskId, MINER, 0, hash, MDT / 2n, MDT / 2n, bytes);
    }
    expect((await taskRegistry.epochTasks(0)).completed).to.equal(3);
    expect(await taskRegistry.openFeesWei()).to.equal(0);
  });

  it("returns the result of each call", async () => {
    const { taskRegistry, completion, asMiner } = await loadFixture(withThreeTasks);
    const task = taskRegistry.interface.encodeFunctionData("taskOf", [1]);
    const [none, [after]] = await asMiner.multicall
      .staticCall([completion(1), task])
      .then(([first, second]) => [first, taskRegistry.interface.decodeFunctionResult("taskOf", second!)] as const);
    expect(none).to.equal("0x");
    expect((after as { status: bigint }).status).to.equal(COMPLETED);
  });

  it("reverts as a whole if one call reverts, with that call's error", async () => {
    const { completion, asMiner, taskRegistry, token } = await loadFixture(withThreeTasks);
    for (const place of [0, 1, 2]) {
      const calls = [completion(1), completion(3)];
      calls.splice(place, 0, completion(4));
      await expect(asMiner.multicall(calls)).to.be.revertedWithCustomError(taskRegistry, "UnknownTask").withArgs(4);
    }
    await expect(asMiner.multicall([completion(1), completion(2), completion(1)]))
      .to.be.revertedWithCustomError(taskRegistry, "TaskNotOpen")
      .withArgs(1, COMPLETED);
    expect((await taskRegistry.tasks(1, 3)).map((task) => task.status)).to.deep.equal(Array(3).fill(BigInt(OPEN)));
    expect(await token.balanceOf(taskRegistry)).to.equal(3n * MDT);
  });

  it("refuses calls that a separate transaction would refuse", async () => {
    const { completion, taskRegistry, stranger, miner } = await loadFixture(withThreeTasks);
    await expect(taskRegistry.connect(stranger).multicall([completion(1)]))
      .to.be.revertedWithCustomError(taskRegistry, "NotTaskMiner")
      .withArgs(1, stranger.address, miner.address);
  });
});
