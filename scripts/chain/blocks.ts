import { type Hash, type PublicClient, type Hex } from "viem";
import { ContradictionError } from "./badAnswers";
import { type ChainEvent } from "./events/eventTypes";

/** The timestamp of the next block, unix seconds: time passes even while a chain mines nothing. */
export async function nextTimestamp(reader: PublicClient): Promise<bigint> {
  const pending = await reader.getBlock({ blockTag: "pending" });
  return pending.timestamp;
}

/** How many blocks must follow a block before it is believed; `finalized` leaves that to the chain. */
export type Confirmations = number | "finalized";

/**
 * The newest final block, seen from block `head`; -1 if the chain is too short for one.
 * @param confirmations As in a network's configuration.
 */
export async function newestFinal(reader: PublicClient, head: bigint, confirmations: Confirmations): Promise<bigint> {
  if (confirmations !== "finalized") return head - BigInt(confirmations) < -1n ? -1n : head - BigInt(confirmations);
  const { number } = await reader.getBlock({ blockTag: "finalized" });
  return number < head ? number : head;
}

/**
 * Whether a deployment is on the chain with this block 0.
 * @param deploymentId Like "chain-31337-d540dd40": the chain's id and the first digits of its block 0.
 */
export function isOfChain(deploymentId: string, block0: Hash): boolean {
  const digits = /^chain-\d+-([0-9a-f]{8})$/.exec(deploymentId)?.[1];
  return digits === undefined || block0.startsWith(`0x${digits}`);
}

/** The block of an event. */
export interface EventBlock {
  readonly number: number;
  readonly hash: Hex;
}

export function blockOf({ block, blockHash }: Pick<ChainEvent, "block" | "blockHash">): EventBlock {
  return { number: block, hash: blockHash };
}

/**
 * The times of exactly these blocks, unix seconds by hash.
 * @param known Times that were read before; the chain is not asked for them again.
 * @throws ContradictionError if the endpoint has another block at a number.
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
