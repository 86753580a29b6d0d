import { type StakeConcern } from "../core/stakeConcerns";
import { percentText } from "./shares";

/** What people with stake at a validator should know of it, to go after its name. */
export function describeConcern(concern: StakeConcern): string {
  switch (concern.kind) {
    case "commissionRose":
      return `keeps ${percentText(concern.toBps)} of what its stake earns from epoch ${concern.epoch} on, up from ${percentText(concern.fromBps)}`;
    case "validatorJailed":
      return "is jailed: stake with it earns nothing until it is released";
    case "revealMissed":
      return describeMissed([concern.epoch]);
  }
}

/** The same of all that there is about one validator; epochs that it missed are told together. */
export function describeConcerns(concerns: readonly StakeConcern[]): string {
  const missed = concerns.flatMap((one) => (one.kind === "revealMissed" ? [one.epoch] : []));
  const others = concerns.filter(({ kind }) => kind !== "revealMissed").map(describeConcern);
  return [...others, ...(missed.length === 0 ? [] : [describeMissed(missed)])].join("; ");
}

function describeMissed(epochs: readonly number[]): string {
  const which = epochs.length === 1 ? `epoch ${epochs[0]!}` : `the epochs ${epochs.join(", ")}`;
  return `revealed no scores in ${which}, so stake with it earned nothing there`;
}
