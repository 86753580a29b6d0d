import fc from "fast-check";
import { type Address } from "viem";
import { type EpochInputs } from "../../scripts/core/computeEpoch";
import { type MinerInput } from "../../scripts/core/distribution/miners";
import { type StakerInput } from "../../scripts/core/distribution/validators";
import { WAD } from "../../scripts/core/fixedPoint";
import { DEFAULT_POLICY, type Policy, type ValidatorRule } from "../../scripts/core/policy/fields";
import { accountOf } from "./rewardLists";

/** An epoch of full utility and quality, base 1000, in which nobody takes part; a test names what differs. */
export function epochInputs(differences: Partial<EpochInputs> = {}): EpochInputs {
  return {
    epoch: 0,
    baseRewardWei: 1_000n,
    halvingIntervalEpochs: 210_000,
    mintableWei: 21_000_000n,
    poolWei: 0n,
    policy: DEFAULT_POLICY,
    tasks: { completed: 10_000, difficultySumBps: 100_000_000 },
    validators: { active: 10, revealed: 10 },
    qualityWad: WAD,
    miners: [],
    stakers: [],
    ...differences,
  };
}

/** A miner of top quality, unless the test says otherwise. */
export function miner(account: Address, performance: bigint, agreedScoreWad = WAD): MinerInput {
  return { account, performance, agreedScoreWad };
}

/** A validator with stakes in wei, delegated by [account, stake]. */
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
    delegations: delegations.map(([delegator, delegatedWei]) => ({ account: delegator, stakeWei: delegatedWei })),
  };
}

/** Few accounts, so that one often has several roles or the same role several times. */
const account = fc.integer({ min: 1, max: 12 }).map(accountOf);
const stakeWei = fc.oneof(fc.bigInt(0n, 3n), fc.bigInt(0n, 10n ** 24n));
const performance = fc.oneof(fc.bigInt(0n, 3n), fc.bigInt(0n, 2n ** 32n));
const wad = fc.oneof(fc.bigInt(0n, WAD), fc.constantFrom(0n, WAD / 5n, WAD / 5n - 1n, WAD / 2n, WAD / 2n - 1n, WAD));
const bps = fc.oneof(fc.integer({ min: 0, max: 10_000 }), fc.constantFrom(0, 1, 9_999, 10_000));

/** Three numbers of basis points that sum to 10 000. */
const split = fc
  .tuple(bps, bps)
  .map(([a, b]): [number, number, number] => [Math.min(a, b), Math.abs(a - b), 10_000 - Math.max(a, b)]);

/** Any policy whose fields are valid, whatever it could burn. */
export const anyPolicy: fc.Arbitrary<Policy> = fc
  .record({
    weightsBps: split,
    shares: split,
    maxExpectedTasks: fc.integer({ min: 1, max: 20_000 }),
    qualityThresholdBps: bps,
    qualityPenaltyThresholdBps: bps,
    difficultyFloorTasks: fc.integer({ min: 0, max: 5_000 }),
    validatorRule: fc.constantFrom<ValidatorRule>("stake", "yuma2", "yuma3"),
  })
  .map(({ shares: [minerShareBps, validatorShareBps, daoShareBps], ...fields }) => ({
    ...DEFAULT_POLICY,
    ...fields,
    minerShareBps,
    validatorShareBps,
    daoShareBps,
  }));

const anyStaker = fc.record({
  account,
  stakeWei,
  commissionBps: bps,
  dividend: performance,
  delegations: fc.array(fc.record({ account, stakeWei }), { maxLength: 5 }),
});

/** Any epoch that an input file may describe. */
export const anyEpoch: fc.Arbitrary<EpochInputs> = fc
  .record({
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
    validators: fc
      .integer({ min: 0, max: 100 })
      .chain((active) => fc.record({ active: fc.constant(active), revealed: fc.integer({ min: 0, max: active }) })),
    qualityWad: wad,
    miners: fc.array(fc.record({ account, performance, agreedScoreWad: wad }), { maxLength: 8 }),
    stakers: fc.array(anyStaker, { maxLength: 6 }),
  })
  .map((inputs) => (inputs.policy.validatorRule === "stake" ? withoutDividends(inputs) : inputs));

/** The same epoch in the stake rule's shape, in which no staker has a dividend. */
function withoutDividends<T extends { readonly stakers: readonly StakerInput[] }>(inputs: T): T {
  const stakers = inputs.stakers.map(({ account, stakeWei, commissionBps, delegations }) => ({
    account,
    stakeWei,
    commissionBps,
    delegations,
  }));
  return { ...inputs, stakers };
}
