/** Measures a consensus in a process of its own: `yumaChild.ts RULE VALIDATORS MINERS` prints a ChildMeasurement. */
import { scoreEpoch, type ScoringValidator } from "../../core/consensus/scoreEpoch";
import { EMPTY_ROW, rowFrom } from "../../core/consensus/sparseRow";
import { DEFAULT_POLICY, type ValidatorRule } from "../../core/policy/fields";
import { peakMegabytes, report, timed } from "./measure";
import { U16_MAX } from "../../core/fixedPoint";

/** Everybody scores every miner, most of them alike. */
function validatorsOf(validatorCount: number, minerCount: number): readonly ScoringValidator[] {
  return Array.from({ length: validatorCount }, (_, v) => ({
    stakeWei: BigInt(32 + ((v * 7_919) % 1_000)) * 10n ** 18n,
    scores: rowFrom(Array.from({ length: minerCount }, (_, m) => [m, 1 + ((m * 7_919 + ((v * m) % 97)) % U16_MAX)])),
    ignoredMiners: new Set<number>(),
    bonds: EMPTY_ROW,
  }));
}

/** Measures the second epoch, in which everybody has bonds in every miner. */
async function main(): Promise<void> {
  const [rule, validatorCount, minerCount] = process.argv.slice(2) as [ValidatorRule, string, string];
  const miners = Number(minerCount);
  const validators = validatorsOf(Number(validatorCount), miners);
  const { yuma } = scoreEpoch(rule, validators, miners, DEFAULT_POLICY);
  const bonded = validators.map((validator, v) => ({ ...validator, bonds: yuma?.bonds[v] ?? EMPTY_ROW }));
  const { duration } = await timed(() => scoreEpoch(rule, bonded, miners, DEFAULT_POLICY));
  report({ ...duration, peakMegabytes: peakMegabytes() });
}

void main();
