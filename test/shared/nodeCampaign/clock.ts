import { type World } from "../../integration/world";

/** The epoch at a moment, unix seconds. */
export function epochAt({ connection: { deployment } }: World, timestamp: number): number {
  const { slotSeconds, slotsPerEpoch } = deployment.config.clock;
  return Math.floor((timestamp - deployment.choices.genesisTimestamp) / (slotSeconds * slotsPerEpoch));
}

/** Seconds from a block to the next: one, but most of an epoch's middle, in which nothing is due, passes in one block. */
export function secondsToNext({ connection: { deployment } }: World, timestamp: number): number {
  const { slotSeconds, slotsPerEpoch, revealSlots, closingSlots } = deployment.config.clock;
  const secondsIn = (timestamp - deployment.choices.genesisTimestamp) % (slotSeconds * slotsPerEpoch);
  const quietEnds = (slotsPerEpoch - closingSlots - 1) * slotSeconds;
  const isQuiet = secondsIn >= (revealSlots + 2) * slotSeconds && secondsIn < quietEnds;
  return isQuiet ? quietEnds - secondsIn : 1;
}
