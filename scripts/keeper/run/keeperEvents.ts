import { type Address, type Hex } from "viem";
import { type EpochFigures } from "../facts/settledEpochs";
import { type QuorumGap } from "../quorum/gather";
import { type Observation } from "./look";
import { type ServiceEvent, type Started } from "./serviceEvents";

/** A chain as the keeper last saw it. */
export type HeadSeen = Pick<
  Observation,
  "headBlock" | "headTimestamp" | "finalBlock" | "nextEpochToSettle" | "dueAt" | "paused" | "keeperBalanceWei"
>;

/**
 * Everything that the keeper does and sees, as it happens. Logs and metrics are listeners: nothing else reports, and
 * nothing here decides. Amounts in wei, times in seconds; no event ever carries a key.
 */
export type KeeperEvent =
  | ServiceEvent
  | (Started & {
      readonly keeper: Address;
      /** Whether it may settle alone, once that is allowed; else it sends what validators signed. */
      readonly mayBeAlone: boolean;
    })
  | ({ readonly kind: "looked" } & HeadSeen)
  | { readonly kind: "waiting"; readonly epoch: number; readonly dueAt: number; readonly secondsLeft: number }
  | {
      readonly kind: "computed";
      readonly epoch: number;
      readonly seconds: number;
      readonly accounts: number;
      readonly rewardsRoot: Hex;
    }
  | {
      readonly kind: "sent";
      readonly epoch: number;
      readonly transactionHash: Hex;
      readonly nonce: number;
      readonly maxFeePerGasWei: bigint;
      /** The transaction with the same nonce and the same bytes that this one outbids; null for the first. */
      readonly replaces: Hex | null;
    }
  | {
      readonly kind: "mined";
      readonly epoch: number;
      readonly transactionHash: Hex;
      readonly blockNumber: bigint;
      readonly gasUsed: bigint;
      readonly feeWei: bigint;
      /** How many claims its transaction paid. */
      readonly paid: number;
    }
  /**
   * The next epoch is due, but too little stake has signed it; the keeper asks again. Reported after some looks, and
   * again when more stake has signed.
   */
  | ({ readonly kind: "quorumMissing"; readonly epoch: number } & QuorumGap)
  /** Someone else settled the epoch that this keeper was about to settle, or had sent a settlement for. */
  | { readonly kind: "alreadySettled"; readonly epoch: number }
  /**
   * A settlement that is final, no matter who settled. Of those that were final when the keeper started, only the
   * newest is reported; `earlier` is the number of those before it, and 0 from then on.
   */
  | {
      readonly kind: "final";
      readonly figures: EpochFigures;
      readonly earlier: number;
      readonly transactionHash: Hex;
    }
  /** A reorganisation dropped a settlement: the epoch is no longer settled, or settled by another transaction. */
  | { readonly kind: "reorganised"; readonly epoch: number }
  /** The Treasury is paused: nothing is settled until the pause ends. */
  | { readonly kind: "paused"; readonly epoch: number }
  /**
   * The guardian vetoed the newest settled epoch's root, and nobody has reposted it. Reported once per veto; later
   * epochs are still settled, and promise what this root should have promised.
   */
  | { readonly kind: "vetoed"; readonly epoch: number }
  /** The network asks more for gas than the keeper may pay; the keeper waits. Prices in wei per gas. */
  | {
      readonly kind: "feeAboveCeiling";
      readonly epoch: number;
      readonly askedWei: bigint;
      readonly ceilingWei: bigint;
      readonly retryInSeconds: number;
    }
  /**
   * A settlement looks wrong and is not signed. If it may be accepted, it waits for a human to do so; otherwise the
   * fault is on the chain or in the program, and the keeper looks again from time to time. Reported once for each
   * reason.
   */
  | { readonly kind: "halted"; readonly epoch: number; readonly reason: string; readonly mayBeAccepted: boolean };

/** A listener. Must not throw. */
export type Listener = (event: KeeperEvent) => void;
