import { type Abi, getContract, type GetContractReturnType, type PublicClient } from "viem";
import { abis, type Addresses, type ContractKey, type ContractName, deployedContracts } from "./abis";

/** Every contract of a deployment, typed by its ABI, for reading and for building calls. */
export type Contracts = {
  readonly [K in ContractKey]: GetContractReturnType<(typeof deployedContracts)[K][1], PublicClient>;
};

/** What `valueOf` gives for each contract, by its name in Solidity. */
export function byContractName<T>(valueOf: (name: ContractName, key: ContractKey) => T): Record<ContractName, T> {
  const values = Object.entries(deployedContracts).map(([key, [name]]) => [name, valueOf(name, key as ContractKey)]);
  return Object.fromEntries(values) as Record<ContractName, T>;
}

/** The contracts at `addresses`. */
export function contractsOf(client: PublicClient, addresses: Addresses): Contracts {
  return Object.fromEntries(
    Object.entries(deployedContracts).map(([key, [name, abi]]) => [
      key,
      getContract({ client, address: addresses[name], abi }),
    ]),
  ) as unknown as Contracts;
}

/** Every custom error of the system, once each: a call of one contract can fail with an error of another. */
export const knownErrors: Abi = [
  ...new Map(
    Object.values(abis)
      .flatMap((abi) => abi as Abi)
      .filter((item): item is Extract<Abi[number], { type: "error" }> => item.type === "error")
      .map((item) => [JSON.stringify(item), item] as const),
  ).values(),
];
