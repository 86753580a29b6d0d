import { type DeploymentFacts } from "../api/deployment";
import { momentOf } from "../text/moments";

type Clock = DeploymentFacts["clock"];

/** "epoch 7, which begins on Nov 22, 2026, 7:31:04 PM". */
export function epochStartWords(clock: Clock, epoch: number): string {
  const { genesisTimestamp, slotSeconds, slotsPerEpoch } = clock;
  return `epoch ${epoch}, which begins on ${timeWords(genesisTimestamp + epoch * slotsPerEpoch * slotSeconds)}`;
}

/** A moment where the viewer is, from unix seconds: "Nov 22, 2026, 7:31:04 PM". */
export function timeWords(timestamp: number): string {
  return momentOf(timestamp).text;
}
