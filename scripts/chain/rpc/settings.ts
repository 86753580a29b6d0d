/** How many calls a second in the long run, and how many at once. */
interface Rate {
  readonly callsPerSecond: number;
  readonly burst: number;
}

/** Limits and times by which a pool treats its endpoints. */
export interface PoolSettings {
  /** An endpoint that has not answered in this time hangs. */
  readonly timeoutMilliseconds: number;
  /** The same for a look at an endpoint, which asks only small questions. */
  readonly lookTimeoutMilliseconds: number;
  /** If the last look at the endpoints is older than this, the next call starts another. */
  readonly lookEveryMilliseconds: number;
  /** How far an endpoint's head may be behind the others'. */
  readonly lagBlocks: number;
  /** How often a call is made before it is given up. */
  readonly attempts: number;
  /** Most calls to one endpoint. */
  readonly rate: Rate;
  /** Calls made together travel together, at most this many. */
  readonly callsPerBatch: number;
}

/** Suits public endpoints of a chain with blocks every few seconds, and does not slow down your own node. */
export const defaultPoolSettings: PoolSettings = {
  // Providers cut their own answers off after 10 to 15 seconds.
  timeoutMilliseconds: 20_000,
  // Short, because the first calls wait until the slowest endpoint is looked at; an answer takes 0.3 s across the
  // world.
  lookTimeoutMilliseconds: 5_000,
  // About a block of Ethereum: an endpoint that falls behind is noticed within two.
  lookEveryMilliseconds: 15_000,
  // Honest nodes are a block or two apart, and looks at them some 100 ms; a node ten blocks behind is in trouble.
  lagBlocks: 10,
  // With the waits between them (endpointState.ts), these take 13 to 25 seconds: longer than most restarts.
  attempts: 8,
  // Paid plans allow 300 calls a second and more; a whole epoch of a small network fits the burst. A lower limit shows
  // as 429, and the pool waits for Retry-After.
  rate: { callsPerSecond: 500, burst: 2_000 },
  // The smallest limit that large providers name. An endpoint that refuses gets batches of half the size.
  callsPerBatch: 100,
};

/** A bucket of calls that may be made at once; it fills up again at a steady rate. Times are in milliseconds. */
export interface Bucket {
  /** Calls that may be made now; negative if later calls have their turn already. */
  readonly tokens: number;
  readonly at: number;
}

/** A full bucket. */
export function fullBucket({ burst }: Rate, now: number): Bucket {
  return { tokens: burst, at: now };
}

/** Takes `calls` out of the bucket, and says how long to wait before they may be made. */
export function take(
  bucket: Bucket,
  calls: number,
  { callsPerSecond, burst }: Rate,
  now: number,
): { readonly bucket: Bucket; readonly waitMilliseconds: number } {
  const refilled = Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.at) * callsPerSecond) / 1_000);
  const tokens = refilled - calls;
  const waitMilliseconds = tokens >= 0 ? 0 : Math.ceil((-tokens * 1_000) / callsPerSecond);
  return { bucket: { tokens, at: now }, waitMilliseconds };
}
