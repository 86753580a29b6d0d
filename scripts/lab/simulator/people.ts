import { type Address, numberToHex, padHex } from "viem";
import { type DelegationInput } from "../../core/distribution/validators";
import { parseMdt } from "../../show/amounts";
import { type Scenario } from "./scenario";
import { ONE_IN_BPS, sum } from "../../core/fixedPoint";

/** A validator with its delegators; stakes in wei. They stay as they are: what a slash takes is staked again. */
export interface SimulatedValidator {
  readonly account: Address;
  readonly ownWei: bigint;
  readonly totalWei: bigint;
  readonly commissionBps: number;
  readonly delegations: readonly DelegationInput[];
}

/** A miner, and what its work is worth of 10 000. */
export interface SimulatedMiner {
  readonly account: Address;
  readonly skillBps: number;
}

/** Everybody honest who is paid: each is an account of its own in the computation. */
export interface People {
  readonly miners: readonly SimulatedMiner[];
  readonly validators: readonly SimulatedValidator[];
  /** All own and delegated stake in wei. */
  readonly stakedWei: bigint;
}

/** Accounts are numbered: validators from 1, miners from 1 000, delegators from 10 000. */
export function peopleOf({ miners, validators }: Scenario): People {
  const stakers = Array.from({ length: validators.accounts }, (_, index) => validatorAt(index, validators));
  return {
    miners: Array.from({ length: miners.accounts }, (_, index) => ({
      account: accountAt(1_000 + index),
      skillBps: skillAt(index, miners),
    })),
    validators: stakers,
    stakedWei: sum(stakers.map(({ totalWei }) => totalWei)),
  };
}

function validatorAt(
  index: number,
  { stakeMdt, commissionBps, delegatorsEach, delegatedMdt }: Scenario["validators"],
): SimulatedValidator {
  const tenths = BigInt(Math.max(10 - index, 1));
  const ownWei = (parseMdt(stakeMdt) * tenths) / 10n;
  const stakeWei = delegatorsEach === 0 ? 0n : parseMdt(delegatedMdt);
  const delegations = Array.from({ length: delegatorsEach }, (_, delegator) => ({
    account: accountAt(10_000 + index * 100 + delegator),
    stakeWei,
  }));
  const totalWei = ownWei + stakeWei * BigInt(delegatorsEach);
  return { account: accountAt(1 + index), ownWei, totalWei, commissionBps, delegations };
}

/** Evenly from the worst to the best. */
function skillAt(index: number, { accounts, skillBps, skillSpreadBps }: Scenario["miners"]): number {
  const place = accounts === 1 ? 0 : (2 * index) / (accounts - 1) - 1;
  return Math.min(Math.max(skillBps + Math.trunc(place * skillSpreadBps), 0), ONE_IN_BPS);
}

/** The number stands in the first bytes: accounts that differ early are sorted soonest. */
export function accountAt(number: number): Address {
  return padHex(numberToHex(number, { size: 4 }), { size: 20, dir: "right" });
}
