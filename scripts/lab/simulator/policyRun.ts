import { type Address } from "viem";
import { type NetworkConfig } from "../../config/networkConfig";
import { computeEpoch } from "../../core/computeEpoch";
import { bpsDown, sum } from "../../core/fixedPoint";
import { halvedFeeWei } from "../../core/policy/bounds";
import { PolicyTimeline } from "../../core/policy/timeline";
import { afterRegistration, Ledger, type EpochFlows, noRegistration, type PriceParameters, quote } from "./ledger";
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

/** One network under one schedule, epoch after epoch. */
export interface Run {
  /** Lets an epoch pass. */
  step(day: Day, consensus: EpochConsensus): Step;
}

/** A network under a policy: the keeper's own core decides each epoch, and the books hold what the contracts would. */
export class PolicyRun implements Run {
  readonly ledger: Ledger;
  readonly #config: NetworkConfig;
  readonly #policies: PolicyTimeline;
  #legacy = noLegacy;
  #minerPrice = noRegistration;
  #validatorPrice = noRegistration;

  /** @throws ScenarioError where more is at stake than there is. */
  constructor(
    { config }: Candidate,
    private readonly scenario: Scenario,
    /** At stake from beginning to end, adversaries' stake included: they set it aside at the start. */
    stakedWei: bigint,
  ) {
    this.#config = config;
    this.#policies = new PolicyTimeline(config.policies);
    this.ledger = new Ledger(config, stakedWei);
  }

  /** @throws ScenarioError where people pay more than they have. */
  step(day: Day, consensus: EpochConsensus): Step {
    const { ledger } = this;
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

  private slashedWei({ slashed, validators }: Day): bigint {
    const atStakeWei = slashed === null ? 0n : validators[slashed]!.totalWei;
    return bpsDown(atStakeWei, this.scenario.slashing.slashedBps);
  }

  /** Everybody who registers pays the price as of then. */
  private register({ epoch, minerRegistrations, validatorRegistrations }: Day): readonly Registration[] {
    const { minerPrice, validatorPrice } = this.#config;
    const miners = this.registerOneByOne(epoch, minerRegistrations, this.#minerPrice, minerPrice);
    const validators = this.registerOneByOne(epoch, validatorRegistrations, this.#validatorPrice, validatorPrice);
    this.#minerPrice = miners.price;
    this.#validatorPrice = validators.price;
    return [...miners.paid, ...validators.paid];
  }

  /** Registrations spread evenly over an epoch. */
  private registerOneByOne(
    epoch: number,
    registrants: Day["minerRegistrations"],
    before: typeof noRegistration,
    parameters: PriceParameters,
  ) {
    const seconds = epochSecondsOf(this.#config);
    let price = before;
    const paid = registrants.map((account, index): Registration => {
      const now = BigInt(epoch * seconds + Math.floor((seconds * (index + 1)) / (registrants.length + 1)));
      const amountWei = quote(price, parameters, now);
      price = afterRegistration(amountWei, parameters, now);
      return { account, amountWei };
    });
    return { price, paid };
  }

  /** A validator leads its share of the slots, floored; who is away produces none of them. */
  private produce({ validators, scores }: Day): Incomes {
    const slots = BigInt(this.#config.clock.slotsPerEpoch);
    const stakedWei = sum(validators.map(({ totalWei }) => totalWei));
    return validators.flatMap(({ account, totalWei }, index) =>
      scores[index] === null ? [] : [{ account, amountWei: this.ledger.produce((slots * totalWei) / stakedWei) }],
    );
  }
}

/** A registration that was paid for, in wei; null for somebody who takes the place of who left. */
export interface Registration {
  readonly account: Address | null;
  readonly amountWei: bigint;
}

/** What clients pay for a task of each type in an epoch, in wei: ⌈minimum / 2^h⌉ after h halvings, as the TaskRegistry asks, or more. */
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
