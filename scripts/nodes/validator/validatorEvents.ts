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
  | { readonly kind: "jailNear"; readonly missedEpochs: readonly number[] };
