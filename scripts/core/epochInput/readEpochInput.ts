import { type Address } from "viem";
import { z } from "zod";
import { totalStakeOf } from "../distribution/validators";
import { BPS, ONE_IN_BPS, sum, WAD } from "../fixedPoint";
import { unprovenWei } from "../distribution/miners";
import { decimalString, readStrict, RefusedInputError, wholeNumber, writtenAddress } from "../strictJson";
import { lowerCase } from "../address";
import { type EpochInputs } from "../computeEpoch";
import { readPolicy } from "../policy/policy";

const count = wholeNumber(0, Number.MAX_SAFE_INTEGER);
const wei = decimalString(2n ** 128n - 1n, "2^128 - 1");
const fixedPointBits = decimalString(2n ** 64n - 1n, "2^64 - 1");
const wad = decimalString(WAD, "10^18");

/** One account has one spelling, the lower-case one. */
const account = writtenAddress
  .refine((text) => !/^0x0+$/.test(text), "must not be the zero address")
  .transform((text) => lowerCase(text as Address));

const list = "must be a list";
const object = "must be an object";

const miner = z.strictObject(
  { account, performance: fixedPointBits, agreedScoreWad: wad, feesWei: wei, provenFeesWei: wei },
  object,
);

const delegation = z.strictObject({ account, stakeWei: wei }, object);

const staker = z.strictObject(
  {
    account,
    stakeWei: wei,
    commissionBps: wholeNumber(0, ONE_IN_BPS),
    unscoredFeesWei: wei,
    dividend: fixedPointBits.optional(),
    delegations: z.array(delegation, list),
  },
  object,
);

/**
 * The JSON of one epoch's inputs as `epoch inputs` prints it and `epoch preview` reads it; the policy is read
 * separately.
 */
const epochInputSchema = z.strictObject(
  {
    epoch: count,
    baseRewardWei: wei,
    halvingIntervalEpochs: wholeNumber(1, Number.MAX_SAFE_INTEGER),
    mintableWei: wei,
    poolWei: wei,
    policy: z.unknown().optional(),
    tasks: z.strictObject({ completed: count, difficultySumBps: count }, object),
    validators: z.strictObject({ activeStakeWei: wei, revealedStakeWei: wei }, object),
    miners: z.array(miner, list),
    stakers: z.array(staker, list),
  },
  object,
);

/**
 * Reads one epoch's inputs from parsed JSON, strictly.
 *
 * @param at where they stand in their file: empty, or `[2]` for the third of an array.
 * @throws RefusedInputError naming a field that is unknown, missing, out of bounds, or at odds with another.
 */
export function readEpochInput(json: unknown, at = ""): EpochInputs {
  const { policy: policyJson, ...facts } = readStrict(epochInputSchema, json, at);
  const field = (name: string): string => (at === "" ? name : `${at}.${name}`);
  const policy = readPolicy(policyJson === undefined ? {} : policyJson, field("policy"));
  // A missing dividend is a missing field, never one with the value undefined: JSON has no such value.
  const inputs = { ...facts, policy } as EpochInputs;

  if (BigInt(inputs.tasks.difficultySumBps) > BigInt(inputs.tasks.completed) * BPS) {
    throw new RefusedInputError(field("tasks.difficultySumBps"), "must not exceed 10000 per completed task");
  }
  requireStakes(inputs, field);
  requireFees(inputs, field);
  requireDividends(inputs, field);
  return inputs;
}

function requireStakes({ validators, stakers }: EpochInputs, field: (name: string) => string): void {
  const { activeStakeWei, revealedStakeWei } = validators;
  if (revealedStakeWei > activeStakeWei) {
    throw new RefusedInputError(field("validators.revealedStakeWei"), "must not exceed validators.activeStakeWei");
  }
  const stakesWei = sum(stakers.map(totalStakeOf));
  if (revealedStakeWei !== stakesWei) {
    throw new RefusedInputError(
      field("validators.revealedStakeWei"),
      `must be "${stakesWei}", the sum of the stakers' own and delegated stakes`,
    );
  }
}

/** Proven fees can't exceed what was paid, and unscored fees can't exceed what was paid without a proof. */
function requireFees({ miners, stakers }: EpochInputs, field: (name: string) => string): void {
  const overproven = miners.findIndex(({ feesWei, provenFeesWei }) => provenFeesWei > feesWei);
  if (overproven !== -1) {
    throw new RefusedInputError(field(`miners[${overproven}].provenFeesWei`), "must not exceed its feesWei");
  }
  const unprovenSumWei = sum(miners.map(unprovenWei));
  const excessive = stakers.findIndex(({ unscoredFeesWei }) => unscoredFeesWei > unprovenSumWei);
  if (excessive !== -1) {
    throw new RefusedInputError(
      field(`stakers[${excessive}].unscoredFeesWei`),
      `must not exceed "${unprovenSumWei}", the unproven fees of all miners`,
    );
  }
}

/** Dividends must be there if the policy pays by them, and only then. */
function requireDividends({ policy, stakers }: EpochInputs, field: (name: string) => string): void {
  const wanted = policy.validatorRule !== "stake";
  const wrong = stakers.findIndex(({ dividend }) => (dividend !== undefined) !== wanted);
  if (wrong === -1) return;
  throw new RefusedInputError(
    field(`stakers[${wrong}].dividend`),
    wanted ? `is missing, and validatorRule ${policy.validatorRule} needs it` : "is unknown if validatorRule is stake",
  );
}

/** Reads the contents of an input file: one epoch's inputs, or an array of them. */
export function readEpochInputs(json: unknown): EpochInputs | readonly EpochInputs[] {
  return Array.isArray(json) ? json.map((one, index) => readEpochInput(one, `[${index}]`)) : readEpochInput(json);
}
