import { lastBlockBefore } from "../../../scripts/chain/blocks";
import { type Connection } from "../../../scripts/chain/connection";

/** The first block from which on the newest due epoch can be settled: whatever decides it lies before. */
export async function firstBlockAfterDue({ reader, contracts, deployment }: Connection): Promise<bigint> {
  const { treasury } = contracts;
  const head = await reader.getBlock();
  const current = await treasury.read.currentEpoch();
  const { slotSeconds, slotsPerEpoch } = deployment.config.clock;
  let due = await treasury.read.revealEnd([current]);
  while (due > head.timestamp) due -= BigInt(slotSeconds * slotsPerEpoch);
  return ((await lastBlockBefore(reader, due, head.number)) ?? 0n) + 1n;
}
