import { type Address, encodePacked, keccak256 } from "viem";

/** A validator with its delegators from the start; stakes in whole MDT. */
export interface YearsValidator {
  readonly account: Address;
  readonly stakeMdt: number;
  readonly commissionBps: number;
  readonly delegators: readonly YearsDelegator[];
}

export interface YearsDelegator {
  readonly account: Address;
  readonly stakeMdt: number;
}

/** Everyone but the keeper, who is also governance and guardian, and the DAO. */
export interface YearsPeople {
  readonly validators: readonly YearsValidator[];
  /** By id, the first has id 1; those after `minersAtGenesis` register later. */
  readonly miners: readonly Address[];
  readonly clients: readonly Address[];
}

const VALIDATORS = 10;
const DELEGATORS_EACH = 3;
const MINERS = 100;
const CLIENTS = 4;

/** Number of miners that are registered before epoch 0. */
export const minersAtGenesis = 95;

/** The people of a seed: 10 validators, 3 delegators of each, 100 miners and 4 clients. */
export function peopleOf(seed: number): YearsPeople {
  const account = (role: string, index: number): Address => {
    const hash = keccak256(encodePacked(["uint256", "string", "uint256"], [BigInt(seed), role, BigInt(index)]));
    return `0x${hash.slice(-40)}`;
  };
  const many = <T>(count: number, of: (index: number) => T): readonly T[] =>
    Array.from({ length: count }, (_, index) => of(index));
  return {
    validators: many(VALIDATORS, (index) => ({
      account: account("validator", index),
      stakeMdt: 2_000 - 100 * index,
      commissionBps: 200 * (index % 5),
      delegators: many(DELEGATORS_EACH, (each) => ({
        account: account("delegator", DELEGATORS_EACH * index + each),
        stakeMdt: 500 - 100 * each,
      })),
    })),
    miners: many(MINERS, (index) => account("miner", index)),
    clients: many(CLIENTS, (index) => account("client", index)),
  };
}
