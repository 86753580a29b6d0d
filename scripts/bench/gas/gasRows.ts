import { loadNetworkConfig } from "../../config/loadNetworkConfig";
import { type BenchRow } from "../benchRow";
import { measureClaims, measureDelayedClaims } from "./claimGas";
import { onNetwork, type OpenNetwork } from "./gasStage";
import { measurePeople } from "./peopleGas";
import { measureDelayedSettlements, measureSettlements } from "./settlementGas";

/** Shorter than an epoch: a root is claimable before the next one is posted. */
const CLAIM_DELAY_SECONDS = 30;

/**
 * Gas of every main call, each on a freshly deployed network: the same in every run on every machine.
 * @param onProgress Told what is measured next.
 */
export async function gasRows(open: OpenNetwork, onProgress: (what: string) => void): Promise<readonly BenchRow[]> {
  const prompt = loadNetworkConfig("local");
  const settlement = { claimDelaySeconds: CLAIM_DELAY_SECONDS, payRecipientsUpTo: 0 };
  const delayed = { ...prompt, settlement };
  const rows: BenchRow[] = [];
  for (const [what, config, measure] of [
    ["settlements", prompt, measureSettlements],
    ["settlements with a claim delay", delayed, measureDelayedSettlements],
    ["claims", prompt, measureClaims],
    ["claims with a claim delay", delayed, measureDelayedClaims],
    ["people", prompt, measurePeople],
  ] as const) {
    onProgress(`gas: ${what}`);
    rows.push(...(await onNetwork(open, config, measure)));
  }
  return rows;
}
