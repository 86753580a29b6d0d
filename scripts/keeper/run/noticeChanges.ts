/** What a keeper reports on the difference between two looks. */
import { parseEventLogs, TransactionReceiptNotFoundError } from "viem";
import { type Connection } from "../../chain/connection";
import { figuresOf } from "../facts/figures";
import { type SettledEpoch } from "../facts/settledEpochs";
import { type KeeperEvent, type Listener } from "./keeperEvents";
import { type Observation } from "./look";
import { type KeeperMemory } from "./memory";

/** Reports what changed since the last look, and remembers what was seen. */
export async function noticeChanges(
  connection: Connection,
  memory: KeeperMemory,
  seen: Observation,
  tell: Listener,
): Promise<void> {
  const { headBlock, headTimestamp, confirmedBlock, nextEpochToSettle, dueAt, paused, keeperBalanceWei } = seen;
  tell({
    kind: "looked",
    ...{ headBlock, headTimestamp, confirmedBlock, nextEpochToSettle, dueAt, paused, keeperBalanceWei },
  });
  const { vetoedEpoch } = seen;
  if (vetoedEpoch !== null && vetoedEpoch !== memory.vetoedEpoch) tell({ kind: "vetoed", epoch: vetoedEpoch });
  memory.vetoedEpoch = vetoedEpoch;
  const news = await settlementNews(connection, memory, seen.settled);
  for (const epoch of settledOnlyIn(memory.settled, seen.settled)) {
    tell({ kind: "reorganised", epoch });
    memory.reported = Math.min(memory.reported ?? 0, epoch);
  }
  news.forEach(tell);
  const expected = expectedEpoch(memory);
  if (expected !== null && seen.settled[expected] !== undefined) memory.sent = memory.outrunEpoch = null;
  memory.settled = seen.settled;
  // What was confirmed before this keeper began is reported once, not epoch by epoch.
  const earlier = memory.reported === null ? Math.max(0, seen.confirmedEpochs - 1) : 0;
  const reported = memory.reported ?? earlier;
  for (const figures of figuresOf(seen.settled.slice(reported, seen.confirmedEpochs))) {
    tell({ kind: "confirmed", figures, earlier, transactionHash: seen.settled[figures.epoch]!.transactionHash });
  }
  memory.reported = Math.max(reported, seen.confirmedEpochs);
}

/** The epoch whose settlement is pending, as far as is known. */
function expectedEpoch({ sent, outrunEpoch }: Pick<KeeperMemory, "sent" | "outrunEpoch">): number | null {
  return sent?.epoch ?? outrunEpoch;
}

/** The epochs that `some` have settled and `others` have not, or by another transaction. */
function settledOnlyIn(some: readonly SettledEpoch[], others: readonly SettledEpoch[]): readonly number[] {
  // Where they share the block of a settlement, they share all before it.
  const shared = some.findLastIndex(({ blockHash }, epoch) => others[epoch]?.blockHash === blockHash) + 1;
  return some
    .slice(shared)
    .flatMap(({ transactionHash }, i) => (others[shared + i]?.transactionHash === transactionHash ? [] : [shared + i]));
}

/**
 * What to report of settlements since the last look: those that this keeper signed, also where the answer of the node that
 * took them was lost, and somebody else's of the epoch that it was about to settle.
 * @param now Every settlement on the chain.
 */
async function settlementNews(
  connection: Connection,
  memory: Pick<KeeperMemory, "settled" | "signed" | "sent" | "outrunEpoch" | "untold">,
  now: readonly SettledEpoch[],
): Promise<readonly KeeperEvent[]> {
  const expected = expectedEpoch(memory);
  const news: KeeperEvent[] = [];
  const untold: number[] = [];
  for (const epoch of new Set([...memory.untold, ...settledOnlyIn(now, memory.settled)])) {
    const settled = now[epoch];
    if (settled === undefined) continue;
    if (memory.signed.has(settled.transactionHash)) {
      const mined = await minedEvent(connection, epoch, settled);
      if (mined === undefined) untold.push(epoch);
      else news.push(mined);
    } else if (epoch === expected) {
      news.push({ kind: "alreadySettled", epoch });
    }
  }
  memory.untold = untold;
  return news;
}

/** Undefined where the endpoint has no receipt: it is for telling alone, and nothing waits for it. */
async function minedEvent(
  { reader, contracts }: Connection,
  epoch: number,
  { transactionHash }: SettledEpoch,
): Promise<KeeperEvent | undefined> {
  const receipt = await reader.getTransactionReceipt({ hash: transactionHash }).catch((error: unknown) => {
    if (error instanceof TransactionReceiptNotFoundError) return undefined;
    throw error;
  });
  if (receipt === undefined) return undefined;
  const { blockNumber, gasUsed, effectiveGasPrice, logs } = receipt;
  const feeWei = gasUsed * effectiveGasPrice;
  const { length: paid } = parseEventLogs({ abi: contracts.treasury.abi, eventName: "Claimed", logs });
  return { kind: "mined", epoch, transactionHash, blockNumber, gasUsed, feeWei, paid };
}
