/** A network's clock, as `/v1/deployment` reports it. */
interface EpochClock {
  /** Unix seconds. */
  readonly genesisTimestamp: number;
  readonly slotSeconds: number;
  readonly slotsPerEpoch: number;
  readonly revealSlots: number;
}

/** Where a moment lies in the network's time; seconds are unix seconds. */
export type PlaceInTime =
  | { readonly kind: "beforeGenesis"; readonly beginsAt: number }
  | {
      readonly kind: "running";
      readonly epoch: number;
      /** Within the epoch, from 0. */
      readonly slotInEpoch: number;
      readonly endsAt: number;
      /** Until when scores of the epoch before may be revealed; null where that is over, or there is none. */
      readonly revealUntil: number | null;
    };

export function epochSeconds({ slotSeconds, slotsPerEpoch }: EpochClock): number {
  return slotSeconds * slotsPerEpoch;
}

/** When an epoch begins, unix seconds. */
export function epochStart(clock: EpochClock, epoch: number): number {
  return clock.genesisTimestamp + epoch * epochSeconds(clock);
}

/** @param nowSeconds The chain's time, unix seconds. */
export function placeInTime(clock: EpochClock, nowSeconds: number): PlaceInTime {
  if (nowSeconds < clock.genesisTimestamp) return { kind: "beforeGenesis", beginsAt: clock.genesisTimestamp };
  const epoch = Math.floor((nowSeconds - clock.genesisTimestamp) / epochSeconds(clock));
  const begunAt = epochStart(clock, epoch);
  const revealUntil = begunAt + clock.revealSlots * clock.slotSeconds;
  return {
    kind: "running",
    epoch,
    slotInEpoch: Math.floor((nowSeconds - begunAt) / clock.slotSeconds),
    endsAt: epochStart(clock, epoch + 1),
    revealUntil: epoch > 0 && nowSeconds < revealUntil ? revealUntil : null,
  };
}
