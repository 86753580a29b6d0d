import { type Address, type Hex } from "viem";
import { type RoleName } from "../../chain/participants";
import { type SettledBy } from "../facts/settledEpochs";
import { type Unsigned } from "../quorum/gather";
import { type StakeConcern } from "../../core/staking";
import { type ServiceEvent, type Started } from "../run/serviceEvents";
import { type EpochFinding } from "../verify/verifyEpochs";

/** Something that a human has to know: any of these makes a single look end with exit code 1. */
export type WatchAlert =
  /** An epoch was settled, or its root reposted, incorrectly. */
  | { readonly kind: "different"; readonly finding: EpochFinding; readonly isRootWrong: boolean }
  /** An epoch has been due for longer than a reveal window, and nobody settled it. `dueAt` in unix seconds. */
  | { readonly kind: "overdue"; readonly epoch: number; readonly dueAt: number; readonly secondsOverdue: number }
  /** A role has another holder than the known ones, or lost one. */
  | {
      readonly kind: "holdersChanged";
      readonly role: RoleName;
      readonly contract: string;
      readonly added: readonly Address[];
      readonly removed: readonly Address[];
    }
  /** What someone with stake should know about a validator: only if an account is watched. */
  | StakeConcern
  /** Nothing could be judged for half a claim delay: nobody is watching. */
  | { readonly kind: "blind"; readonly secondsWithoutProgress: number; readonly reason: string };

/** How much of an epoch's stake has signed its settlement. */
export interface Turnout {
  readonly signedWei: bigint;
  readonly neededWei: bigint;
  readonly totalWei: bigint;
  readonly missing: readonly Unsigned[];
  /** How many validators have signed nothing for some epochs in a row. */
  readonly silent: number;
}

/** A chain as the watcher last saw it. */
export interface ChainJudged {
  readonly headBlock: bigint;
  /** The newest epoch that was judged; -1 if none is settled. */
  readonly lastJudgedEpoch: number;
  /** How many wrong roots are alive. */
  readonly wrongRoots: number;
  /** What the guardian can still pay for gas; null if it has no key. */
  readonly guardianBalanceWei: bigint | null;
}

/**
 * Everything that the watcher does and sees, as it happens; logs and metrics are listeners. Amounts in wei, times in
 * seconds; no event ever carries a key.
 */
export type WatchEvent =
  | WatchAlert
  | ServiceEvent
  /** The guardian vetoes; null if differences are only reported. */
  | (Started & { readonly guardian: Address | null })
  /** One look is over, and everything on the chain is judged. */
  | ({ readonly kind: "looked" } & ChainJudged)
  /**
   * An epoch's settlement, and its repost if there was one, is exactly as its facts say; `signed` is null if a keeper
   * settled alone.
   */
  | { readonly kind: "verified"; readonly epoch: number; readonly signed: SettledBy | null }
  /** A keeper settled an epoch alone although it had enough stake for a quorum. */
  | { readonly kind: "settledAlone"; readonly epoch: number; readonly neededWei: bigint }
  /** Who has signed the newest settlement, even if it was sent without some of these; at risk if few can be spared. */
  | ({ readonly kind: "signatures"; readonly epoch: number } & Turnout)
  | ({ readonly kind: "quorumAtRisk"; readonly epoch: number } & Turnout)
  /** The root of an epoch that had a difference was reposted correctly. */
  | { readonly kind: "repostVerified"; readonly epoch: number; readonly root: Hex }
  /** A reorganisation dropped a settlement that had been judged. */
  | { readonly kind: "reorganised"; readonly epoch: number }
  | {
      readonly kind: "vetoSent";
      readonly fromEpoch: number;
      /** Whether the same transaction pauses the Treasury, because the root can be claimed against or soon will be. */
      readonly pauses: boolean;
      readonly transactionHash: Hex;
      readonly nonce: number;
      readonly maxFeePerGasWei: bigint;
    }
  /** A wrong root that was alive can no longer be claimed against. */
  | { readonly kind: "wrongRootGone"; readonly epoch: number; readonly root: Hex }
  /** The network asks more for gas than may be paid. Prices in wei per gas. */
  | { readonly kind: "feeAboveCeiling"; readonly askedWei: bigint; readonly ceilingWei: bigint }
  /**
   * A quorum of endpoints agrees on a subject, such as "epoch 7", and another one that was asked does not: it errs, or
   * it lies.
   */
  | { readonly kind: "endpointDisagrees"; readonly endpoint: string; readonly subject: string; readonly reason: string }
  /** The checkpoint can't be used, so everything is judged from the first epoch. */
  | { readonly kind: "checkpointRefused"; readonly reason: string };

/** A listener. Must not throw. */
export type WatchListener = (event: WatchEvent) => void;

/** Every kind of alert. */
export const alertKinds = [
  "different",
  "overdue",
  "holdersChanged",
  "blind",
  "commissionRose",
  "validatorJailed",
  "revealMissed",
] as const satisfies readonly WatchAlert["kind"][];

/** Whether a human has to know. */
export function isAlert(event: WatchEvent): event is WatchAlert {
  return (alertKinds as readonly string[]).includes(event.kind);
}
