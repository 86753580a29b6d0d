import { type Hex } from "viem";
import { type SettledEpoch } from "../facts/settledEpochs";
import { type Decision } from "./decide";
import { type SentSettlement } from "./sendTransaction";

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
  /** How many epochs were reported as confirmed. */
  reported: number;
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
    reported: 0,
    sent: null,
    lastSent: null,
    outrunEpoch: null,
    sentAt: 0,
    signed: new Set(),
    halted: null,
    vetoedEpoch: null,
    lastDecision: null,
    doing: "looking at the chain",
  };
}
