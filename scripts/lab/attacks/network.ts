import { type Address, numberToHex } from "viem";
import { type NetworkConfig } from "../../config/networkConfig";
import { sum } from "../../core/fixedPoint";
import { halvedFeeWei } from "../../core/policy/bounds";
import { type Policy } from "../../core/policy/policy";

/** Whose income is counted: "attacker", "dao", or anybody else by a name of the attack's choice. */
export type Person = string;

/** Tasks of one type that a client pays for and the miner completes. */
export interface Work {
  readonly client: Person;
  /** Place of the type in the network's configuration. */
  readonly type: number;
  readonly count: number;
  /** What each costs; missing: the least that the type costs in the epoch. */
  readonly feeWei?: bigint;
  readonly isProven?: boolean;
}

/** A registered miner in an epoch; its place in the list is the same in every epoch. */
export interface Miner {
  readonly person: Person;
  /** What its work is worth: the score that an honest validator gives. */
  readonly worthBps: number;
  readonly work: readonly Work[];
}

/** What a validator says of a miner, in basis points; null where it says nothing of it. */
export type Scores = (miner: Miner, place: number) => number | null;

/** A seated validator in an epoch; its place is the same in every epoch, and one that is gone has no stake. */
export interface Seat {
  readonly person: Person;
  readonly stakeWei: bigint;
  /** Null: it reveals nothing. */
  readonly scores: Scores | null;
  /** A jailed validator keeps its seat, leads no slots and can't reveal. */
  readonly isJailed?: boolean;
  readonly commissionBps?: number;
  readonly delegations?: readonly { readonly person: Person; readonly stakeWei: bigint }[];
}

export interface Epoch {
  readonly seats: readonly Seat[];
  readonly miners: readonly Miner[];
}

/** What somebody pays beside fees, in wei: a registration, a slash. */
export interface Payment {
  readonly person: Person;
  readonly amountWei: bigint;
}

/** A network over some epochs, each of them played by the keeper's own core. */
export interface World {
  readonly config: NetworkConfig;
  readonly policy: Policy;
  readonly firstEpoch: number;
  readonly epochs: readonly Epoch[];
  readonly payments?: readonly Payment[];
  /** Who holds the DAO. */
  readonly dao?: Person;
}

/** A seat's own stake and its delegations, in wei. */
export function stakeOf({ stakeWei, delegations = [] }: Seat): bigint {
  return stakeWei + sum(delegations.map((one) => one.stakeWei));
}

/** What each of the tasks costs in an epoch, in wei. */
export function feeOf({ config }: World, epoch: number, { type, feeWei }: Work): bigint {
  const { tasks, emission } = config;
  return feeWei ?? halvedFeeWei(tasks.types[type]!.minimumFeeWei, epoch, emission.halvingIntervalEpochs);
}

/** What an epoch pays in block rewards: one for each slot, one for opening it and one for sealing it. */
export function blockRewardsWei({ clock, emission }: NetworkConfig): bigint {
  return emission.blockRewardWei * BigInt(clock.slotsPerEpoch + 2);
}

/** The account of the validator at a place, from 0. */
export const accountOfSeat = (place: number): Address => numberToHex(0x10_0000 + place, { size: 20 });

/** The account of a delegation, by its seat and its place there. */
export const accountOfDelegation = (place: number, index: number): Address =>
  numberToHex(0x20_0000 + place * 0x100 + index, { size: 20 });

/** The account of the miner at a place, from 0. */
export const accountOfMiner = (place: number): Address => numberToHex(0x30_0000 + place, { size: 20 });
