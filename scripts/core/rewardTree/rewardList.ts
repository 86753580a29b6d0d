import { type Address } from "viem";

/** What an account has earned over all epochs so far, in wei. */
export interface Reward {
  readonly account: Address;
  readonly cumulativeWei: bigint;
}

/** Bytes of an account, and of an amount, in a packed list. */
export const ACCOUNT_BYTES = 20;
export const AMOUNT_BYTES = 32;

/**
 * Rewards in flat buffers: 52 bytes each instead of an object, a text and a bigint. The buffers are shared memory, so
 * that another thread can read them without a copy.
 */
export interface PackedRewards {
  readonly count: number;
  /** `ACCOUNT_BYTES` per reward, in the order in which they were given. */
  readonly accounts: Uint8Array;
  /** `AMOUNT_BYTES` per reward, big-endian wei. */
  readonly amounts: Uint8Array;
  readonly totalWei: bigint;
}

/** Rewards of different accounts, each found by its account. */
export interface RewardList extends PackedRewards {
  /** The positions of the rewards, ordered by account. */
  readonly byAccount: Uint32Array;
}

/** The account at a position of the list, in lower case. */
export function accountAt(list: PackedRewards, position: number): Address {
  return `0x${record(list.accounts, position, ACCOUNT_BYTES).toString("hex")}`;
}

/** The amount at a position of the list, in wei. */
export function amountAt(list: PackedRewards, position: number): bigint {
  return BigInt(`0x${record(list.amounts, position, AMOUNT_BYTES).toString("hex")}`);
}

/** Where in the list an account (in any case) stands, in O(log n); undefined if it has no reward. */
export function positionOf(list: RewardList, account: Address): number | undefined {
  const wanted = Buffer.from(account.slice(2), "hex");
  let low = 0;
  let high = list.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const position = list.byAccount[middle]!;
    const order = wanted.compare(record(list.accounts, position, ACCOUNT_BYTES));
    if (order === 0) return position;
    if (order < 0) high = middle;
    else low = middle + 1;
  }
  return undefined;
}

/** A view of one record in a buffer of records of one width. */
export function record(records: Uint8Array, position: number, width: number): Buffer {
  return Buffer.from(records.buffer, records.byteOffset + position * width, width);
}
