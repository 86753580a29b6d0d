import { type EpochInputs } from "../computeEpoch";
import { BPS } from "../fixedPoint";
import { readPolicy } from "../policy/readPolicy";
import { readStrict, RefusedInputError } from "../strictJson";
import { epochInputSchema } from "./schema";

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
  // An absent dividend is absent, not present with the value undefined: JSON has no such value.
  const inputs = { ...facts, policy } as EpochInputs;

  if (BigInt(inputs.tasks.difficultySumBps) > BigInt(inputs.tasks.completed) * BPS) {
    throw new RefusedInputError(field("tasks.difficultySumBps"), "must not exceed 10000 per completed task");
  }
  if (inputs.validators.revealed > inputs.validators.active) {
    throw new RefusedInputError(field("validators.revealed"), "must not exceed validators.active");
  }
  requireDividends(inputs, field);
  return inputs;
}

/** Dividends are there exactly where the policy pays by them. */
function requireDividends({ policy, stakers }: EpochInputs, field: (name: string) => string): void {
  const wanted = policy.validatorRule !== "stake";
  const wrong = stakers.findIndex(({ dividend }) => (dividend !== undefined) !== wanted);
  if (wrong === -1) return;
  throw new RefusedInputError(
    field(`stakers[${wrong}].dividend`),
    wanted
      ? `is missing, and validatorRule ${policy.validatorRule} needs it`
      : "is unknown where validatorRule is stake",
  );
}

/** Reads what an input file holds: one epoch's inputs, or an array of them. */
export function readEpochInputs(json: unknown): EpochInputs | readonly EpochInputs[] {
  return Array.isArray(json) ? json.map((one, index) => readEpochInput(one, `[${index}]`)) : readEpochInput(json);
}
