/** Measures one epoch's computation in a process of its own: `epochChild.ts ACCOUNTS` reports an EpochMeasurement. */
import { computeEpoch, type EpochInputs } from "../../core/computeEpoch";
import { inputsHash } from "../../core/epochInput/inputsHash";
import { WAD } from "../../core/fixedPoint";
import { DEFAULT_POLICY } from "../../core/policy/fields";
import { type ChildMeasurement, manyAccounts, peakMegabytes, report, timed } from "./measure";

export interface EpochMeasurement {
  readonly compute: ChildMeasurement;
  readonly hash: ChildMeasurement;
}

const VALIDATORS = 100;

/** One miner in ten accounts; all others delegate, each to one of a hundred validators. */
function epochOf(accounts: number): EpochInputs {
  const accountOf = manyAccounts(accounts + VALIDATORS);
  const minerCount = accounts / 10;
  const delegatorCount = accounts - minerCount;
  const numbers = (from: number, to: number, step: number) =>
    Array.from({ length: Math.ceil((to - from) / step) }, (_, k) => from + k * step);
  return {
    epoch: 0,
    baseRewardWei: 5_000n * WAD,
    halvingIntervalEpochs: 1_461,
    mintableWei: 14_610_000n * WAD,
    poolWei: 1_000n * WAD,
    policy: DEFAULT_POLICY,
    tasks: { completed: 5_000, difficultySumBps: 40_000_000 },
    validators: { active: VALIDATORS, revealed: VALIDATORS },
    qualityWad: (WAD * 9n) / 10n,
    miners: numbers(delegatorCount, accounts, 1).map((i) => ({
      account: accountOf(i),
      performance: BigInt(1 + (i % 9_973)),
      agreedScoreWad: (WAD * BigInt(i % 1_000)) / 1_000n,
    })),
    stakers: numbers(0, VALIDATORS, 1).map((v) => ({
      account: accountOf(accounts + v),
      stakeWei: BigInt(32 + v) * WAD,
      commissionBps: 10 * v,
      delegations: numbers(v, delegatorCount, VALIDATORS).map((i) => ({
        account: accountOf(i),
        stakeWei: BigInt(1 + (i % 1_000)) * 123_456_789_012_345_678n,
      })),
    })),
  };
}

async function main(): Promise<void> {
  const inputs = epochOf(Number(process.argv[2]));
  const computing = await timed(() => computeEpoch(inputs));
  const compute = { ...computing.duration, peakMegabytes: peakMegabytes() };
  const hashing = await timed(() => inputsHash(inputs));
  report({ compute, hash: { ...hashing.duration, peakMegabytes: peakMegabytes() } } satisfies EpochMeasurement);
}

void main();
