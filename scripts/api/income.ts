import { type Address, type Hex, formatUnits } from "viem";
import { blockOf, type EventBlock, readBlockTimes } from "../chain/blocks";
import { type Connection } from "../chain/connection";
import { type Earnings, type Paid, payInOrder } from "../core/distribution/earnings";
import { lowerCase } from "../core/address";
import { readSettledEpochs, type SettledEpoch } from "../keeper/facts/settledEpochs";
import { type EpochStore } from "./epochStore";
import { type Wire } from "./answers";
import { type ApiSource } from "./source";
import { isoTime } from "../show/moments";

/** A range of days: unix seconds at which the first and the last day begin; open if missing. */
export interface Period {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** Something that was earned, or paid, in a transaction. */
interface Earned {
  readonly epoch: number;
  readonly role: IncomeRow["role"];
  readonly amountWei: bigint;
  readonly block: EventBlock;
  readonly transaction: Hex;
}
type Payment = Omit<Earned, "epoch" | "role">;

/** Most blocks whose times are remembered. */
const keptTimes = 20_000;
const daySeconds = 86_400;

/**
 * What an account earned in a period, row by row, the oldest first: rewards of settled epochs, claimed or not, and
 * payments made at once, such as block rewards and the DAO's share. The claimed rows of all time add up to what the
 * chain paid.
 * @param current The network as of the block to look at.
 * @param patienceMilliseconds How long to wait for reports that were not read before; then UnavailableError is thrown.
 */
export function incomeView(
  { earnings }: Pick<ApiSource, "earnings">,
  current: () => Promise<{ readonly view: Connection }>,
  store: EpochStore,
  patienceMilliseconds: number,
) {
  let times: ReadonlyMap<Hex, number> = new Map();
  return async (account: Address, { from = -Infinity, to = Infinity }: Period): Promise<readonly IncomeRow[]> => {
    const { view } = await current();
    const settled = await readSettledEpochs(view);
    const earned = await earnings.ofAll(account, settled, store, patienceMilliseconds);
    const claims = await view.events.select(["Claimed"], { subject: lowerCase(account) });
    const parts: readonly Paid<Earned, Payment>[] = [
      ...payInOrder(
        settled.flatMap((one, epoch) => rewardsIn(one, epoch, earned.get(epoch)!)),
        claims.map((claim) => ({ ...placeOf(claim), amountWei: claim.args.amount })),
      ),
      ...[...sharesOfDao(view, settled, account), ...(await blockRewards(view, account))]
        .filter(({ amountWei }) => amountWei > 0n)
        .map((paid) => ({ amountWei: paid.amountWei, earned: paid, payment: paid })),
    ];
    const blocks = parts.flatMap(({ earned: one, payment }) => [one, payment].flatMap((known) => known?.block ?? []));
    const needed = await readBlockTimes(view.reader, blocks, times);
    times = new Map([...times, ...needed].slice(-keptTimes));
    return parts
      .map((part) => rowOf(part, needed))
      .filter(({ date }) => date >= from && date < to + daySeconds)
      .sort((a, b) => a.date - b.date);
  };
}

function rewardsIn(
  { blockNumber, blockHash, transactionHash }: SettledEpoch,
  epoch: number,
  { miner, stakes }: Wire<Earnings>,
): readonly Earned[] {
  const place = { block: { number: Number(blockNumber), hash: blockHash }, transaction: transactionHash };
  const earned = (role: Earned["role"], amountWei: string): Earned => {
    return { epoch, role, amountWei: BigInt(amountWei), ...place };
  };
  return [
    ...(miner === null ? [] : [earned("miner", miner.amountWei)]),
    ...stakes.map((stake) => earned(stake.as, stake.amountWei)),
  ];
}

function sharesOfDao(
  { deployment }: Connection,
  settled: readonly SettledEpoch[],
  account: Address,
): readonly Earned[] {
  if (deployment.choices.dao.toLowerCase() !== account.toLowerCase()) return [];
  return settled.map(({ settlement, blockNumber, blockHash, transactionHash }, epoch) => ({
    ...{ epoch, role: "dao", amountWei: settlement.daoShare },
    ...{ block: { number: Number(blockNumber), hash: blockHash }, transaction: transactionHash },
  }));
}

/** For opening and sealing epochs, and producing slots. */
async function blockRewards({ events, deployment }: Connection, account: Address): Promise<readonly Earned[]> {
  const paid = await events.select(["EpochOpened", "EpochSealed", "BlockProduced"], { subject: lowerCase(account) });
  return paid.map((event) => ({
    epoch: Number(
      event.name === "BlockProduced"
        ? event.args.slot / BigInt(deployment.config.clock.slotsPerEpoch)
        : event.args.epoch,
    ),
    ...{ role: "block producer", amountWei: event.args.rewardWei, ...placeOf(event) },
  }));
}

function placeOf(event: EventBlockOf): Pick<Payment, "block" | "transaction"> {
  return { block: blockOf(event), transaction: event.transactionHash };
}
type EventBlockOf = Parameters<typeof blockOf>[0] & { readonly transactionHash: Hex };

function rowOf({ amountWei, earned, payment }: Paid<Earned, Payment>, times: ReadonlyMap<Hex, number>): IncomeRow {
  const dated = (one: Payment) => ({ date: times.get(one.block.hash)!, transaction: one.transaction });
  return {
    ...dated((earned ?? payment)!),
    epoch: earned?.epoch ?? null,
    role: earned?.role ?? "not earned",
    amountWei,
    paid: payment && dated(payment),
  };
}

/** A transaction, and when it was mined: unix seconds. */
interface Dated {
  readonly date: number;
  readonly transaction: Hex;
}

/** One row of an account's income. */
export interface IncomeRow extends Dated {
  /** Null if more was paid than was earned, as after a wrong root that could be claimed against. */
  readonly epoch: number | null;
  readonly role: "miner" | "validator" | "delegator" | "block producer" | "dao" | "not earned";
  readonly amountWei: bigint;
  /** Null if it is not claimed yet. */
  readonly paid: Dated | null;
}

/** The income as a spreadsheet reads it: times in UTC, amounts in MDT with every digit. */
export function incomeCsv(rows: readonly IncomeRow[]): string {
  const lines = rows.map(({ date, epoch, role, amountWei, transaction, paid }) => [
    ...[
      isoTime(date),
      epoch ?? "",
      role,
      formatUnits(amountWei, 18),
      transaction,
      paid === null ? "accrued" : "claimed",
    ],
    ...(paid === null ? ["", ""] : [isoTime(paid.date), paid.transaction]),
  ]);
  const heads = ["date", "epoch", "role", "amountMdt", "transaction", "state", "paidDate", "paidTransaction"];
  return `${[heads, ...lines].map((line) => line.join(",")).join("\n")}\n`;
}
