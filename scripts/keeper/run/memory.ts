/** What the keeper carries from one look to the next, and what it tells of the difference. */
import { type Hex, parseEventLogs, TransactionReceiptNotFoundError } from "viem";
import { type Connection } from "../../chain/connection";
import { type Signer } from "../../chain/signer";
import { type EpochArchive } from "../archive/epochArchive";
import { figuresOf } from "../facts/figures";
import { type SettledEpoch } from "../facts/settledEpochs";
import { type Decision } from "./decide";
import { type DueEpoch } from "./dueEpoch";
import { type KeeperEvent, type Listener } from "./keeperEvents";
import { type LeftOut } from "./leftOut";
import { type Observation } from "./look";
import { type Service } from "./service";
import { type SentSettlement } from "./transactions";

/** What a keeper works with. */
export interface Keeper extends Service<KeeperEvent> {
  readonly archive: EpochArchive;
  readonly signer: Signer;
  /** An epoch that a human has looked at: it is signed however much it burns. */
  readonly acceptedEpoch: () => number | undefined;
}

/** A settlement that was not signed. */
export interface Halt {
  readonly epoch: number;
  readonly reason: string;
  /** Whether a human may have it signed all the same. */
  readonly mayBeAccepted: boolean;
  /** When it was computed last, on the keeper's clock. */
  readonly at: number;
}

/** What the keeper carries from one look to the next. All of it is lost when it is killed, and none of it is missed. */
export interface KeeperMemory {
  /** The settlements that the last look found. */
  settled: readonly SettledEpoch[];
  /** How many epochs were reported as confirmed; null before the first look. */
  reported: number | null;
  /** The settlement that was sent and is not mined as far as is known. */
  sent: SentSettlement | null;
  /** The newest settlement that was sent, mined or not. */
  lastSent: SentSettlement | null;
  /** The epoch that somebody else's settlement, mined or on its way, was found to settle. */
  outrunEpoch: number | null;
  /** When either was last the case, on the keeper's clock. */
  sentAt: number;
  /** Every transaction that this keeper has signed since it was started. */
  readonly signed: Set<Hex>;
  /** The settlement that was not signed. */
  halted: Halt | null;
  /** The epoch whose quorum was missing at the last look. */
  due: DueEpoch | null;
  /** The validators whose contracts' word on an epoch did not hold: it is not asked for again. */
  leftOut: LeftOut;
  /** What was told last of a quorum that is missing. */
  toldGap: string;
  /** The nonce that was refused because a transaction with it is mined; null once it was compared with what is counted. */
  takenNonce: number | null;
  /** Own settlements that are mined and were not told of yet, for want of their receipts. */
  untold: readonly number[];
  /** The epoch whose vetoed root was told of, as long as it is vetoed. */
  vetoedEpoch: number | null;
  lastDecision: Decision | null;
  /** What it is about, for telling what failed. */
  doing: string;
}

/** The memory of a keeper that was just started. */
export function newMemory(): KeeperMemory {
  return {
    settled: [],
    reported: null,
    sent: null,
    lastSent: null,
    outrunEpoch: null,
    sentAt: 0,
    signed: new Set(),
    halted: null,
    due: null,
    leftOut: { epoch: -1, validators: new Set() },
    toldGap: "",
    takenNonce: null,
    untold: [],
    vetoedEpoch: null,
    lastDecision: null,
    doing: "looking at the chain",
  };
}

/** What only the network or a human can change is looked at again after so many seconds. */
export const patienceSeconds = 60;

/** Leaves an epoch unsigned, and tells so unless that was told before. */
export function halt(memory: KeeperMemory, halted: Halt, tell: Listener): void {
  const { epoch, reason, mayBeAccepted } = halted;
  const isNews = memory.halted?.epoch !== epoch || memory.halted.reason !== reason;
  memory.halted = halted;
  if (isNews) tell({ kind: "halted", epoch, reason, mayBeAccepted });
}

/**
 * The epoch that is left alone: it waits for a human, or was computed not long ago.
 * @param now On the keeper's clock.
 * @param accepted The epoch that a human has accepted.
 */
export function haltedEpochAt(
  { halted }: Pick<KeeperMemory, "halted">,
  now: number,
  accepted: number | undefined,
): number | null {
  if (halted === null) return null;
  const waits = halted.mayBeAccepted ? halted.epoch !== accepted : now - halted.at < patienceSeconds;
  return waits ? halted.epoch : null;
}

/** Tells what changed since the last look, and remembers what was seen. */
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
  const ownSettlements = await ownSettlementsSince(connection, memory, seen.settled);
  for (const epoch of settledOnlyIn(memory.settled, seen.settled)) {
    tell({ kind: "reorganised", epoch });
    memory.reported = Math.min(memory.reported ?? 0, epoch);
  }
  ownSettlements.forEach(tell);
  const expected = expectedEpoch(memory);
  if (expected !== null && seen.settled[expected] !== undefined) memory.sent = memory.outrunEpoch = null;
  memory.settled = seen.settled;
  // What was confirmed before this keeper began is told once, not epoch by epoch.
  const earlier = memory.reported === null ? Math.max(0, seen.confirmedEpochs - 1) : 0;
  const reported = memory.reported ?? earlier;
  for (const figures of figuresOf(seen.settled.slice(reported, seen.confirmedEpochs))) {
    tell({ kind: "confirmed", figures, earlier, transactionHash: seen.settled[figures.epoch]!.transactionHash });
  }
  memory.reported = Math.max(reported, seen.confirmedEpochs);
}

/** The epoch whose settlement is on its way, as far as is known. */
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
 * Who settled what was settled since the last look, as far as it is this keeper's business. What it has signed is its own
 * deed, also where the answer of the node that took it was lost.
 * @param now Every settlement on the chain.
 */
async function ownSettlementsSince(
  connection: Connection,
  memory: Pick<KeeperMemory, "settled" | "signed" | "sent" | "outrunEpoch" | "untold">,
  now: readonly SettledEpoch[],
): Promise<readonly KeeperEvent[]> {
  const expected = expectedEpoch(memory);
  const ownSettlements: KeeperEvent[] = [];
  const untold: number[] = [];
  for (const epoch of new Set([...memory.untold, ...settledOnlyIn(now, memory.settled)])) {
    const settled = now[epoch];
    if (settled === undefined) continue;
    if (memory.signed.has(settled.transactionHash)) {
      const mined = await minedEvent(connection, epoch, settled);
      if (mined === undefined) untold.push(epoch);
      else ownSettlements.push(mined);
    } else if (epoch === expected) {
      ownSettlements.push({ kind: "alreadySettled", epoch });
    }
  }
  memory.untold = untold;
  return ownSettlements;
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
