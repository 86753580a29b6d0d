import { type HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { ethers } from "hardhat";
import { CLOSING_SLOTS, deployRegistries, FEE_RULE, goTo, MDT, MINER_PRICE, startOf } from "./deployRegistries";

/** Ids of task types, sources and miners, and states of a task, as the contracts number them. */
export const EASY = 0;
export const HARD = 1;
export const UNKNOWN_TYPE = 3;
export const TASK_FEES = 2;
export const THIRTY_DAYS = 30 * 24 * 60 * 60;
export const [NONE, OPEN, COMPLETED, REFUNDED] = [0, 1, 2, 3];
export const INPUT = ethers.id("a question");
export const RESULT = ethers.id("an answer");
export const MINER = 1;
export const LATE_MINER = 2;

/** A client and a miner registered before genesis; it is epoch 0, and a second miner has just registered. */
export async function network(burnBps = 5_000) {
  const registries = await deployRegistries({ burnBps });
  const [miner, lateMiner, client, stranger] = registries.people as [
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
  ];
  await registries.taskRegistry.connect(miner).registerMiner(ethers.MaxUint256);
  await goTo(registries, 0, 1);
  await registries.taskRegistry.connect(lateMiner).registerMiner(ethers.MaxUint256);
  return { ...registries, miner, lateMiner, client, stranger };
}

export async function burningEverything() {
  return await network(10_000);
}

export async function burningNothing() {
  return await network(0);
}

/** The network, and an open hard task for 7 MDT and a wei, due at the start of slot 5 of epoch 1. */
export async function withTask() {
  const registries = await network();
  const { taskRegistry, client } = registries;
  const feeWei = 7n * MDT + 1n;
  const deadline = startOf(registries, 1, 5);
  await taskRegistry.connect(client).submitTask(MINER, HARD, feeWei, deadline, INPUT, "0x");
  return { ...registries, feeWei, deadline };
}

/** What a TaskRegistry beside the network's can be built with, for tests to spoil one by one. */
export async function constructorParameters() {
  const { clock, token, pool, staking, admin, governor } = await network();
  const valid = {
    ...{
      token,
      pool,
      staking,
      burnBps: 10_000,
      feeRule: FEE_RULE,
      closingSlots: CLOSING_SLOTS,
      minerPrice: MINER_PRICE,
      taskTypes: [],
    },
    ...{ admin: admin.address, taskGovernor: governor.address },
  };
  const factory = await ethers.getContractFactory("TaskRegistry");
  return { clock, valid, factory };
}
