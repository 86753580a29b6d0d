import { explainUtility } from "./explainUtility";
import { type UtilityPolicy } from "../keeper/core/utility";
import { formatMdt } from "../text/amounts";
import { percentOfBps, percentOfWad } from "../text/shares";

/** The parts of an epoch's report that its story is made of: amounts and ratios as decimal strings, as the report has them. */
export interface StoryFacts {
  readonly inputs: {
    readonly epoch: number;
    readonly baseRewardWei: string;
    readonly halvingIntervalEpochs: number;
    readonly qualityWad: string;
    readonly tasks: { readonly completed: number; readonly difficultySumBps: number };
    readonly validators: { readonly active: number; readonly revealed: number };
    readonly policy: UtilityPolicy & { readonly qualityThresholdBps: number };
  };
  readonly result: {
    readonly utilityWad: string;
    readonly emissionWei: string;
    readonly recycledWei: string;
    readonly mintedWei: string;
    readonly burnedUnmetQuotaWei: string;
    readonly burnedQualityPenaltyWei: string;
    readonly daoWei: string;
    readonly returnedWei: string;
    readonly minerRewards: readonly Reward[];
    readonly validatorRewards: readonly Reward[];
  };
  readonly miners: readonly {
    readonly account: string;
    readonly completedTasks: number;
    readonly agreedScoreWad: string;
    readonly incentive: string;
  }[];
}

interface Reward {
  readonly account: string;
  readonly amountWei: string;
}

/** What happened in an epoch and why, a sentence per step from its work to its rewards. Amounts are cut, never rounded up. */
export function epochStory(facts: StoryFacts): readonly string[] {
  return [
    utilitySentence(facts),
    emissionSentence(facts),
    burnSentence(facts),
    minersSentence(facts),
    validatorsSentence(facts),
    restSentence(facts),
  ];
}

function utilitySentence({ inputs: { tasks, validators, policy } }: StoryFacts): string {
  const { utilityWad, parts } = explainUtility(tasks, validators, policy);
  const sum = parts.map(
    ({ name, weightBps, valueWad, because }) =>
      `${percentOfBps(weightBps)} of ${name.toLowerCase()} at ${percentOfWad(valueWad)} (${because})`,
  );
  return `Utility was ${percentOfWad(utilityWad)}: ${sum.join(", ")}.`;
}

function emissionSentence({ inputs, result }: StoryFacts): string {
  const { epoch, baseRewardWei, halvingIntervalEpochs } = inputs;
  const halvings = Math.floor(epoch / halvingIntervalEpochs);
  const ceilingWei = BigInt(baseRewardWei) >> BigInt(Math.min(halvings, 256));
  const grossWei = (ceilingWei * BigInt(result.utilityWad)) / 10n ** 18n;
  const emissionWei = BigInt(result.emissionWei);
  const after = halvings === 0 ? "" : ` after ${halvings} ${halvings === 1 ? "halving" : "halvings"}`;
  const bound =
    emissionWei < grossWei
      ? `the pool and the mint allowance together could pay no more than ${mdt(result.emissionWei)}`
      : `${mdt(result.emissionWei)} was emitted`;
  return (
    `The schedule allowed ${mdt(ceilingWei)}${after}; by its utility ${bound}: ` +
    `${mdt(result.recycledWei)} from the pool first, and ${mdt(result.mintedWei)} minted.`
  );
}

function burnSentence({ inputs, result }: StoryFacts): string {
  const { qualityWad, policy } = inputs;
  const quality = `Quality was ${percentOfWad(BigInt(qualityWad))}`;
  const threshold = percentOfBps(policy.qualityThresholdBps);
  const unmet =
    result.burnedUnmetQuotaWei === "0"
      ? `${quality}, not below ${threshold}, so nothing was burned for it`
      : `${quality}, below ${threshold}: what was missing of the emission, ${mdt(result.burnedUnmetQuotaWei)}, was burned`;
  const penalty =
    result.burnedQualityPenaltyWei === "0"
      ? ""
      : `; ${mdt(result.burnedQualityPenaltyWei)} more was taken from miners of poor work and burned`;
  return `${unmet}${penalty}.`;
}

function minersSentence({ result, miners }: StoryFacts): string {
  const most = largest(result.minerRewards);
  if (most === undefined) return "No miner earned anything, so their part went back to the pool.";
  const miner = miners.find(({ account }) => account === most.account);
  const why =
    miner === undefined
      ? ""
      : `, with an incentive of ${percentOfWad(incentiveWad(miner.incentive))}, an agreed score of ` +
        `${percentOfWad(BigInt(miner.agreedScoreWad))} and ${miner.completedTasks} completed tasks`;
  return `Of ${result.minerRewards.length} miners that were paid, ${most.account} earned most: ${mdt(most.amountWei)}${why}.`;
}

function validatorsSentence({ result }: StoryFacts): string {
  const most = largest(result.validatorRewards);
  if (most === undefined) return "No validator revealed scores, so the validators' part went back to the pool.";
  const count = result.validatorRewards.length;
  return `Of ${count} validators and delegators that were paid, ${most.account} earned most: ${mdt(most.amountWei)}.`;
}

function restSentence({ result: { daoWei, returnedWei } }: StoryFacts): string {
  return `The DAO received ${mdt(daoWei)}; ${mdt(returnedWei)} that nobody could receive went back to the pool.`;
}

/** Raw I32F32 bits as WAD: 2^32 is 1. */
function incentiveWad(bits: string): bigint {
  return (BigInt(bits) * 10n ** 18n) >> 32n;
}

function largest(rewards: readonly Reward[]): Reward | undefined {
  return rewards.reduce<Reward | undefined>(
    (most, reward) => (most === undefined || BigInt(reward.amountWei) > BigInt(most.amountWei) ? reward : most),
    undefined,
  );
}

function mdt(amountWei: string | bigint): string {
  return `${formatMdt(BigInt(amountWei))} MDT`;
}
