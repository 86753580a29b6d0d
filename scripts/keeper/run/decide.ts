/** What the keeper carries from one look to the next, and what it does about what it sees. */
import { type Address } from "viem";
import { type SettledEpoch } from "../facts/settledEpochs";
import { type KnownAnswers } from "../quorum/gather";
import { type PreparedSettlement } from "../settle/settleEpoch";
import { type Observation } from "./look";
import { type Objection } from "./objections";
import { type SentSettlement } from "./transactions";

/** A settlement that was not signed. */
interface Halt extends Objection {
  readonly epoch: number;
  /** When it was computed last, on the keeper's clock. */
  readonly at: number;
}

/** A computed due epoch. */
export interface DueEpoch {
  readonly prepared: PreparedSettlement;
  /** Identifies the settlements that it was computed on. */
  readonly state: string;
  /** On the keeper's clock. */
  readonly computedAt: number;
  /** Validators' answers with valid signatures. */
  readonly signatures: KnownAnswers;
}

/** Validators whose signatures for an epoch are not used. */
interface LeftOut {
  readonly epoch: number;
  readonly validators: Set<Address>;
}

/** What the keeper carries from one look to the next. When the keeper is killed, all of it is lost without harm. */
export class KeeperMemory {
  /** The settlements that the last look found. */
  settled: readonly SettledEpoch[] = [];
  /** How many epochs were reported as final; null before the first look. */
  reported: number | null = null;
  /** The settlement that was sent and is not known to be mined. */
  sent: SentSettlement | null = null;
  /** The newest settlement that was sent, mined or not. */
  lastSent: SentSettlement | null = null;
  /** The epoch that someone else's settlement, mined or pending, settles. */
  outrunEpoch: number | null = null;
  /** When `sent` or `outrunEpoch` was last set, or `sent` last outbid, on the keeper's clock. */
  sentAt = 0;
  /** The settlement that was not signed. */
  halted: Halt | null = null;
  /** The epoch whose quorum was missing at the last look. */
  due: DueEpoch | null = null;
  /** Validators whose contracts withdrew their approval of an epoch: they are not asked again. */
  leftOut: LeftOut = { epoch: -1, validators: new Set() };
  /** The last report about a missing quorum. */
  toldGap = "";
  /** Epochs of own settlements that are mined, but not reported yet because their receipts are missing. */
  untold: readonly number[] = [];
  /** The epoch whose vetoed root was reported, while it is vetoed. */
  vetoedEpoch: number | null = null;
  lastDecision: Decision | null = null;
  /** What the keeper is doing, for reporting what failed. */
  doing = "looking at the chain";
}

/** What to do about the chain as it is. */
export type Decision =
  /** The next epoch is not due. */
  | { readonly kind: "wait"; readonly epoch: number; readonly dueAt: number; readonly secondsLeft: number }
  | { readonly kind: "settle"; readonly epoch: number }
  /** A settlement is pending, and may still be mined as it is. */
  | { readonly kind: "awaitMining"; readonly epoch: number }
  /** A settlement has been pending for too long: outbid it. */
  | { readonly kind: "replace"; readonly epoch: number; readonly sent: SentSettlement }
  /** Another transaction took the nonce of the settlement, or it reverted: it will never settle its epoch. */
  | { readonly kind: "abandon"; readonly epoch: number; readonly sent: SentSettlement }
  /** The newest settlement is mined, but not final yet. */
  | { readonly kind: "confirm"; readonly epoch: number }
  | { readonly kind: "paused"; readonly epoch: number }
  | { readonly kind: "halted"; readonly epoch: number };

/** What a decision depends on besides what was seen and remembered. */
export interface Circumstances {
  /** On the keeper's clock. */
  readonly now: number;
  readonly replaceAfterSeconds: number;
  /** The epoch that a human has accepted. */
  readonly acceptedEpoch: number | undefined;
}

/** Seconds until another look at something that only the network or a human can change. */
export const patienceSeconds = 60;

/**
 * Decides from what was seen and remembered alone. One settlement at a time: the next epoch starts with what a final
 * settlement left.
 */
export function decide(
  seen: Observation,
  { sent, outrunEpoch, sentAt, halted }: Pick<KeeperMemory, "sent" | "outrunEpoch" | "sentAt" | "halted">,
  { now, replaceAfterSeconds, acceptedEpoch }: Circumstances,
): Decision {
  const epoch = seen.nextEpochToSettle;
  if (seen.finalEpochs < epoch) return { kind: "confirm", epoch: epoch - 1 };
  if (sent?.epoch === epoch && seen.minedTransactions > sent.request.nonce) return { kind: "abandon", epoch, sent };
  if (seen.paused) return { kind: "paused", epoch };
  if (seen.now < seen.dueAt) return { kind: "wait", epoch, dueAt: seen.dueAt, secondsLeft: seen.dueAt - seen.now };
  const isOnItsWay = sent?.epoch === epoch || outrunEpoch === epoch;
  if (isOnItsWay && now - sentAt < replaceAfterSeconds) return { kind: "awaitMining", epoch };
  if (sent?.epoch === epoch) return { kind: "replace", epoch, sent };
  if (halted?.epoch !== epoch) return { kind: "settle", epoch };
  // It waits for a human, or was computed recently.
  const waits = halted.mayBeAccepted ? acceptedEpoch !== epoch : now - halted.at < patienceSeconds;
  return { kind: waits ? "halted" : "settle", epoch };
}
