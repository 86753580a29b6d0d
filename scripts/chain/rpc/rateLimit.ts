/** A bucket of calls that may be made at once; it fills up again at a steady rate. Times are in milliseconds. */
export interface Bucket {
  /** Calls that may be made now; negative where calls to come have been promised already. */
  readonly tokens: number;
  readonly at: number;
}

/** How many calls a second in the long run, and how many at once. */
export interface Rate {
  readonly callsPerSecond: number;
  readonly burst: number;
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
