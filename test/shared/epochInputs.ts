import fc from "fast-check";
import { type Address } from "viem";
import { type EpochInputs } from "../../scripts/core/computeEpoch";
import { type MinerInput } from "../../scripts/core/distribution/miners";
import { type StakerInput, totalStakeOf } from "../../scripts/core/distribution/validators";
import { WAD } from "../../scripts/core/fixedPoint";
import { DEFAULT_POLICY, type MinerRule, type Policy, type ValidatorRule } from "../../scripts/core/policy/policy";
import { accountOf } from "./rewardLists";

/** The default without the miners' limit, so that fees of a few wei don't keep a miner from its part of a pool. */
export const UNCAPPED_POLICY: Policy = { ...DEFAULT_POLICY, minerFeeCapBps: null };

/** An epoch of full volume and difficulty, base 1000, without participants, in which all stake reveals; a test changes fields. */
export function epochInputs(differences: Partial<EpochInputs> = {}): EpochInputs {
  const stakers = differences.stakers ?? [];
  const revealedStakeWei = stakesOf(stakers);
  return {
    epoch: 0,
    baseRewardWei: 1_000n,
    halvingIntervalEpochs: 210_000,
    mintableWei: 21_000_000n,
    poolWei: 0n,
    policy: UNCAPPED_POLICY,
    tasks: { completed: 10_000, difficultySumBps: 100_000_000 },
    validators: { activeStakeWei: revealedStakeWei, revealedStakeWei },
    miners: [],
    stakers,
    ...differences,
  };
}

/** A miner by its unproven fees, which are also its performance; by default with the highest score. */
export function miner(
  account: Address,
  feesWei: bigint,
  agreedScoreWad = WAD,
  differences: Partial<MinerInput> = {},
): MinerInput {
  return { account, performance: feesWei, agreedScoreWad, feesWei, provenFeesWei: 0n, ...differences };
}

/** A validator that scored everyone, with stakes in wei, delegated by [account, stake]. */
export function staker(
  account: Address,
  stakeWei: bigint,
  commissionBps = 0,
  delegations: readonly (readonly [Address, bigint])[] = [],
): StakerInput {
  return {
    account,
    stakeWei,
    commissionBps,
    unscoredFeesWei: 0n,
    delegations: delegations.map(([delegator, delegatedWei]) => ({ account: delegator, stakeWei: delegatedWei })),
  };
}

function stakesOf(stakers: readonly StakerInput[]): bigint {
  return stakers.reduce((sum, one) => sum + totalStakeOf(one), 0n);
}

/** Few accounts, so that one often has several roles or the same role several times. */
const account = fc.integer({ min: 1, max: 12 }).map(accountOf);
const stakeWei = fc.oneof(fc.bigInt(0n, 3n), fc.bigInt(0n, 10n ** 24n));
const performance = fc.oneof(fc.bigInt(0n, 3n), fc.bigInt(0n, 2n ** 32n));
const wad = fc.oneof(fc.bigInt(0n, WAD), fc.constantFrom(0n, WAD / 5n, WAD / 5n - 1n, WAD / 2n, WAD / 2n - 1n, WAD));
const bps = fc.oneof(fc.integer({ min: 0, max: 10_000 }), fc.constantFrom(0, 1, 9_999, 10_000));

/** Nothing, everything, or any part of a whole. */
const partOf = (whole: bigint): fc.Arbitrary<bigint> => fc.oneof(fc.constantFrom(0n, whole), fc.bigInt(0n, whole));

/** Three numbers of basis points that sum to 10 000. */
const split = fc
  .tuple(bps, bps)
  .map(([a, b]): [number, number, number] => [Math.min(a, b), Math.abs(a - b), 10_000 - Math.max(a, b)]);

/** Any policy whose fields are valid, even if it breaks a bound. */
export const anyPolicy: fc.Arbitrary<Policy> = fc
  .record({
    weightsBps: split,
    shares: split,
    maxExpectedTasks: fc.integer({ min: 1, max: 20_000 }),
    qualityThresholdBps: bps,
    qualityPenaltyThresholdBps: bps,
    difficultyFloorTasks: fc.integer({ min: 0, max: 5_000 }),
    participationFloorWei: stakeWei,
    minerRule: fc.constantFrom<MinerRule>("work", "incentive"),
    minerFeeCapBps: fc.option(bps),
    validatorRule: fc.constantFrom<ValidatorRule>("stake", "yuma2", "yuma3"),
  })
  .map(({ shares: [minerShareBps, validatorShareBps, daoShareBps], ...fields }) => ({
    ...DEFAULT_POLICY,
    ...fields,
    minerShareBps,
    validatorShareBps,
    daoShareBps,
  }));

const anyMiner: fc.Arbitrary<MinerInput> = fc
  .record({ account, performance, agreedScoreWad: wad, feesWei: stakeWei })
  .chain((fields) => fc.record({ ...constants(fields), provenFeesWei: partOf(fields.feesWei) }));

function constants<T extends object>(fields: T): { [K in keyof T]: fc.Arbitrary<T[K]> } {
  const entries = Object.entries(fields).map(([name, value]) => [name, fc.constant(value as unknown)] as const);
  return Object.fromEntries(entries) as { [K in keyof T]: fc.Arbitrary<T[K]> };
}

const anyStaker = (unprovenWei: bigint): fc.Arbitrary<StakerInput> =>
  fc.record({
    account,
    stakeWei,
    commissionBps: bps,
    unscoredFeesWei: partOf(unprovenWei),
    dividend: performance,
    delegations: fc.array(fc.record({ account, stakeWei }), { maxLength: 5 }),
  });

/** Any epoch that an input file may describe. */
export const anyEpoch: fc.Arbitrary<EpochInputs> = fc
  .array(anyMiner, { maxLength: 8 })
  .chain((miners) => {
    const unprovenWei = miners.reduce((sum, { feesWei, provenFeesWei }) => sum + feesWei - provenFeesWei, 0n);
    return fc.record({
      epoch: fc.integer({ min: 0, max: 60 }),
      baseRewardWei: fc.oneof(fc.bigInt(0n, 2_000n), fc.bigInt(0n, 10n ** 24n)),
      halvingIntervalEpochs: fc.integer({ min: 1, max: 10 }),
      mintableWei: fc.oneof(fc.bigInt(0n, 2_000n), fc.bigInt(0n, 10n ** 25n)),
      poolWei: fc.oneof(fc.bigInt(0n, 2_000n), fc.bigInt(0n, 10n ** 24n)),
      policy: anyPolicy,
      tasks: fc.integer({ min: 0, max: 20_000 }).chain((completed) =>
        fc.record({
          completed: fc.constant(completed),
          difficultySumBps: fc.integer({ min: 0, max: completed * 10_000 }),
        }),
      ),
      absentWei: fc.oneof(fc.constant(0n), stakeWei),
      miners: fc.constant(miners),
      stakers: fc.array(anyStaker(unprovenWei), { maxLength: 6 }),
    });
  })
  .map(({ absentWei, ...inputs }) => {
    const revealedStakeWei = stakesOf(inputs.stakers);
    const validators = { activeStakeWei: revealedStakeWei + absentWei, revealedStakeWei };
    const stakers = inputs.policy.validatorRule === "stake" ? inputs.stakers.map(withoutDividend) : inputs.stakers;
    return { ...inputs, validators, stakers };
  });

/** The same in the stake rule's shape. */
function withoutDividend(one: StakerInput): StakerInput {
  const copy: { dividend?: bigint } & StakerInput = { ...one };
  delete copy.dividend;
  return copy;
}
