import { type PublicClient } from "viem";

/**
 * The last block whose timestamp is before `timestamp`, found by bisection: about 25 reads on a long chain.
 * @param newestNumber Number of the newest block to look at.
 * @returns `undefined` where even block 0 is not before `timestamp`.
 */
export async function lastBlockBefore(
  reader: PublicClient,
  timestamp: bigint,
  newestNumber: bigint,
): Promise<bigint | undefined> {
  let before: bigint | undefined;
  let low = 0n;
  let high = newestNumber;
  while (low <= high) {
    const middle = (low + high) / 2n;
    const block = await reader.getBlock({ blockNumber: middle });
    if (block.timestamp < timestamp) {
      before = middle;
      low = middle + 1n;
    } else {
      high = middle - 1n;
    }
  }
  return before;
}

/** The time that the next block would have, unix seconds: a chain that mines nothing for a while does not stop time. */
export async function nextTimestamp(reader: PublicClient): Promise<bigint> {
  const pending = await reader.getBlock({ blockTag: "pending" });
  return pending.timestamp;
}
