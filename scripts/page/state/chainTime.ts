/** The newest block that the page has seen. */
export interface Head {
  readonly blockNumber: bigint;
  /** Unix seconds. */
  readonly timestamp: number;
  /** When it was seen, by this machine's clock, in milliseconds. */
  readonly seenAtMs: number;
}

/**
 * The chain's time in unix seconds: that of its newest block, going on by as much as this machine's clock has since. So
 * a countdown is right on a machine whose clock is wrong, and goes on while no block is mined.
 */
export function chainNow({ timestamp, seenAtMs }: Head, nowMs: number): number {
  return timestamp + Math.max(0, Math.floor((nowMs - seenAtMs) / 1_000));
}
