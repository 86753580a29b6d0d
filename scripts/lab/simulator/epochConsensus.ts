import { type AssembledEpoch, assembleRead, type Bonds, noBonds, type ReadFacts } from "../../core/assembleInputs";
import { sum } from "../../core/fixedPoint";
import { agreedScoresU16, scoreWad } from "../../core/scores";
import { type EpochInputs } from "../../core/computeEpoch";
import { type Policy, type ValidatorRule } from "../../core/policy/policy";
import { type Day } from "./days";

/** The inputs of an epoch that differ between policies. */
export type PolicyInputs = Pick<
  EpochInputs,
  "policy" | "baseRewardWei" | "halvingIntervalEpochs" | "tasks" | "poolWei" | "mintableWei"
>;

/** One assembled epoch, and what it was assembled under. */
interface Known {
  readonly policy: Policy;
  readonly feeOfType: readonly bigint[];
  readonly before: Bonds;
  readonly assembled: AssembledEpoch;
}

/** What an epoch leaves to the next one under the same policy: bonds, and the rule that made them. */
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
 * The consensus of one epoch. Policies that score alike, have the same fees and start with the same bonds share it:
 * most of the time of a simulated epoch goes into scoring.
 */
export class EpochConsensus {
  readonly #known: Known[] = [];

  constructor(private readonly day: Day) {}

  /**
   * The inputs of the epoch under a policy, assembled by the keeper's own core.
   * @param feeOfType What a task of each type costs in the epoch, in wei.
   */
  under(inputs: PolicyInputs, feeOfType: readonly bigint[], legacy: Legacy): PolicyEpoch {
    const { policy } = inputs;
    const rule = policy.validatorRule;
    const before = rule === legacy.rule ? legacy.bonds : noBonds;
    const alike = this.#known.filter(
      (entry) =>
        entry.before === before &&
        scoresAlike(entry.policy, policy) &&
        entry.feeOfType.every((feeWei, type) => feeWei === feeOfType[type]),
    );
    let known = alike.find((entry) => entry.policy.qualityThresholdBps === policy.qualityThresholdBps);
    if (known === undefined) {
      const assembled =
        alike[0] === undefined
          ? assembleRead(this.factsFor(inputs, feeOfType, rule), inputs, before)
          : this.withAgreedScores(alike[0].assembled, policy);
      known = { policy, feeOfType, before, assembled };
      this.#known.push(known);
    }
    const { assembled } = known;
    return {
      inputs: { ...assembled.inputs, ...inputs },
      legacy: rule === "stake" ? noLegacy : { rule, bonds: assembled.bonds },
    };
  }

  /** The same epoch under another θ, which changes only the agreed scores. */
  private withAgreedScores({ inputs, ...assembled }: AssembledEpoch, { qualityThresholdBps }: Policy): AssembledEpoch {
    const { validators, scores } = this.day;
    const stakes = validators.map(({ totalWei }, index) => ({ stakeWei: totalWei, scores: scores[index]! }));
    const agreed = agreedScoresU16(stakes, inputs.miners.length, qualityThresholdBps);
    const miners = inputs.miners.map((miner, index) => ({ ...miner, agreedScoreWad: scoreWad(agreed[index]!) }));
    return { ...assembled, inputs: { ...inputs, miners } };
  }

  private factsFor(
    { policy, baseRewardWei, halvingIntervalEpochs, tasks }: PolicyInputs,
    feeOfType: readonly bigint[],
    ruleBefore: ValidatorRule,
  ): ReadFacts {
    const { epoch, scores, miners, validators, tasks: countsByType } = this.day;
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
      })),
      miners: miners.map(({ account }, index) => ({
        account,
        feesWei: sum(feeOfType.map((feeWei, type) => feeWei * BigInt(countsByType[type]![index]!))),
        provenFeesWei: 0n,
      })),
    };
  }
}

/** The policy fields that Yuma's result depends on, given the scores. */
const scoringFields = [
  "minerRule",
  "validatorRule",
  "kappaU16",
  "bondsPenaltyU16",
  "bondsMovingAverage",
  "liquidAlpha",
] as const;

/** Whether two policies score alike. Liquid alphas of two versions count as different: then they just share nothing. */
function scoresAlike(one: Policy, other: Policy): boolean {
  return scoringFields.every((field) => one[field] === other[field]);
}
