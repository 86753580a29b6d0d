import { type Address, zeroAddress } from "viem";

/** What an account has earned over all epochs so far, in wei. */
export interface CumulativeReward {
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
interface PackedRewards {
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

/** An account's position in the list, in O(log n) and for any letter case; undefined if it has no reward. */
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

/** A reward that no tree may hold: where it stands in the list (from 0), whose it is, and why it is refused. */
export class InvalidRewardError extends Error {
  override readonly name = "InvalidRewardError";

  constructor(
    readonly position: number,
    readonly account: string,
    readonly reason: string,
  ) {
    super(`Reward ${position + 1} of the list, account ${account}: ${reason}.`);
  }
}

const MAX_AMOUNT_WEI = 2n ** 256n - 1n;
const SMALLEST_CAPACITY = 1024;

/** Rewards one after the other: an array, or a stream that may say about how many it has. */
export type Rewards = Iterable<CumulativeReward> & { readonly length?: number };

/**
 * Packs rewards as they come, so that a stream of any length needs little more memory than its packed form.
 *
 * Accounts may be written in any case. An amount of zero is allowed, as in OpenZeppelin's tree: it just leaves nothing
 * to claim. Throws InvalidRewardError for a malformed account and for an amount outside 0 … 2^256 − 1.
 */
export function packRewards(rewards: Rewards): PackedRewards {
  const capacity = Math.max(rewards.length ?? 0, SMALLEST_CAPACITY);
  let accounts = Buffer.from(new SharedArrayBuffer(capacity * ACCOUNT_BYTES));
  let amounts = new DataView(new SharedArrayBuffer(capacity * AMOUNT_BYTES));
  let count = 0;
  let totalWei = 0n;
  for (const reward of rewards) {
    if (count * ACCOUNT_BYTES === accounts.length) {
      accounts = Buffer.from(doubled(accounts.buffer));
      amounts = new DataView(doubled(amounts.buffer));
    }
    writeAccount(reward, count, accounts);
    writeAmount(reward, count, amounts);
    totalWei += reward.cumulativeWei;
    count++;
  }
  return {
    count,
    accounts: new Uint8Array(accounts.buffer, 0, count * ACCOUNT_BYTES),
    amounts: new Uint8Array(amounts.buffer, 0, count * AMOUNT_BYTES),
    totalWei,
  };
}

/**
 * The positions of the rewards, ordered by account. In that order zero is the first and equal accounts are neighbours:
 * throws InvalidRewardError for the zero account and for a repeated one.
 */
export function orderByAccount(rewards: PackedRewards): Uint32Array {
  const order = sortedOrder(rewards.accounts, ACCOUNT_BYTES);
  const first = order[0];
  if (first !== undefined && accountAt(rewards, first) === zeroAddress) {
    throw new InvalidRewardError(first, zeroAddress, "the zero address can't claim");
  }
  for (let i = 1; i < order.length; i++) {
    const earlier = order[i - 1]!;
    const later = order[i]!;
    if (compareRecords(rewards.accounts, ACCOUNT_BYTES, earlier, later) === 0) {
      throw new InvalidRewardError(later, accountAt(rewards, later), `a duplicate of reward ${earlier + 1}`);
    }
  }
  return order;
}

function doubled(buffer: SharedArrayBuffer): SharedArrayBuffer {
  const larger = new SharedArrayBuffer(2 * buffer.byteLength);
  new Uint8Array(larger).set(new Uint8Array(buffer));
  return larger;
}

function writeAccount({ account }: CumulativeReward, position: number, accounts: Buffer): void {
  const isWritten =
    account.length === 2 + 2 * ACCOUNT_BYTES &&
    account.startsWith("0x") &&
    accounts.write(account.slice(2), position * ACCOUNT_BYTES, "hex") === ACCOUNT_BYTES;
  if (!isWritten) {
    throw new InvalidRewardError(position, account, "a malformed account: it must be 0x and 40 hexadecimal digits");
  }
}

function writeAmount({ account, cumulativeWei }: CumulativeReward, position: number, amounts: DataView): void {
  if (cumulativeWei < 0n || cumulativeWei > MAX_AMOUNT_WEI) {
    const reason = `the amount ${cumulativeWei.toString()} is not between 0 and 2^256 - 1 wei`;
    throw new InvalidRewardError(position, account, reason);
  }
  let wordEnd = (position + 1) * AMOUNT_BYTES;
  for (let rest = cumulativeWei; rest > 0n; rest >>= 64n) {
    wordEnd -= 8;
    amounts.setBigUint64(wordEnd, BigInt.asUintN(64, rest));
  }
}

const WORD_BYTES = 4;

/**
 * The positions of equally wide records (a multiple of 4 bytes), ordered by their bytes; equal records keep their
 * order.
 *
 * It calls no comparison function, since that makes sorting in JavaScript slow: 4 bytes of each record and its position
 * form one 64-bit number, numbers are sorted natively, and records that share those bytes are sorted by the next 4. So
 * no choice of records, hostile or not, costs more than one such pass per word: O(n log n).
 */
export function sortedOrder(records: Uint8Array, width: number): Uint32Array {
  const view = new DataView(records.buffer, records.byteOffset, records.byteLength);
  const order = new Uint32Array(records.byteLength / width);
  for (let i = 0; i < order.length; i++) order[i] = i;
  sortFromWord(view, width, order, 0);
  return order;
}

/** Orders the positions in `order`, whose records agree in all bytes before `wordOffset`. */
function sortFromWord(records: DataView, width: number, order: Uint32Array, wordOffset: number): void {
  const keys = new BigUint64Array(order.length);
  // The same keys as pairs of 32-bit words, the low one first, as on all processors but one that Node.js runs on.
  const words = new Uint32Array(keys.buffer);
  for (let i = 0; i < order.length; i++) {
    words[2 * i] = order[i]!;
    words[2 * i + 1] = records.getUint32(order[i]! * width + wordOffset);
  }
  keys.sort();
  for (let i = 0; i < order.length; i++) order[i] = words[2 * i]!;

  const nextWord = wordOffset + WORD_BYTES;
  if (nextWord === width) return;
  for (let start = 0, end = 1; start < order.length; start = end++) {
    while (end < order.length && words[2 * end + 1] === words[2 * start + 1]) end++;
    if (end - start > 1) sortFromWord(records, width, order.subarray(start, end), nextWord);
  }
}

/** Below, at or above zero if record `a` comes before, equals or comes after record `b` in the order of their bytes. */
export function compareRecords(records: Uint8Array, width: number, a: number, b: number): number {
  for (let i = 0; i < width; i++) {
    const difference = records[a * width + i]! - records[b * width + i]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** What one account gets out of one list, in wei; never zero. */
export interface Reward {
  readonly account: Address;
  readonly amountWei: bigint;
}

/**
 * Collects amounts by account, so that an account with several roles, or several amounts in one role, has one entry.
 */
export class RewardLedger {
  readonly #added: Reward[] = [];
  #totalWei = 0n;

  /** Adds an amount, already floored, to what the account (lower case) has. */
  add(account: Address, amountWei: bigint): void {
    if (amountWei === 0n) return;
    this.#added.push({ account, amountWei });
    this.#totalWei += amountWei;
  }

  /** The sum of all entries in wei. */
  get totalWei(): bigint {
    return this.#totalWei;
  }

  /**
   * The entries sorted by account, without zeros. Sorting bytes takes a third of the time that a map of texts takes.
   */
  entries(): readonly Reward[] {
    const entries: Reward[] = [];
    for (const position of sortedOrder(accountBytes(this.#added), ACCOUNT_BYTES)) {
      const { account, amountWei } = this.#added[position]!;
      const last = entries.at(-1);
      if (last?.account === account) entries[entries.length - 1] = { account, amountWei: last.amountWei + amountWei };
      else entries.push(this.#added[position]!);
    }
    return entries;
  }
}

function accountBytes(rewards: readonly Reward[]): Buffer {
  const bytes = Buffer.alloc(rewards.length * ACCOUNT_BYTES);
  rewards.forEach(({ account }, i) => bytes.write(account.slice(2), i * ACCOUNT_BYTES, "hex"));
  return bytes;
}
