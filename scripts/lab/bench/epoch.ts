import {
  type BenchRow,
  growthRows,
  type SizedSeconds,
  type ChildMeasurement,
  manyAccounts,
  measuredApart,
  peakMegabytes,
  report,
  row,
  timed,
} from "./measure";
import { computeEpoch, type EpochInputs } from "../../core/computeEpoch";
import { inputsHash } from "../../core/epochInput/writeEpoch";
import { totalStakeOf } from "../../core/distribution/validators";
import { sum, U16_MAX, WAD } from "../../core/fixedPoint";
import { DEFAULT_POLICY, type ValidatorRule } from "../../core/policy/policy";
import { scoreEpoch, type ScoringValidator } from "../../core/consensus/scoreEpoch";
import { EMPTY_ROW, rowFrom } from "../../core/consensus/sparseRow";

const RUNS = 3;

/** Time and peak memory of computing an epoch and of hashing its inputs, and how time grows with size. */
export async function epochRows(sizes: readonly number[]): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  const [computed, hashed]: [SizedSeconds[], SizedSeconds[]] = [[], []];
  for (const size of sizes) {
    const { compute, hash } = await quickestEpoch(size);
    rows.push(...rowsOf("epoch computation", size, compute, size === 1_000_000 ? [8, 1_500] : [null, null]));
    rows.push(...rowsOf("inputs hash", size, hash, [null, null]));
    computed.push({ size, ...compute });
    hashed.push({ size, ...hash });
  }
  return [...rows, ...growthRows("epoch computation", computed), ...growthRows("inputs hash", hashed)];
}

/** The quickest of a few runs: other work on the machine only adds time, and growth is computed from two figures. */
async function quickestEpoch(size: number): Promise<EpochMeasurement> {
  let quickest = await measuredApart<EpochMeasurement>("epoch.ts", "epoch", size);
  for (let run = 1; run < RUNS; run++) {
    const another = await measuredApart<EpochMeasurement>("epoch.ts", "epoch", size);
    if (another.compute.cpuSeconds < quickest.compute.cpuSeconds) quickest = another;
  }
  return quickest;
}

/** Consensus of a hundred validators over the largest set of miners that subtensor would allow. */
export async function consensusRows(): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const rule of ["stake", "yuma2", "yuma3"]) {
    const measurement = await measuredApart<ChildMeasurement>("epoch.ts", "consensus", rule, 100, 4_096);
    rows.push(...rowsOf(`consensus, rule ${rule}, 100 validators`, 4_096, measurement, [1, null]));
  }
  return rows;
}

function rowsOf(
  name: string,
  size: number,
  { seconds, cpuSeconds, peakMegabytes }: ChildMeasurement,
  [secondsTarget, megabytesTarget]: readonly [number | null, number | null],
): readonly BenchRow[] {
  return [
    row(name, "s", size, seconds, { target: secondsTarget }),
    row(`${name}, processor time`, "s", size, cpuSeconds),
    row(`${name}: peak memory`, "MB", size, peakMegabytes, { target: megabytesTarget }),
  ];
}

interface EpochMeasurement {
  readonly compute: ChildMeasurement;
  readonly hash: ChildMeasurement;
}

const VALIDATORS = 100;

/** One account in ten is a miner; all others delegate, each to one of a hundred validators. */
function epochOf(accounts: number): EpochInputs {
  const accountOf = manyAccounts(accounts + VALIDATORS);
  const minerCount = accounts / 10;
  const delegatorCount = accounts - minerCount;
  const numbers = (from: number, to: number, step: number) =>
    Array.from({ length: Math.ceil((to - from) / step) }, (_, k) => from + k * step);
  const stakers = numbers(0, VALIDATORS, 1).map((v) => ({
    account: accountOf(accounts + v),
    stakeWei: BigInt(32 + v) * WAD,
    commissionBps: 10 * v,
    unscoredFeesWei: 0n,
    delegations: numbers(v, delegatorCount, VALIDATORS).map((i) => ({
      account: accountOf(i),
      stakeWei: BigInt(1 + (i % 1_000)) * 123_456_789_012_345_678n,
    })),
  }));
  const stakeWei = sum(stakers.map(totalStakeOf));
  return {
    epoch: 0,
    baseRewardWei: 5_000n * WAD,
    halvingIntervalEpochs: 1_461,
    mintableWei: 14_610_000n * WAD,
    poolWei: 1_000n * WAD,
    policy: DEFAULT_POLICY,
    tasks: { completed: 5_000, difficultySumBps: 40_000_000 },
    validators: { activeStakeWei: stakeWei, revealedStakeWei: stakeWei },
    miners: numbers(delegatorCount, accounts, 1).map((i) => ({
      account: accountOf(i),
      performance: BigInt(1 + (i % 9_973)),
      agreedScoreWad: (WAD * BigInt(i % 1_000)) / 1_000n,
      feesWei: BigInt(1 + (i % 9_973)) * 123_456_789_012_345_678n,
      provenFeesWei: BigInt(i % 3) * 12_345_678_901_234_567n,
    })),
    stakers,
  };
}

async function measureEpoch(accounts: number): Promise<EpochMeasurement> {
  const inputs = epochOf(accounts);
  const computing = await timed(() => computeEpoch(inputs));
  const compute = { ...computing.duration, peakMegabytes: peakMegabytes() };
  const hashing = await timed(() => inputsHash(inputs));
  return { compute, hash: { ...hashing.duration, peakMegabytes: peakMegabytes() } };
}

/** Everyone scores every miner, most of them alike. */
function validatorsOf(validatorCount: number, minerCount: number): readonly ScoringValidator[] {
  return Array.from({ length: validatorCount }, (_, v) => ({
    stakeWei: BigInt(32 + ((v * 7_919) % 1_000)) * 10n ** 18n,
    weights: rowFrom(Array.from({ length: minerCount }, (_, m) => [m, 1 + ((m * 7_919 + ((v * m) % 97)) % U16_MAX)])),
    active: true,
    bonds: EMPTY_ROW,
  }));
}

/** Measures the second epoch, in which everyone has bonds in every miner. */
async function measureConsensus(
  rule: ValidatorRule,
  validatorCount: number,
  minerCount: number,
): Promise<ChildMeasurement> {
  const validators = validatorsOf(validatorCount, minerCount);
  const { yuma } = scoreEpoch(rule, validators, minerCount, DEFAULT_POLICY);
  const bonded = validators.map((validator, v) => ({ ...validator, bonds: yuma?.bonds[v] ?? EMPTY_ROW }));
  const { duration } = await timed(() => scoreEpoch(rule, bonded, minerCount, DEFAULT_POLICY));
  return { ...duration, peakMegabytes: peakMegabytes() };
}

/** Runs in a separate process, as `epoch.ts epoch ACCOUNTS` or `epoch.ts consensus RULE VALIDATORS MINERS`. */
async function main(): Promise<void> {
  const [what, ...args] = process.argv.slice(2);
  const [rule, validators, miners] = args as [ValidatorRule, string, string];
  report(
    what === "epoch"
      ? await measureEpoch(Number(args[0]))
      : await measureConsensus(rule, Number(validators), Number(miners)),
  );
}

if (require.main === module) void main();
