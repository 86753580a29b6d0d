import { type DeploymentFacts } from "../api/deployment";

type Clock = DeploymentFacts["clock"];

/** "epoch 7, which begins on 2026-11-22 at 19:31:04 UTC". */
export function epochStartWords(clock: Clock, epoch: number): string {
  const { genesisTimestamp, slotSeconds, slotsPerEpoch } = clock;
  return `epoch ${epoch}, which begins on ${timeWords(genesisTimestamp + epoch * slotsPerEpoch * slotSeconds)}`;
}

/** "2026-11-22 at 19:31:04 UTC", from unix seconds. */
export function timeWords(timestamp: number): string {
  const [date, time] = new Date(timestamp * 1_000).toISOString().split("T");
  return `${date} at ${time!.slice(0, 8)} UTC`;
}
