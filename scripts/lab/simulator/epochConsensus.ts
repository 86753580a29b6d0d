import { type AssembledEpoch, assembleRead, type Bonds, noBonds, type ReadFacts } from "../../core/assembleInputs";
import { type EpochInputs } from "../../core/computeEpoch";
import { type Policy, type ValidatorRule } from "../../core/policy/fields";
import { type Day } from "./days";
import { type People } from "./people";

/** What of an epoch's inputs differs between policies. */
export type PolicyInputs = Pick<
  EpochInputs,
  "policy" | "baseRewardWei" | "halvingIntervalEpochs" | "tasks" | "poolWei" | "mintableWei"
>;

/** What an epoch leaves to the next one under the same policy: bonds, and the rule in whose form they are. */
export interface Legacy {
  readonly rule: ValidatorRule;
  readonly bonds: Bonds;
}

/** What a first epoch starts with, and what the stake rule leaves. */
export const noLegacy: Legacy = { rule: "stake", bonds: noBonds };

/** An epoch's inputs under one policy, and what it leaves to its next epoch. */
export interface PolicyEpoch {
  readonly inputs: EpochInputs;
  readonly legacy: Legacy;
}

/**
 * The consensus of one epoch. Policies that score alike and start with the same bonds share it: most of the time of a
 * simulated epoch goes into scoring.
 */
export class EpochConsensus {
  readonly #known: { readonly policy: Policy; readonly before: Bonds; readonly assembled: AssembledEpoch }[] = [];

  constructor(
    private readonly day: Day,
    private readonly people: People,
  ) {}

  /** The inputs of the epoch under a policy, assembled by the keeper's own core. */
  under(inputs: PolicyInputs, legacy: Legacy): PolicyEpoch {
    const { policy } = inputs;
    const rule = policy.validatorRule;
    const before = rule === legacy.rule ? legacy.bonds : noBonds;
    let known = this.#known.find((entry) => entry.before === before && scoresAlike(entry.policy, policy));
    if (known === undefined) {
      known = { policy, before, assembled: assembleRead(this.factsFor(inputs, rule), inputs, before) };
      this.#known.push(known);
    }
    const { assembled } = known;
    return {
      inputs: { ...assembled.inputs, ...inputs },
      legacy: rule === "stake" ? noLegacy : { rule, bonds: assembled.bonds },
    };
  }

  private factsFor(
    { policy, baseRewardWei, halvingIntervalEpochs, tasks }: PolicyInputs,
    ruleBefore: ValidatorRule,
  ): ReadFacts {
    const { epoch, scores, tasksByMiner } = this.day;
    const { miners, validators } = this.people;
    return {
      epoch,
      policy,
      ruleBefore,
      baseRewardWei,
      halvingIntervalEpochs,
      tasks,
      validators: validators.map(({ account, ownWei, totalWei, commissionBps, delegations }, index) => ({
        account,
        ownWei,
        totalWei,
        commissionBps,
        delegations,
        scores: scores[index]!,
        minersAtCommit: miners.length,
      })),
      miners: miners.map(({ account }, index) => ({ account, completedTasks: tasksByMiner[index]! })),
    };
  }
}

/** The fields of a policy that scoring depends on. */
const scoringFields = ["validatorRule", "kappaU16", "bondsPenaltyU16", "bondsMovingAverage", "liquidAlpha"] as const;

/** Whether two policies score alike. Liquid alphas of two versions count as different: they only share nothing then. */
function scoresAlike(one: Policy, other: Policy): boolean {
  return scoringFields.every((field) => one[field] === other[field]);
}
