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

/** How many blocks must lie on top of a block before it is believed; `finalized` leaves that to the chain. */
export type Confirmations = number | "finalized";

/**
 * The newest block that can be believed, seen from block `head`; -1 where the chain is too short for any.
 * @param confirmations As in a network's configuration.
 */
export async function newestConfirmed(
  reader: PublicClient,
  head: bigint,
  confirmations: Confirmations,
): Promise<bigint> {
  if (confirmations !== "finalized") return head - BigInt(confirmations) < -1n ? -1n : head - BigInt(confirmations);
  const { number } = await reader.getBlock({ blockTag: "finalized" });
  return number < head ? number : head;
}
