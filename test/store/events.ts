import { type EventRow, type ReadBlock, type ReadRange } from "../../scripts/store/eventStore";

/** Number of events in each block of the tests. */
export const eventsPerBlock = 3;

/** The events of the blocks from `first` to `last`. */
export function eventsOf(first: number, last: number): readonly EventRow[] {
  return Array.from({ length: (last - first + 1) * eventsPerBlock }, (_, i) => {
    const block = first + Math.floor(i / eventsPerBlock);
    const log = i % eventsPerBlock;
    return {
      block,
      log,
      transaction_index: 0,
      transaction_hash: `0x${block}`,
      block_hash: `0xb${block}`,
      contract: "Staking",
      name: log === 0 ? "Slashed" : "StakeChanged",
      epoch: Math.floor(block / 10),
      subject: `0x${block % 4}`,
      args: JSON.stringify({ block, log }),
    };
  });
}

/** The blocks from `first` to `end`, read as final. */
export function rangeOf(first: number, end: number): ReadRange {
  return { first, end, events: eventsOf(first, end), forGood: endAt(end) };
}

/** The end of a range. */
export function endAt(number: number): ReadBlock {
  return { number, hash: `0xb${number}` };
}
