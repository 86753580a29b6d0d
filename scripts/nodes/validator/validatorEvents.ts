import { type Hex } from "viem";
import { type NodeEvent } from "../run/nodeEvents";

/** What a validator tells beside what every node does. */
export type ValidatorEvent =
  | NodeEvent
  /** All miners with completed tasks were judged, or the time for it was over. */
  | {
      readonly kind: "scored";
      readonly epoch: number;
      /** Miners that have a score now, and those that worked: of the others nothing is said. */
      readonly scored: number;
      readonly miners: number;
      /** Inputs and results that nobody serves. */
      readonly missingBlobs: number;
      readonly seconds: number;
    }
  /** The scorer said nothing of a miner. */
  | { readonly kind: "scorerFailed"; readonly epoch: number; readonly minerId: number; readonly reason: string }
  /** The commitment on the chain hides scores that this machine does not have: it can't be revealed here. */
  | { readonly kind: "scoresLost"; readonly epoch: number }
  /** Its stake, or its release from jail, counts from a later epoch on. */
  | { readonly kind: "comesLater"; readonly epoch: number; readonly activeFrom: number }
  /** It does not take part in this epoch nor in the next ones: it is jailed, or has too little stake. */
  | { readonly kind: "notActive"; readonly epoch: number }
  /** Epochs without a reveal; one more of them, and the validator can be slashed and jailed. */
  | { readonly kind: "jailNear"; readonly missedEpochs: readonly number[] }
  /** A settlement or a repost, as this node computed it, is signed, is on its disk, and is served. */
  | (ComputedMessage & { readonly kind: "signed"; readonly seconds: number })
  /** With --dry-run: what would have been signed. */
  | (ComputedMessage & { readonly kind: "wouldSign" })
  /** This node does not sign an epoch. */
  | {
      readonly kind: "signingRefused";
      readonly what: "settlement" | "repost";
      readonly epoch: number;
      /** The final block as of which it was computed. */
      readonly block: bigint;
      /** What was found: which field, which key. */
      readonly reason: string;
      /** Whether it signs once a human has accepted the epoch. */
      readonly mayBeAccepted: boolean;
    }
  /** An epoch has been due for long, and is neither signed nor refused. */
  | {
      readonly kind: "signingBehind";
      readonly epoch: number;
      /** The newest final block that was seen; null where none was. */
      readonly block: bigint | null;
      readonly seconds: number;
      /** Whether it is being computed; else it waits for a final block, or fails. */
      readonly isComputing: boolean;
    }
  /** An epoch was settled, and not as this validator signed it. */
  | {
      readonly kind: "settledDifferently";
      readonly epoch: number;
      /** The first field that differs, in words. */
      readonly difference: string;
      readonly block: bigint;
      readonly transactionHash: Hex;
    };

/** What a node computed of an epoch. */
interface ComputedMessage {
  readonly what: "settlement" | "repost";
  readonly epoch: number;
  /** Its EIP-712 digest. */
  readonly digest: Hex;
  /** The final block as of which it was computed. */
  readonly block: bigint;
  /** Why it is signed again; null for the first time. */
  readonly because: string | null;
}
