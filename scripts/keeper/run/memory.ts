/** What the keeper carries from one look to the next. */
import { type Hex } from "viem";
import { type Signer } from "../../chain/signer";
import { type EpochArchive } from "../archive/epochArchive";
import { type SettledEpoch } from "../facts/settledEpochs";
import { type Decision } from "./decide";
import { type DueEpoch } from "./dueEpoch";
import { type KeeperEvent, type Listener } from "./keeperEvents";
import { type LeftOut } from "./leftOut";
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
  /** Whether a human may have it signed anyway. */
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
  /** The epoch that somebody else's settlement, mined or pending, was found to settle. */
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
  /** What was reported last of a quorum that is missing. */
  toldGap: string;
  /** The nonce that was refused because a transaction with it is mined; null once it was compared with what is counted. */
  takenNonce: number | null;
  /** Own settlements that are mined and were not told of yet, for want of their receipts. */
  untold: readonly number[];
  /** The epoch whose vetoed root was reported, as long as it is vetoed. */
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

/** What only the network or a human can change is looked at again after this many seconds. */
export const patienceSeconds = 60;

/** Leaves an epoch unsigned, and tells so unless that was reported before. */
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
