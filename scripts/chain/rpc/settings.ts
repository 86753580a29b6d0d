/** How many calls a second in the long run, and how many at once. */
interface Rate {
  readonly callsPerSecond: number;
  readonly burst: number;
}

/** Numbers by which a pool treats its endpoints. */
export interface PoolSettings {
  /** An endpoint that has not answered by then hangs. */
  readonly timeoutMilliseconds: number;
  /** The same for a look at an endpoint: three small questions. */
  readonly lookTimeoutMilliseconds: number;
  /** A look at every endpoint is as old as this at most when a call is made. */
  readonly lookEveryMilliseconds: number;
  /** How far an endpoint's head may be behind the others'. */
  readonly lagBlocks: number;
  /** How often a call is made before it is given up. */
  readonly attempts: number;
  /** What one endpoint is asked at most. */
  readonly rate: Rate;
  /** Calls made together travel together, so many at most. */
  readonly callsPerBatch: number;
}

/** What suits public endpoints of a chain with blocks every few seconds, and does not slow down a node of one's own. */
export const defaultPoolSettings: PoolSettings = {
  // Providers cut their own answers off after 10 to 15 seconds.
  timeoutMilliseconds: 20_000,
  // The first calls wait for the slowest endpoint to be looked at, so it is short; an answer takes 0.3 s across the world.
  lookTimeoutMilliseconds: 5_000,
  // About a block of Ethereum: what falls behind is noticed within two.
  lookEveryMilliseconds: 15_000,
  // Honest nodes are a block or two apart, and looks at them some 100 ms; ten blocks are a node in trouble.
  lagBlocks: 10,
  // With the waits between them (endpointState.ts) 13 to 25 seconds: longer than most restarts.
  attempts: 8,
  // Paid plans allow 300 calls a second and more; a whole epoch of a small network fits the burst. A limit that is lower is
  // told by 429, and kept to by Retry-After.
  rate: { callsPerSecond: 500, burst: 2_000 },
  // The smallest limit that large providers name. An endpoint that refuses gets half.
  callsPerBatch: 100,
};

/** A bucket of calls that may be made at once; it fills up again at a steady rate. Times are in milliseconds. */
export interface Bucket {
  /** Calls that may be made now; negative where calls to come have been promised already. */
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
