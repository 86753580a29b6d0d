import { assembleInputs, type AssembledEpoch, type Bonds, type EpochFacts } from "../keeper/core/assembleInputs";
import { type EpochInputs } from "../keeper/core/computeEpoch";
import { type Policy } from "../keeper/core/policy/fields";
import { type Day } from "./days";
import { type People } from "./people";

/** What a first epoch starts with, and what the stake rule leaves. */
export const noBonds: Bonds = new Map();

/** What of an epoch's inputs differs between policies. */
export type PolicyInputs = Pick<
  EpochInputs,
  "policy" | "baseRewardWei" | "halvingIntervalEpochs" | "tasks" | "poolWei" | "mintableWei"
>;

/** An epoch's inputs under one policy, and the bonds for its next epoch. */
export type PolicyEpoch = Pick<AssembledEpoch, "inputs" | "bonds">;

/**
 * The consensus of one epoch. Policies that score alike and start with the same bonds share it: most of the time of a
 * simulated epoch goes into scoring.
 */
export class EpochConsensus {
  readonly #known: { readonly key: string; readonly before: Bonds; readonly assembled: AssembledEpoch }[] = [];

  constructor(
    private readonly day: Day,
    private readonly people: People,
  ) {}

  /** The inputs of the epoch under a policy, assembled by the keeper's own core. */
  under(inputs: PolicyInputs, bondsBefore: Bonds): PolicyEpoch {
    const key = scoringOf(inputs.policy);
    const isStakeRule = inputs.policy.validatorRule === "stake";
    const before = isStakeRule ? noBonds : bondsBefore;
    let known = this.#known.find((entry) => entry.key === key && entry.before === before);
    if (known === undefined) {
      known = { key, before, assembled: assembleInputs(this.factsFor(inputs), inputs, before) };
      this.#known.push(known);
    }
    const { assembled } = known;
    return { inputs: { ...assembled.inputs, ...inputs }, bonds: isStakeRule ? noBonds : assembled.bonds };
  }

  private factsFor({ policy, baseRewardWei, halvingIntervalEpochs, tasks }: PolicyInputs): EpochFacts {
    const { epoch, payloads, tasksByMiner } = this.day;
    const { miners, validators } = this.people;
    return {
      epoch,
      policy,
      baseRewardWei,
      halvingIntervalEpochs,
      tasks,
      validators: validators.map((validator, index) => ({
        ...validator,
        payload: payloads[index]!,
        minersAtCommit: miners.length,
      })),
      miners: miners.map(({ account }, index) => ({ account, completedTasks: tasksByMiner[index]! })),
    };
  }
}

/** The fields of a policy that scoring depends on. */
function scoringOf({ validatorRule, kappaU16, bondsPenaltyU16, bondsMovingAverage, liquidAlpha }: Policy): string {
  return JSON.stringify([validatorRule, kappaU16, bondsPenaltyU16, bondsMovingAverage, liquidAlpha]);
}
