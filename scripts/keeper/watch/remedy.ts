import { type Hex } from "viem";
import { type EpochFinding } from "../verify/inspectEpoch";
import { type LiveRoot } from "../facts/rewardRoots";

/** What was found of a settled epoch, with the root that the epochs before it call for. */
export interface Judgement {
  readonly finding: EpochFinding;
  readonly rightRootBefore: Hex;
}

/** The roots that are alive, and what has been judged. */
export interface Danger {
  readonly live: readonly LiveRoot[];
  readonly judgements: ReadonlyMap<number, Judgement>;
  readonly isPaused: boolean;
  /** The time of the block to come, unix seconds. */
  readonly now: number;
  /** A veto that has less time than this until its root can be claimed against might come too late. */
  readonly marginSeconds: number;
}

/** What the guardian must do: the first two are one transaction each. */
export type Remedy =
  | { readonly kind: "veto"; readonly fromEpoch: number }
  /** Only a paused Treasury lets a root be vetoed that can be claimed against, and nothing is claimed while it is paused. */
  | { readonly kind: "pauseAndVeto"; readonly fromEpoch: number }
  | { readonly kind: "none" };

/**
 * The roots that are alive and proven to promise what nobody earned. A root that was not judged, or judged differently
 * from how it stands now, is not among them.
 */
export function wrongRoots({ live, judgements }: Pick<Danger, "live" | "judgements">): readonly LiveRoot[] {
  return live.filter(({ root, epoch }) => {
    const judgement = judgements.get(epoch);
    return judgement?.finding.root === root && isRootWrong(judgement);
  });
}

/**
 * Whether the root that an epoch posted last divides its rewards incorrectly. One that repeats the root before it
 * withholds an epoch's rewards and steals nothing: vetoing it would take from people what they have.
 */
export function isRootWrong({ finding: { root, rightRoot }, rightRootBefore }: Judgement): boolean {
  return root !== rightRoot && root !== rightRootBefore;
}

/** What to do about the wrong roots that are alive, from what was seen alone. */
export function remedyFor(danger: Danger): Remedy {
  const wrong = wrongRoots(danger);
  if (wrong.length === 0) return { kind: "none" };
  const fromEpoch = Math.min(...wrong.map(({ epoch }) => epoch));
  const latest = danger.now + danger.marginSeconds;
  const isUrgent = wrong.some(({ claimableAt }) => claimableAt === null || claimableAt <= latest);
  return { kind: isUrgent && !danger.isPaused ? "pauseAndVeto" : "veto", fromEpoch };
}
