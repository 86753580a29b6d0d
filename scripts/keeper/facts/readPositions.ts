import { type Address } from "viem";
import { type ChainEvent } from "../../chain/events/eventTypes";
import { type Connection } from "../../chain/connection";
import { firstEpochOf, PositionBook, type PositionEvent, type Positions } from "../../core/positions";
import { lowerCase } from "../../core/strictJson";

/** The events that change positions. */
const names = ["StakeChanged", "ValidatorLeft", "Redelegated", "Slashed"] as const;

/** How many events are read at first, for few change in an epoch; twice as many each time that they were not enough. */
const firstEventsAtOnce = 16;
const mostEventsAtOnce = 1_024;

/** Positions, and the last event that is in them. */
interface Kept {
  readonly book: PositionBook;
  last: { readonly block: number; readonly log: number };
}

/** Under which the positions are kept that were computed last. */
const key = {};

/**
 * Everybody's shares that count for `epoch`, from Staking's events. What was computed for an earlier epoch is carried on, so
 * that epoch after epoch each event is read once.
 */
export async function readPositions({ events }: Connection, epoch: number): Promise<Positions> {
  const known = await events.take<Kept>(key);
  const kept = known === undefined || known.book.epoch > epoch ? newBook() : known;
  let limit = firstEventsAtOnce;
  for (let isOver = false; !isOver; limit = Math.min(2 * limit, mostEventsAtOnce)) {
    const next = await events.select(names, { after: kept.last, limit });
    isOver = next.length < limit;
    for (const event of next) {
      const change = changeOf(event);
      isOver ||= firstEpochOf(change) > epoch;
      if (firstEpochOf(change) > epoch) break;
      kept.book.apply(change);
      kept.last = { block: event.block, log: event.log };
    }
  }
  const positions = new Map([...kept.book.positionsIn(BigInt(epoch))].map(([of, shares]) => [of, new Map(shares)]));
  await events.keep(key, kept.last.block, kept);
  return positions;
}

function newBook(): Kept {
  return { book: new PositionBook(), last: { block: -1, log: 0 } };
}

function changeOf(event: ChainEvent<(typeof names)[number]>): PositionEvent {
  switch (event.name) {
    case "ValidatorLeft":
      return { kind: "validatorLeft", ...event.args, validator: lowerCase(event.args.validator) };
    case "Slashed":
      return { kind: "slashed", ...event.args, validator: lowerCase(event.args.validator) };
    case "Redelegated": {
      const { from, to, account } = event.args;
      return { kind: "redelegated", ...event.args, ...lowerCased({ from, to, account }) };
    }
    case "StakeChanged": {
      const { validator, account } = event.args;
      return { kind: "stakeChanged", ...event.args, ...lowerCased({ validator, account }) };
    }
  }
}

function lowerCased<K extends string>(addresses: Readonly<Record<K, Address>>): Readonly<Record<K, Address>> {
  return Object.fromEntries(
    Object.entries<Address>(addresses).map(([name, address]) => [name, lowerCase(address)]),
  ) as Record<K, Address>;
}
