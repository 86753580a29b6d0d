import { type Observation } from "./look";
import { type SentSettlement } from "./transactions";

/** What the keeper has done so far about the epoch that is to be settled next. */
export interface Intentions {
  /** The settlement that was sent and is not mined as far as is known. */
  readonly sent: SentSettlement | null;
  /** The epoch that somebody else's settlement, mined or pending, was found to settle. */
  readonly outrunEpoch: number | null;
  /** For how long either has been pending. */
  readonly secondsSinceSent: number;
  readonly replaceAfterSeconds: number;
  /** The epoch that this keeper refuses to sign. */
  readonly haltedEpoch: number | null;
}

/** What to do about the chain as it is. */
export type Decision =
  /** The next epoch is not due. */
  | { readonly kind: "wait"; readonly epoch: number; readonly dueAt: number; readonly secondsLeft: number }
  | { readonly kind: "settle"; readonly epoch: number }
  /** A settlement is on its way, and may still be mined as it is. */
  | { readonly kind: "awaitMining"; readonly epoch: number }
  /** A settlement has been on its way for too long: outbid it. */
  | { readonly kind: "replace"; readonly epoch: number; readonly sent: SentSettlement }
  /** Another transaction took the nonce of the settlement, or it reverted: it will never settle its epoch. */
  | { readonly kind: "abandon"; readonly epoch: number; readonly sent: SentSettlement }
  /** The newest settlement is mined, and not believed yet. */
  | { readonly kind: "confirm"; readonly epoch: number }
  | { readonly kind: "paused"; readonly epoch: number }
  | { readonly kind: "halted"; readonly epoch: number };

/**
 * Decides from what was seen alone. One settlement at a time: the next epoch starts with what a confirmed settlement left.
 */
export function decide(seen: Observation, intentions: Intentions): Decision {
  const epoch = seen.nextEpochToSettle;
  const { sent } = intentions;
  if (seen.confirmedEpochs < epoch) return { kind: "confirm", epoch: epoch - 1 };
  if (sent?.epoch === epoch && seen.minedTransactions > sent.request.nonce) return { kind: "abandon", epoch, sent };
  if (seen.paused) return { kind: "paused", epoch };
  if (seen.now < seen.dueAt) return { kind: "wait", epoch, dueAt: seen.dueAt, secondsLeft: seen.dueAt - seen.now };
  const isOnItsWay = sent?.epoch === epoch || intentions.outrunEpoch === epoch;
  if (isOnItsWay && intentions.secondsSinceSent < intentions.replaceAfterSeconds) return { kind: "awaitMining", epoch };
  if (sent?.epoch === epoch) return { kind: "replace", epoch, sent };
  return intentions.haltedEpoch === epoch ? { kind: "halted", epoch } : { kind: "settle", epoch };
}
