import fc from "fast-check";
import { type Address } from "viem";
import { assembleInputs, type EpochFacts, type Funds, noBonds } from "../../scripts/core/assembleInputs";
import { computeEpoch, type ComputedFrom } from "../../scripts/core/computeEpoch";
import { type DelegationInput } from "../../scripts/core/distribution/validators";
import { brokenBound, type PolicyConstants } from "../../scripts/core/policy/bounds";
import { DEFAULT_POLICY, type MinerRule, type Policy, type ValidatorRule } from "../../scripts/core/policy/policy";
import { encodeScores } from "../../scripts/core/scores";
import { accountOf } from "./rewardLists";
import { referencePolicyConstants } from "./policies";

/** Tasks of one type that a miner (by index) completed, each for the type's minimum fee and a tip. */
export interface Tasks {
  readonly miner: number;
  readonly count: number;
  readonly difficultyBps: number;
  readonly tipWei: bigint;
  readonly isProven: boolean;
}

/** A score by miner; null if the miner is not listed. */
export type Row = readonly (number | null)[];

/** A seated validator; its row is null if it reveals nothing. */
export interface Validator {
  readonly account: Address;
  readonly ownWei: bigint;
  readonly commissionBps: number;
  readonly delegations: readonly DelegationInput[];
  readonly row: Row | null;
}

/** Everything that decides an epoch, as people's actions. */
export interface Network {
  readonly constants: PolicyConstants;
  readonly policy: Policy;
  readonly halvings: number;
  readonly miners: readonly Address[];
  readonly tasks: readonly Tasks[];
  readonly validators: readonly Validator[];
}

const ceilDiv = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;

/** The minimum fee of a task, as in the TaskRegistry: ⌈(volumeFee · 10000 + difficultyFee · difficulty) / (10000 · 2^h)⌉. */
export function leastFeeWei({ constants, halvings }: Network, difficultyBps: number): bigint {
  const wholeFee = constants.volumeFeeWei * 10_000n + constants.difficultyFeeWei * BigInt(difficultyBps);
  return ceilDiv(wholeFee, 10_000n << BigInt(halvings));
}

/** The fees of these tasks. */
export function feesOf(network: Network, tasks: Tasks): bigint {
  return BigInt(tasks.count) * (leastFeeWei(network, tasks.difficultyBps) + tasks.tipWei);
}

export const stakeOf = ({ ownWei, delegations }: Validator): bigint =>
  delegations.reduce((sum, { stakeWei }) => sum + stakeWei, ownWei);

/** The chain's facts about a network's epoch. */
export function factsOf(network: Network): EpochFacts {
  const { constants, policy, halvings, miners, tasks, validators } = network;
  const halvingIntervalEpochs = 10;
  return {
    epoch: halvings * halvingIntervalEpochs,
    policy,
    ruleBefore: policy.validatorRule,
    baseRewardWei: constants.baseRewardWei,
    halvingIntervalEpochs,
    tasks: {
      completed: tasks.reduce((sum, { count }) => sum + count, 0),
      difficultySumBps: tasks.reduce((sum, { count, difficultyBps }) => sum + count * difficultyBps, 0),
    },
    validators: validators.map(({ row, ...validator }) => ({
      ...validator,
      totalWei: stakeOf({ row, ...validator }),
      payload:
        row &&
        encodeScores(row.flatMap((scoreU16, miner) => (scoreU16 === null ? [] : [{ minerId: miner + 1, scoreU16 }]))),
      minersAtCommit: miners.length,
    })),
    miners: miners.map((account, miner) => {
      const feesWhere = (counts: (some: Tasks) => boolean) =>
        tasks.filter(counts).reduce((sum, some) => sum + feesOf(network, some), 0n);
      return {
        account,
        feesWei: feesWhere((some) => some.miner === miner),
        provenFeesWei: feesWhere((some) => some.miner === miner && some.isProven),
      };
    }),
  };
}

/** An amount that always pays for an emission, as the Treasury's constructor requires. */
const enough: Funds = { poolWei: 0n, mintableWei: 10n ** 40n };

/** The epoch from its facts. */
export function epochOf(network: Network, funds = enough): ComputedFrom {
  const { inputs } = assembleInputs(factsOf(network), funds, noBonds);
  return { inputs, result: computeEpoch(inputs) };
}

/** The same network after some more tasks. */
export function withTasks(network: Network, more: Tasks): Network {
  return { ...network, tasks: [...network.tasks, more] };
}

/** The same network with other rows: `row` is asked for each validator. */
export function withRows(network: Network, row: (validator: Validator, index: number) => Row | null): Network {
  return {
    ...network,
    validators: network.validators.map((validator, index) => ({ ...validator, row: row(validator, index) })),
  };
}

/** Where exactness could break: amounts as on `reference`, and of a few wei. */
const constants: fc.Arbitrary<PolicyConstants> = fc.constantFrom(
  referencePolicyConstants,
  { baseRewardWei: 1_000_003n, maxDaoShareBps: 10_000, volumeFeeWei: 101n, difficultyFeeWei: 149n, isLocal: false },
  { baseRewardWei: 997n, maxDaoShareBps: 10_000, volumeFeeWei: 7n, difficultyFeeWei: 11n, isLocal: false },
);

/** The least whole number, at least 1, by which `base · w` may be divided without passing the fee. */
function leastDivisor(baseRewardWei: bigint, weightBps: number, feeWei: bigint): number {
  return Math.max(1, Number(ceilDiv(baseRewardWei * BigInt(weightBps), 10_000n * feeWei)));
}

/** The largest part ρ of its fees that a task can bring, as a fraction. */
export function largestReturn(
  policy: Policy,
  chain: PolicyConstants,
): readonly [numerator: bigint, denominator: bigint] {
  const { weightsBps, maxExpectedTasks, difficultyFloorTasks } = policy;
  const quotients = [
    [chain.baseRewardWei * BigInt(weightsBps[0]), 10_000n * BigInt(maxExpectedTasks) * chain.volumeFeeWei],
    [
      chain.baseRewardWei * BigInt(weightsBps[1]),
      10_000n * BigInt(Math.max(1, difficultyFloorTasks)) * chain.difficultyFeeWei,
    ],
  ] as const;
  return quotients[0][0] * quotients[1][1] > quotients[1][0] * quotients[0][1] ? quotients[0] : quotients[1];
}

/** Policies that no bound refuses, many of them at its edge: drawn on both sides of it. */
function soundPolicies(chain: PolicyConstants, minerRules: readonly MinerRule[], rules: readonly ValidatorRule[]) {
  const tenths = fc.oneof({ weight: 3, arbitrary: fc.constant(10) }, fc.integer({ min: 5, max: 20 }));
  const drawn = fc.record({
    weights: fc.tuple(fc.nat(10_000), fc.nat(10_000)),
    volumeTenths: tenths,
    difficultyTenths: tenths,
    shares: fc.tuple(fc.nat(10_000), fc.nat(10_000)),
    cap: fc.oneof(fc.constant(null), fc.nat(10_000)),
    qualityThresholdBps: fc.oneof(fc.constantFrom(3_000, 5_000, 7_000), fc.integer({ min: 3_000, max: 7_000 })),
    participationFloorWei: fc.constantFrom(0n, 10n ** 3n, 10n ** 21n),
    minerRule: fc.constantFrom(...minerRules),
    validatorRule: fc.constantFrom(...rules),
  });
  return drawn
    .map(({ weights: [a, b], shares: [miners, rest], volumeTenths, difficultyTenths, cap, ...fields }): Policy => {
      const { qualityThresholdBps } = fields;
      const [w1, w2] = [Math.min(a, b), Math.abs(a - b)];
      const mostMinersBps = Math.floor((10_000 * (7_000 - qualityThresholdBps)) / (10_000 - qualityThresholdBps));
      const minerShareBps = miners % (mostMinersBps + 1);
      const daoShareBps = rest % (Math.min(chain.maxDaoShareBps, 10_000 - minerShareBps) + 1);
      const policy: Policy = {
        ...DEFAULT_POLICY,
        ...fields,
        weightsBps: [w1, w2, 10_000 - w1 - w2],
        maxExpectedTasks: Math.ceil((volumeTenths * leastDivisor(chain.baseRewardWei, w1, chain.volumeFeeWei)) / 10),
        difficultyFloorTasks: Math.ceil(
          (difficultyTenths * leastDivisor(chain.baseRewardWei, w2, chain.difficultyFeeWei)) / 10,
        ),
        minerShareBps,
        validatorShareBps: 10_000 - minerShareBps - daoShareBps,
        daoShareBps,
      };
      const [n, d] = largestReturn(policy, chain);
      const left = 10_000n * d - BigInt(10_000 - minerShareBps) * n - 1n;
      return { ...policy, minerFeeCapBps: cap ?? Math.max(0, Number(left / d)) };
    })
    .filter((policy) => brokenBound(policy, chain) === undefined);
}

const scores = fc.oneof(
  fc.constantFrom(0, 1, 19_661, 32_767, 32_768, 65_534, 65_535),
  fc.integer({ min: 0, max: 65_535 }),
);
const stakesWei = fc.oneof(fc.constantFrom(0n, 1n, 100n, 10n ** 21n), fc.bigInt(0n, 10n ** 24n));

/** A row over this many miners, some of which it may not list. */
export const rowOver = (minerCount: number): fc.Arbitrary<Row> =>
  fc.array(fc.option(scores, { freq: 4 }), { minLength: minerCount, maxLength: minerCount });

/** Some tasks of one of this many miners, often few and often more than expected. */
export const tasksOf = (minerCount: number): fc.Arbitrary<Tasks> =>
  fc.record({
    miner: fc.nat(minerCount - 1),
    count: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20_000 })),
    difficultyBps: fc.oneof(fc.constantFrom(1, 4_000, 10_000), fc.integer({ min: 1, max: 10_000 })),
    tipWei: fc.oneof({ weight: 3, arbitrary: fc.constant(0n) }, fc.bigInt(1n, 50n), fc.bigInt(1n, 10n ** 19n)),
    isProven: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
  });

/** The options for networks. */
export interface NetworkKinds {
  readonly minerRules?: readonly MinerRule[];
  readonly rules?: readonly ValidatorRule[];
}

/** Networks of a few people under policies within all bounds; every account belongs to a different person. */
export function networks({
  minerRules = ["work"],
  rules = ["stake", "yuma2", "yuma3"],
}: NetworkKinds = {}): fc.Arbitrary<Network> {
  return fc.tuple(constants, fc.integer({ min: 1, max: 4 })).chain(([chain, minerCount]) => {
    const validator = fc.record({
      ownWei: stakesWei,
      commissionBps: fc.oneof(fc.constantFrom(0, 10_000), fc.nat(10_000)),
      delegatedWei: fc.array(stakesWei, { maxLength: 2 }),
      row: fc.option(rowOver(minerCount), { freq: 4 }),
    });
    return fc
      .record({
        constants: fc.constant(chain),
        policy: soundPolicies(chain, minerRules, rules),
        halvings: fc.oneof(fc.constant(0), fc.nat(6)),
        tasks: fc.array(tasksOf(minerCount), { maxLength: 6 }),
        validators: fc.array(validator, { minLength: 1, maxLength: 5 }),
      })
      .map(({ validators, ...network }) => ({
        ...network,
        miners: Array.from({ length: minerCount }, (_, index) => accountOf(1_000 + index)),
        validators: validators.map(({ delegatedWei, ...one }, index) => ({
          ...one,
          account: accountOf(2_000 + index),
          delegations: delegatedWei.map((stakeWei, place) => ({
            account: accountOf(3_000 + 10 * index + place),
            stakeWei,
          })),
        })),
      }));
  });
}
