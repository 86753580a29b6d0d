import { BATCH } from "../../core/keccak/layout";
import { type HashRange, type HashStep } from "../../core/rewardTree/hashing";

/** A step that several threads carry out together, up to the position `to`. */
export interface SharedStep {
  readonly step: HashStep;
  /** In shared memory: the first position that no thread has taken yet. */
  readonly cursor: Int32Array;
  readonly to: number;
}

/**
 * Takes one chunk of a step after the other, and hashes it, until none is left.
 * @param onChunk Called with the position up to which chunks have been taken.
 */
export function hashChunks(
  hashRange: HashRange,
  { step, cursor, to }: SharedStep,
  onChunk: (position: number) => void = () => undefined,
): void {
  for (;;) {
    const start = Atomics.add(cursor, 0, BATCH);
    if (start >= to) return;
    onChunk(start);
    hashRange(step, start, Math.min(start + BATCH, to));
  }
}
