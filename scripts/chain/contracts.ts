import { type Abi, type Address, getContract, type PublicClient } from "viem";
import {
  BlockRewards__factory,
  ModernTensorToken__factory,
  PolicyRegistry__factory,
  RecyclingPool__factory,
  ScoreBoard__factory,
  Staking__factory,
  TaskRegistry__factory,
  Treasury__factory,
} from "../../typechain-types";
import { type ContractName } from "./contractNames";

/** Every contract of a deployment, typed by its ABI, for reading and for building calls. */
export function contractsOf(client: PublicClient, addresses: Readonly<Record<ContractName, Address>>) {
  return {
    token: getContract({ client, address: addresses.ModernTensorToken, abi: ModernTensorToken__factory.abi }),
    pool: getContract({ client, address: addresses.RecyclingPool, abi: RecyclingPool__factory.abi }),
    policyRegistry: getContract({ client, address: addresses.PolicyRegistry, abi: PolicyRegistry__factory.abi }),
    staking: getContract({ client, address: addresses.Staking, abi: Staking__factory.abi }),
    taskRegistry: getContract({ client, address: addresses.TaskRegistry, abi: TaskRegistry__factory.abi }),
    scoreBoard: getContract({ client, address: addresses.ScoreBoard, abi: ScoreBoard__factory.abi }),
    blockRewards: getContract({ client, address: addresses.BlockRewards, abi: BlockRewards__factory.abi }),
    treasury: getContract({ client, address: addresses.Treasury, abi: Treasury__factory.abi }),
  };
}

export type Contracts = ReturnType<typeof contractsOf>;

/** Every custom error of the system, once each, to name what a call of one contract got from another. */
export const knownErrors: Abi = [
  ...new Map(
    [
      ModernTensorToken__factory.abi,
      RecyclingPool__factory.abi,
      PolicyRegistry__factory.abi,
      Staking__factory.abi,
      TaskRegistry__factory.abi,
      ScoreBoard__factory.abi,
      BlockRewards__factory.abi,
      Treasury__factory.abi,
    ]
      .flatMap((abi) => abi as Abi)
      .filter((item): item is Extract<Abi[number], { type: "error" }> => item.type === "error")
      .map((item) => [JSON.stringify(item), item] as const),
  ).values(),
];
