/** What is kept of a due epoch while its quorum is missing, so that neither it nor a signature is asked for again at each look. */
import { type KnownAnswers } from "../quorum/gather";
import { type PreparedSettlement } from "../settle/settlementCall";
import { type Observation } from "./look";

/** A due epoch as it was computed. */
export interface DueEpoch {
  readonly prepared: PreparedSettlement;
  /** What it was computed on. */
  readonly state: string;
  /** On the keeper's clock. */
  readonly computedAt: number;
  /** What validators signed rightly. */
  readonly signatures: KnownAnswers;
}

/**
 * After this many seconds it is computed again: a quorum that is missing for so long may be right, and this machine
 * wrong.
 */
const freshSeconds = 600;

/** Whether nothing has changed of what a due epoch was computed on. */
export function isStillRight(known: DueEpoch | null, seen: Observation, now: number): known is DueEpoch {
  return known !== null && known.state === stateOf(seen) && now - known.computedAt < freshSeconds;
}

/** What the next epoch is computed on, beside its own facts: the epochs that are settled, and what became of the newest one's root. */
export function stateOf({ nextEpochToSettle, settled }: Observation): string {
  const newest = settled.at(-1);
  return [nextEpochToSettle, newest?.blockHash, newest?.isVetoed, newest?.reposts.length].join(" ");
}
