/** However often something failed, it is tried again within so many seconds. */
const longestSeconds = 60;

/**
 * How long to wait after a failure: twice as long after each in a row, up to a minute, the second half of it by chance.
 * @param failuresBefore In a row, this one not counted.
 * @param chance 0 … 1.
 */
export function retrySeconds(pollSeconds: number, failuresBefore: number, chance: number): number {
  const seconds = Math.min(pollSeconds * 2 ** Math.min(failuresBefore, 32), longestSeconds);
  return seconds * (0.5 + chance / 2);
}
