import { type Hash } from "viem";
import { type Plan } from "../../actions/plan";
import { type Refusal } from "./refusals";
import { type PaymentWay, type Progress, type Rehearsal, type Stage } from "./perform";

/** An attempt at an action, from the filled form to the result. */
export type Attempt =
  | { readonly kind: "filling" }
  | { readonly kind: "checking" }
  /** Shown in plain words; nothing happens before the person agrees. `news`: why it is shown again. */
  | { readonly kind: "review"; readonly plan: Plan; readonly rehearsal: Rehearsal; readonly news: string | null }
  | { readonly kind: "running"; readonly plan: Plan; readonly way: PaymentWay; readonly stage: Stage }
  | { readonly kind: "refused"; readonly refusal: Refusal; readonly hash: Hash | null }
  | { readonly kind: "done"; readonly result: string; readonly hash: Hash };

/** What can happen to an attempt. */
export type AttemptEvent =
  | { readonly kind: "changed" }
  | { readonly kind: "asked" }
  | { readonly kind: "rehearsed"; readonly plan: Plan; readonly rehearsal: Rehearsal; readonly news: string | null }
  | { readonly kind: "agreed" }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | Progress;

/** Before anything was asked for. */
export const filling: Attempt = { kind: "filling" };

/** The attempt after an event; events that come too late for it (a form that was changed meanwhile) change nothing. */
export function nextAttempt(attempt: Attempt, event: AttemptEvent): Attempt {
  switch (event.kind) {
    case "changed":
      return attempt.kind === "running" ? attempt : filling;
    case "asked":
      return attempt.kind === "running" ? attempt : { kind: "checking" };
    case "rehearsed":
      return attempt.kind === "checking" ? { ...event, kind: "review" } : attempt;
    case "agreed": {
      if (attempt.kind !== "review") return attempt;
      const { plan, rehearsal } = attempt;
      return { kind: "running", plan, way: rehearsal.way, stage: firstStage[rehearsal.way] };
    }
    case "fellBack":
      return attempt.kind === "running" ? { ...attempt, way: "approve", stage: { kind: "approving" } } : attempt;
    case "reached":
      return attempt.kind === "running" ? { ...attempt, stage: event.stage } : attempt;
    case "refused":
      return attempt.kind === "running" || attempt.kind === "checking"
        ? { kind: "refused", refusal: event.refusal, hash: hashOf(attempt) }
        : attempt;
    case "mined":
      return attempt.kind === "running" ? { kind: "done", result: event.result, hash: event.hash } : attempt;
  }
}

const firstStage: Readonly<Record<PaymentWay, Stage>> = {
  none: { kind: "sending" },
  permit: { kind: "signing" },
  approve: { kind: "approving" },
};

/** What the wallet is about to ask, before it does. */
export const wayInWords: Readonly<Record<PaymentWay, string>> = {
  none: "Your wallet will ask once, for the transaction.",
  permit:
    "Your wallet will ask twice: first for a signature that permits exactly this payment (it is free), then for the transaction.",
  approve:
    "Your wallet will ask twice: first for a transaction that permits exactly this payment, then for the transaction itself.",
};

/** What is in progress, and what the person has to do. */
export function describeStage(way: PaymentWay, stage: Stage): string {
  const last = way === "none" ? "" : "Step 2 of 2: ";
  switch (stage.kind) {
    case "signing":
      return "Step 1 of 2: sign the permission in your wallet. It is free.";
    case "approving":
      return "Step 1 of 2: confirm in your wallet that the contract may spend this amount.";
    case "approvalMining":
      return "Step 1 of 2: the permission is sent. Waiting for it to be mined.";
    case "sending":
      return `${last}confirm the transaction in your wallet.`.replace(/^c/, "C");
    case "mining":
      return `${last}the transaction is sent. Waiting for it to be mined.`.replace(/^t/, "T");
  }
}

function hashOf(attempt: Attempt): Hash | null {
  return attempt.kind === "running" && attempt.stage.kind === "mining" ? attempt.stage.hash : null;
}
