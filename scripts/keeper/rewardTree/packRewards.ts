import { ACCOUNT_BYTES, accountAt, AMOUNT_BYTES, record, type Reward, type RewardList } from "./rewardList";
import { sortedOrder } from "./sortedOrder";

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
const FIRST_CAPACITY = 1024;

/**
 * Packs rewards as they come, so that a stream of any length needs no more memory than its packed form.
 *
 * Accounts may be written in any case. An amount of zero is allowed, as in OpenZeppelin's tree: it just leaves nothing
 * to claim. Throws InvalidRewardError for a malformed, zero or repeated account and for an amount outside
 * 0 … 2^256 − 1.
 */
export function packRewards(rewards: Iterable<Reward>): RewardList {
  let accounts = Buffer.from(new SharedArrayBuffer(FIRST_CAPACITY * ACCOUNT_BYTES));
  let amounts = Buffer.from(new SharedArrayBuffer(FIRST_CAPACITY * AMOUNT_BYTES));
  let count = 0;
  let totalWei = 0n;
  for (const reward of rewards) {
    if (count * ACCOUNT_BYTES === accounts.length) {
      accounts = doubled(accounts);
      amounts = doubled(amounts);
    }
    writeAccount(reward, count, accounts);
    writeAmount(reward, count, amounts);
    totalWei += reward.cumulativeWei;
    count++;
  }
  accounts = accounts.subarray(0, count * ACCOUNT_BYTES);
  amounts = amounts.subarray(0, count * AMOUNT_BYTES);
  const list = { count, accounts, amounts, byAccount: sortedOrder(accounts, ACCOUNT_BYTES), totalWei };
  refuseDuplicates(list);
  return list;
}

function doubled(records: Buffer): Buffer<SharedArrayBuffer> {
  const larger = Buffer.from(new SharedArrayBuffer(2 * records.length));
  larger.set(records);
  return larger;
}

function writeAccount({ account }: Reward, position: number, accounts: Buffer): void {
  const isWritten =
    account.length === 2 + 2 * ACCOUNT_BYTES &&
    account.startsWith("0x") &&
    accounts.write(account.slice(2), position * ACCOUNT_BYTES, "hex") === ACCOUNT_BYTES;
  if (!isWritten) {
    throw new InvalidRewardError(position, account, "a malformed account; one is 0x and 40 hexadecimal digits");
  }
  if (record(accounts, position, ACCOUNT_BYTES).every((byte) => byte === 0)) {
    throw new InvalidRewardError(position, account, "the zero account can claim nothing");
  }
}

function writeAmount({ account, cumulativeWei }: Reward, position: number, amounts: Buffer): void {
  if (cumulativeWei < 0n || cumulativeWei > MAX_AMOUNT_WEI) {
    const reason = `the amount ${cumulativeWei.toString()} is not between 0 and 2^256 - 1 wei`;
    throw new InvalidRewardError(position, account, reason);
  }
  const start = position * AMOUNT_BYTES;
  for (let word = 0; word < 4; word++) {
    const bits = BigInt.asUintN(64, cumulativeWei >> BigInt(192 - 64 * word));
    amounts.writeBigUInt64BE(bits, start + 8 * word);
  }
}

/** In the order of accounts, equal ones are neighbours. */
function refuseDuplicates(list: RewardList): void {
  for (let i = 1; i < list.count; i++) {
    const [earlier, later] = [list.byAccount[i - 1]!, list.byAccount[i]!];
    const account = record(list.accounts, later, ACCOUNT_BYTES);
    if (account.equals(record(list.accounts, earlier, ACCOUNT_BYTES))) {
      throw new InvalidRewardError(later, accountAt(list, later), `a duplicate of reward ${earlier + 1}`);
    }
  }
}
