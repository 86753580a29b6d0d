import { loadNetworkConfig } from "../../../config/loadNetworkConfig";
import { type BenchRow } from "../rows";
import { measureClaims, measureDelayedClaims, measureRootLife } from "./claimGas";
import { onNetwork, type OpenNetwork } from "./gasNetwork";
import { measurePeople } from "./peopleGas";
import { measureQuorum } from "./quorumGas";
import { measureDelayedSettlements, measureSettlements } from "./settlementGas";

/** Half of an epoch of 64 seconds, the most that a claim delay may be. */
const CLAIM_DELAY_SECONDS = 32;

/** Room for every settlement that is measured, whatever a devchain emits; all halvings still fit its allowance. */
const EMISSION = { baseRewardWei: 500n * 10n ** 18n, halvingIntervalEpochs: 270 };

/**
 * Gas of every main call, each on a freshly deployed network: the same in every run on every machine.
 * @param onProgress Called with what is measured next.
 */
export async function gasRows(open: OpenNetwork, onProgress: (what: string) => void): Promise<readonly BenchRow[]> {
  const local = loadNetworkConfig("local");
  // Without verifiers: another contract would have the others' addresses otherwise, and with them gas of zero bytes.
  const types = local.tasks.types.filter(({ verifier }) => verifier === null);
  const prompt = { ...local, tasks: { ...local.tasks, types }, emission: { ...local.emission, ...EMISSION } };
  const delayed = { ...prompt, settlement: { claimDelaySeconds: CLAIM_DELAY_SECONDS, payRecipientsUpTo: 0 } };
  const waiting = { ...prompt, quorum: { ...prompt.quorum, soloAfterSeconds: 1 } };
  const rows: BenchRow[] = [];
  for (const [what, config, measure] of [
    ["settlements", prompt, measureSettlements],
    ["settlements with a claim delay", delayed, measureDelayedSettlements],
    ["settlements signed by a quorum", waiting, measureQuorum],
    ["claims", prompt, measureClaims],
    ["claims with a claim delay", delayed, measureDelayedClaims],
    ["roots vetoed, reposted and paused", delayed, measureRootLife],
    ["people", prompt, measurePeople],
  ] as const) {
    onProgress(`gas: ${what}`);
    rows.push(...(await onNetwork(open, config, measure)));
  }
  return rows;
}
