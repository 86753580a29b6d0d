import { hashRange, type HashStep } from "./core/rewardTree/hashing";
import { type Keccak256 } from "./core/rewardTree/keccak";

const CHUNK = 1024;

/** A step that several threads carry out together, up to the position `to`. */
export interface SharedStep {
  readonly step: HashStep;
  /** In shared memory: the first position that no thread has taken yet. */
  readonly cursor: Int32Array;
  readonly to: number;
}

/** Takes one chunk of a step after the other, and hashes it, until none is left. */
export function hashChunks(keccak256: Keccak256, { step, cursor, to }: SharedStep): void {
  for (;;) {
    const start = Atomics.add(cursor, 0, CHUNK);
    if (start >= to) return;
    hashRange(keccak256, step, start, Math.min(start + CHUNK, to));
  }
}
