import { loadFixture } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { type AddressLike } from "ethers";
import { ethers } from "hardhat";
import { FEE_RULE, startOf } from "./deployRegistries";
import { MINER, network } from "./taskNetwork";

/** The proven type of a network: its id after the three types judged by scores, its model, and the fee of its tasks. */
export const PROVEN = 3;
export const MODEL = `0x00${"5a".repeat(31)}`;
export const FEE_WEI = FEE_RULE.volumeFeeWei + FEE_RULE.difficultyFeeWei;

/** A client's input and a miner's result: 49 bytes are two words, one byte is one. */
export const IMAGE = `0x${"a5".repeat(49)}`;
export const DIGIT = "0x07";

/** What a proof states; a test may change each part: which task of which miner, on which chain and by which model. */
export interface Statement {
  readonly chainId: bigint;
  readonly registry: string;
  readonly taskId: number;
  readonly minerId: number;
  readonly model: string;
  readonly input: string;
  readonly result: string;
}

/** Its public values, restated from the interface: bytes are read as words of 31 from the left, as a whole number each. */
export function publicInputsOf({ chainId, registry, taskId, minerId, model, input, result }: Statement): string[] {
  const words = (content: string): string[] =>
    (content.slice(2).match(/.{1,62}/g) ?? []).map((word) => `0x00${word.padEnd(62, "0")}`);
  const bound = ethers.solidityPacked(
    ["uint256", "uint256", "uint256", "uint256"],
    [chainId, registry, taskId, minerId],
  );
  return [model, ...words(input), ...words(result), `0x00${ethers.keccak256(bound).slice(2, -2)}`];
}

/** The proof that a CommitmentVerifier accepts of these values. */
export function proofOf(publicInputs: readonly string[]): string {
  return ethers.keccak256(ethers.concat(publicInputs));
}

/** A network whose type `PROVEN` has a CommitmentVerifier, and an open task of it in its first epoch, number 1. */
export async function provenNetwork() {
  const registries = await network();
  const { taskRegistry, governor, client } = registries;
  const verifier = await (await ethers.deployContract("CommitmentVerifier")).getAddress();
  await taskRegistry.connect(governor).addTaskType(10_000, FEE_WEI, verifier, MODEL);
  const submit = (input = IMAGE, { minerId = MINER, typeId = PROVEN, carried = "0x", feeWei = FEE_WEI } = {}) =>
    taskRegistry
      .connect(client)
      .submitTask(minerId, typeId, feeWei, startOf(registries, 2), ethers.keccak256(input), carried);
  await submit();
  const statement: Statement = {
    chainId: (await ethers.provider.getNetwork()).chainId,
    registry: await taskRegistry.getAddress(),
    taskId: 1,
    minerId: MINER,
    model: MODEL,
    input: IMAGE,
    result: DIGIT,
  };
  return { ...registries, verifier, submit, statement, asMiner: taskRegistry.connect(registries.miner) };
}

/** The same network with a type that has another verifier, deployed here, and an open task of that type, number 2. */
export async function networkWith(
  deploy: (registries: Awaited<ReturnType<typeof provenNetwork>>) => Promise<AddressLike>,
) {
  const registries = await loadFixture(provenNetwork);
  const verifier = await deploy(registries);
  const { taskRegistry, governor, submit } = registries;
  await taskRegistry.connect(governor).addTaskType(10_000, FEE_WEI, verifier, MODEL);
  await submit(IMAGE, { typeId: PROVEN + 1 });
  return registries;
}
