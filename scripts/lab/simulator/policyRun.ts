import { type NetworkConfig } from "../../config/networkConfig";
import { computeEpoch } from "../../core/computeEpoch";
import { bpsDown } from "../../core/fixedPoint";
import { policyAt } from "../../core/policy/versions";
import {
  afterRegistration,
  Ledger,
  type EpochFlows,
  noRegistration,
  type Payments,
  type PriceParameters,
  quote,
} from "./ledger";
import { type Day } from "./days";
import { type EpochConsensus, noLegacy } from "./epochConsensus";
import { type Incomes } from "./years";
import { type People } from "./people";
import { type Candidate, type Scenario } from "./scenario";

/** One network under one schedule, epoch after epoch. */
export interface Run {
  /** Lets an epoch pass. */
  step(day: Day, consensus: EpochConsensus): { readonly flows: EpochFlows; readonly incomes: Incomes };
}

/** A network under a policy: the keeper's own core decides each epoch, and the books hold what the contracts would. */
export class PolicyRun implements Run {
  readonly ledger: Ledger;
  readonly #config: NetworkConfig;
  /** How many slots of an epoch each validator leads: its share, floored. */
  readonly #slotsLed: readonly bigint[];
  #legacy = noLegacy;
  #minerPrice = noRegistration;
  #validatorPrice = noRegistration;

  /** @throws ScenarioError where more is at stake than there is. */
  constructor(
    { config }: Candidate,
    private readonly scenario: Scenario,
    private readonly people: People,
  ) {
    this.#config = config;
    this.ledger = new Ledger(config, people.stakedWei);
    const slots = BigInt(config.clock.slotsPerEpoch);
    this.#slotsLed = people.validators.map(({ totalWei }) => (slots * totalWei) / people.stakedWei);
  }

  /** @throws ScenarioError where people pay more than they have. */
  step(day: Day, consensus: EpochConsensus) {
    const { ledger } = this;
    const feesBurnedWei = ledger.pay(day.epoch, this.payments(day));
    const produced = this.produce(day);
    const { tasks, emission, policies } = this.#config;
    const { inputs, legacy } = consensus.under(
      {
        policy: policyAt(policies, day.epoch),
        baseRewardWei: emission.baseRewardWei,
        halvingIntervalEpochs: emission.halvingIntervalEpochs,
        tasks: {
          completed: sum(day.tasksByType),
          difficultySumBps: sum(day.tasksByType.map((count, type) => count * tasks.types[type]!.difficultyBps)),
        },
        poolWei: ledger.poolWei,
        mintableWei: ledger.treasuryMintableWei,
      },
      this.#legacy,
    );
    this.#legacy = legacy;
    const result = computeEpoch(inputs);
    const burnedWei = feesBurnedWei + ledger.settle(result);
    return {
      flows: {
        emissionWei: result.emission.emissionWei,
        mintedWei: result.emission.mintedWei + produced.totalWei,
        blockRewardsWei: produced.totalWei,
        recycledWei: result.emission.recycledWei,
        burnedWei,
        supplyWei: ledger.supplyWei,
        poolWei: ledger.poolWei,
      },
      incomes: [...produced.rewards, ...result.miners.rewards, ...result.validators.rewards],
    };
  }

  private payments(day: Day): Payments {
    const { minerPrice, validatorPrice } = this.#config;
    const miners = this.register(day.epoch, day.minerRegistrations, this.#minerPrice, minerPrice);
    const validators = this.register(day.epoch, day.validatorRegistrations, this.#validatorPrice, validatorPrice);
    this.#minerPrice = miners.price;
    this.#validatorPrice = validators.price;
    const atStakeWei = day.slashed === null ? 0n : this.people.validators[day.slashed]!.totalWei;
    return {
      taskFeesWei: this.taskFeesWei(day),
      registrationFeesWei: miners.paidWei + validators.paidWei,
      slashedWei: bpsDown(atStakeWei, this.scenario.slashing.slashedBps),
    };
  }

  private taskFeesWei({ epoch, tasksByType }: Day): bigint {
    const { feeBps, feesFollowHalvings } = this.scenario.tasks;
    const { tasks, emission } = this.#config;
    const halvings = feesFollowHalvings ? Math.floor(epoch / emission.halvingIntervalEpochs) : 0;
    const minimumWei = tasksByType.reduce(
      (wei, count, type) => wei + BigInt(count) * tasks.types[type]!.minimumFeeWei,
      0n,
    );
    return bpsDown(minimumWei, feeBps) >> BigInt(halvings);
  }

  /** Registrations spread evenly over an epoch. */
  private register(epoch: number, count: number, before: typeof noRegistration, parameters: PriceParameters) {
    const seconds = epochSecondsOf(this.#config);
    let price = before;
    let paidWei = 0n;
    for (let index = 0; index < count; index++) {
      const now = BigInt(epoch * seconds + Math.floor((seconds * (index + 1)) / (count + 1)));
      const priceWei = quote(price, parameters, now);
      paidWei += priceWei;
      price = afterRegistration(priceWei, parameters, now);
    }
    return { price, paidWei };
  }

  /** Who is away produces none of the slots that it leads. */
  private produce({ scores }: Day) {
    const rewards: Incomes[number][] = [];
    let totalWei = 0n;
    this.people.validators.forEach(({ account }, index) => {
      if (scores[index] === null) return;
      const rewardWei = this.ledger.produce(this.#slotsLed[index]!);
      rewards.push({ account, amountWei: rewardWei });
      totalWei += rewardWei;
    });
    return { rewards, totalWei };
  }
}

/** Seconds that an epoch lasts. */
export function epochSecondsOf({ clock }: NetworkConfig): number {
  return clock.slotSeconds * clock.slotsPerEpoch;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
