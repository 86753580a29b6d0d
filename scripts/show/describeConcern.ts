import { type StakeConcern } from "../core/staking";
import { percentText } from "./amounts";

/** What people with stake at a validator should know about it, as the rest of a sentence that begins with its name. */
export function describeConcern(concern: StakeConcern): string {
  switch (concern.kind) {
    case "commissionRose":
      return `raises its commission from ${percentText(concern.fromBps)} to ${percentText(concern.toBps)}, effective in epoch ${concern.epoch}`;
    case "validatorJailed":
      return "is jailed: its stake and its delegators' stake earn nothing until it leaves jail";
    case "revealMissed":
      return describeMissed([concern.epoch]);
  }
}

/** The same for all concerns about one validator; missed epochs are reported together. */
export function describeConcerns(concerns: readonly StakeConcern[]): string {
  const missed = concerns.flatMap((one) => (one.kind === "revealMissed" ? [one.epoch] : []));
  const others = concerns.filter(({ kind }) => kind !== "revealMissed").map(describeConcern);
  return [...others, ...(missed.length === 0 ? [] : [describeMissed(missed)])].join("; ");
}

function describeMissed(epochs: readonly number[]): string {
  const which = epochs.length === 1 ? `epoch ${epochs[0]!}` : `epochs ${epochs.join(", ")}`;
  return `revealed no scores in ${which}, so its stake and its delegators' stake earned nothing`;
}
