import { type Address } from "viem";
import { type NetworkConfig } from "../../config/networkConfig";
import { computeEpoch } from "../../core/computeEpoch";
import { bpsDown, min, sum } from "../../core/fixedPoint";
import { halvedFeeWei } from "../../core/policy/bounds";
import { PolicyTimeline } from "../../core/policy/timeline";
import { type EpochFlows, Ledger, RegistrationPrice } from "./ledger";
import { type Day } from "./days";
import { type EpochConsensus, noLegacy } from "./epochConsensus";
import { type Incomes } from "./years";
import { type Candidate, type Scenario } from "./scenario";

/** What became of an epoch. */
export interface Step {
  readonly flows: EpochFlows;
  readonly incomes: Incomes;
  /** What clients paid for each miner's tasks. */
  readonly miners: readonly { readonly account: Address; readonly feesWei: bigint }[];
  readonly registrations: readonly Registration[];
}

/** A halving: before `epoch` the reward was twice as high. */
export interface Halving {
  readonly halving: number;
  readonly epoch: number;
}

/**
 * Whether everything that may be minted will be: in which epoch, or never, because the schedule ends first. Then
 * `mintedAtMostWei` is the most that can have been minted by then, burned tokens and those at the start included.
 */
export type CapReached =
  | { readonly kind: "reached"; readonly epoch: number }
  | { readonly kind: "never"; readonly endEpoch: number; readonly mintedAtMostWei: bigint };

/** All halvings in order, and the cap. They follow from the schedule, so they are known beyond a run as well. */
export interface Milestones {
  readonly halvings: readonly Halving[];
  readonly cap: CapReached;
}

/** One network under one schedule, epoch after epoch. */
export interface Run {
  readonly name: string;
  readonly kind: "policy" | "reference";
  /** Tokens that exist before its first epoch, in wei. */
  readonly startWei: bigint;
  /** Lets an epoch pass. */
  step(day: Day, consensus: EpochConsensus): Step;
  /** @param epochs How many epochs were run. */
  milestones(epochs: number): Milestones;
}

/** A network under a policy: the keeper's own core decides each epoch, and the books hold what the contracts would. */
export class PolicyRun implements Run {
  readonly kind = "policy";
  readonly name: string;
  readonly startWei: bigint;
  readonly ledger: Ledger;
  readonly #config: NetworkConfig;
  readonly #policies: PolicyTimeline;
  readonly #minerPrice: RegistrationPrice;
  readonly #validatorPrice: RegistrationPrice;
  #legacy = noLegacy;

  /** @throws ScenarioError if more is at stake than there is. */
  constructor(
    { name, config }: Candidate,
    private readonly scenario: Scenario,
    /** Stake from beginning to end, adversaries' stake included: they reserve it at the start. */
    stakedWei: bigint,
  ) {
    this.name = name;
    this.#config = config;
    this.#policies = new PolicyTimeline(config.policies);
    this.#minerPrice = new RegistrationPrice(config.minerPrice);
    this.#validatorPrice = new RegistrationPrice(config.validatorPrice);
    this.ledger = new Ledger(config, stakedWei);
    this.startWei = this.ledger.supplyWei;
  }

  /** @throws ScenarioError if people pay more than they have. */
  step(day: Day, consensus: EpochConsensus): Step {
    const ledger = this.ledger;
    const { tasks, emission } = this.#config;
    const completedByType = day.tasks.map((counts) => counts.reduce((total, count) => total + count, 0));
    const feeOfType = feesIn(day.epoch, this.#config, this.scenario);
    const taskFeesWei = sum(feeOfType.map((feeWei, type) => feeWei * BigInt(completedByType[type]!)));
    const registrations = this.register(day);
    const registrationFeesWei = sum(registrations.map(({ amountWei }) => amountWei));
    const feesBurnedWei = ledger.pay(day.epoch, { taskFeesWei, registrationFeesWei, slashedWei: this.slashedWei(day) });
    const produced = this.produce(day);
    const { inputs, legacy } = consensus.under(
      {
        policy: this.#policies.policyAt(day.epoch),
        baseRewardWei: emission.baseRewardWei,
        halvingIntervalEpochs: emission.halvingIntervalEpochs,
        tasks: {
          completed: completedByType.reduce((total, count) => total + count, 0),
          difficultySumBps: completedByType.reduce(
            (total, count, type) => total + count * tasks.types[type]!.difficultyBps,
            0,
          ),
        },
        poolWei: ledger.poolWei,
        mintableWei: ledger.treasuryMintableWei,
      },
      feeOfType,
      this.#legacy,
    );
    this.#legacy = legacy;
    const result = computeEpoch(inputs);
    const burnedWei = feesBurnedWei + ledger.settle(result);
    const blockRewardsWei = sum(produced.map(({ amountWei }) => amountWei));
    return {
      flows: {
        emissionWei: result.emission.emissionWei,
        mintedWei: result.emission.mintedWei + blockRewardsWei,
        blockRewardsWei,
        recycledWei: result.emission.recycledWei,
        burnedWei,
        taskFeesWei,
        supplyWei: ledger.supplyWei,
        poolWei: ledger.poolWei,
      },
      incomes: [...produced, ...result.miners.rewards, ...result.validators.rewards],
      miners: inputs.miners,
      registrations,
    };
  }

  milestones(epochs: number): Milestones {
    return policyMilestones(this.#config, this.ledger, epochs);
  }

  private slashedWei({ slashed, validators }: Day): bigint {
    const atStakeWei = slashed === null ? 0n : validators[slashed]!.totalWei;
    return bpsDown(atStakeWei, this.scenario.slashing.slashedBps);
  }

  /** Everyone who registers pays the price of that moment; registrations are spread evenly over the epoch. */
  private register({ epoch, minerRegistrations, validatorRegistrations }: Day): readonly Registration[] {
    const seconds = epochSecondsOf(this.#config);
    const paid = (registrants: Day["minerRegistrations"], price: RegistrationPrice): readonly Registration[] =>
      registrants.map((account, index) => {
        const later = Math.floor((seconds * (index + 1)) / (registrants.length + 1));
        return { account, amountWei: price.register(epoch * seconds + later) };
      });
    return [...paid(minerRegistrations, this.#minerPrice), ...paid(validatorRegistrations, this.#validatorPrice)];
  }

  /** A validator leads its share of the slots, floored; one that is away produces none of them. */
  private produce({ validators, scores }: Day): Incomes {
    const slots = BigInt(this.#config.clock.slotsPerEpoch);
    const stakedWei = sum(validators.map(({ totalWei }) => totalWei));
    return validators.flatMap(({ account, totalWei }, index) =>
      scores[index] === null ? [] : [{ account, amountWei: this.ledger.produce((slots * totalWei) / stakedWei) }],
    );
  }
}

/**
 * Halvings come after fixed epochs. Nobody knows beforehand how far emission will stay below the ceiling, so from the
 * end of the run on every epoch counts with its whole ceiling, and with all its block rewards.
 * @param epochs How many epochs were run.
 */
export function policyMilestones({ emission, supply }: NetworkConfig, ledger: Ledger, epochs: number): Milestones {
  const { baseRewardWei, halvingIntervalEpochs } = emission;
  const count = baseRewardWei.toString(2).length;
  const halvings = Array.from({ length: count }, (_, index) => ({
    halving: index + 1,
    epoch: (index + 1) * halvingIntervalEpochs,
  }));
  const endEpoch = count * halvingIntervalEpochs;
  let mintableWei = ledger.treasuryMintableWei;
  for (let era = Math.floor(epochs / halvingIntervalEpochs); era < count; era++) {
    const rest = (era + 1) * halvingIntervalEpochs - Math.max(epochs, era * halvingIntervalEpochs);
    mintableWei -= min((baseRewardWei >> BigInt(era)) * BigInt(rest), mintableWei);
  }
  const allowedWei = supply.daoAllocationWei + supply.treasuryAllowanceWei + supply.blockRewardsAllowanceWei;
  return { halvings, cap: { kind: "never", endEpoch, mintedAtMostWei: allowedWei - mintableWei } };
}

/** A paid registration, in wei; `account` is null for someone who takes the place of a person who left. */
export interface Registration {
  readonly account: Address | null;
  readonly amountWei: bigint;
}

/**
 * What clients pay for a task of each type in an epoch, in wei: ⌈minimum / 2^h⌉ after h halvings, the TaskRegistry's
 * minimum, times the scenario's `feeBps`, floored.
 */
export function feesIn(
  epoch: number,
  { emission, tasks }: NetworkConfig,
  { tasks: { feeBps } }: Scenario,
): readonly bigint[] {
  return tasks.types.map(({ minimumFeeWei }) =>
    bpsDown(halvedFeeWei(minimumFeeWei, epoch, emission.halvingIntervalEpochs), feeBps),
  );
}

/** Seconds that an epoch lasts. */
export function epochSecondsOf({ clock }: NetworkConfig): number {
  return clock.slotSeconds * clock.slotsPerEpoch;
}
