/** When the blocks of events were mined: events themselves don't say. */
import { type Hex, type PublicClient } from "viem";
import { ContradictionError } from "./contradiction";
import { type ChainEvent } from "./events/eventTypes";

/** The block of an event. */
export interface EventBlock {
  readonly number: number;
  readonly hash: Hex;
}

export function blockOf({ block, blockHash }: Pick<ChainEvent, "block" | "blockHash">): EventBlock {
  return { number: block, hash: blockHash };
}

/**
 * The times of blocks, unix seconds by hash: of these and no others.
 * @param known Times that were read before, which are not asked for again.
 * @throws ContradictionError where a block is not the one that the events are in.
 */
export async function readBlockTimes(
  reader: PublicClient,
  blocks: readonly EventBlock[],
  known: ReadonlyMap<Hex, number>,
): Promise<ReadonlyMap<Hex, number>> {
  const distinct = new Map(blocks.map((block) => [block.hash, block]));
  const times = await Promise.all(
    [...distinct.values()].map(async ({ hash, number }) => {
      const kept = known.get(hash);
      if (kept !== undefined) return [hash, kept] as const;
      const block = await reader.getBlock({ blockNumber: BigInt(number) });
      if (block.hash === hash) return [hash, Number(block.timestamp)] as const;
      throw new ContradictionError(`An endpoint's block ${number} is not the block of its events.`);
    }),
  );
  return new Map(times);
}
