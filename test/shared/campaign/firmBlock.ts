import { type PublicClient } from "viem";
import { type Connection } from "../../../scripts/chain/connection";

/** The first block from which the newest due epoch can be settled: everything that decides it lies before. */
export async function firstBlockAfterDue({ reader, contracts, deployment }: Connection): Promise<bigint> {
  const { treasury } = contracts;
  const head = await reader.getBlock();
  const current = await treasury.read.currentEpoch();
  const { slotSeconds, slotsPerEpoch } = deployment.config.clock;
  let due = await treasury.read.revealEnd([current]);
  while (due > head.timestamp) due -= BigInt(slotSeconds * slotsPerEpoch);
  return ((await lastBlockBefore(reader, due, head.number)) ?? 0n) + 1n;
}

/**
 * The last block whose timestamp is before `timestamp`, found by bisection: about 25 reads on a long chain.
 * @param newestNumber Number of the newest block to look at.
 * @returns `undefined` if even block 0 is not before `timestamp`.
 */
async function lastBlockBefore(
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
