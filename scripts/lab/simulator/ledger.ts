import { type NetworkConfig } from "../../config/networkConfig";
import { type EpochResult } from "../../core/computeEpoch";
import { bpsDown, max, min } from "../../core/fixedPoint";
import { ScenarioError } from "./scenarioFields";

/** What clients and newcomers pay in an epoch, and what is slashed, in wei. */
export interface Payments {
  readonly taskFeesWei: bigint;
  readonly registrationFeesWei: bigint;
  readonly slashedWei: bigint;
}

/** What an epoch moved, and where it ended; all in wei. */
export interface EpochFlows {
  readonly emissionWei: bigint;
  /** New tokens: those of the settlement, and block rewards. */
  readonly mintedWei: bigint;
  readonly blockRewardsWei: bigint;
  /** Taken from the pool and paid again. */
  readonly recycledWei: bigint;
  /** Of task fees, for unmet quality, and as penalty on miners. */
  readonly burnedWei: bigint;
  /** What clients paid for tasks. */
  readonly taskFeesWei: bigint;
  /** After the epoch. */
  readonly supplyWei: bigint;
  readonly poolWei: bigint;
}

/** Where the tokens of one simulated network are, in wei. Everything earned is claimed at once. */
export class Ledger {
  supplyWei: bigint;
  poolWei = 0n;
  treasuryMintableWei: bigint;
  blocksMintableWei: bigint;

  /** @param stakedWei At stake from beginning to end. */
  constructor(
    private readonly config: NetworkConfig,
    private readonly stakedWei: bigint,
  ) {
    this.supplyWei = config.supply.daoAllocationWei;
    this.treasuryMintableWei = config.supply.treasuryAllowanceWei;
    this.blocksMintableWei = config.supply.blockRewardsAllowanceWei;
    if (stakedWei > this.supplyWei) {
      throw new ScenarioError(
        "validators.stakeMdt and delegatedMdt, and the stakes of adversaries, come to more than supply.daoAllocationMdt, all there is at the start.",
      );
    }
  }

  /**
   * Enters what happens during an epoch: fees are burned and recycled as the network does it, what is slashed is recycled.
   * @returns What was burned, in wei.
   * @throws ScenarioError where people have less than they pay.
   */
  pay(epoch: number, { taskFeesWei, registrationFeesWei, slashedWei }: Payments): bigint {
    const owedWei = taskFeesWei + registrationFeesWei + slashedWei;
    if (owedWei > this.supplyWei - this.poolWei - this.stakedWei) {
      throw new ScenarioError(
        `In epoch ${epoch} people pay more than all that circulates: lower tasks.perEpoch, its growth, or tasks.feeBps.`,
      );
    }
    const burnedWei = bpsDown(taskFeesWei, this.config.tasks.feeBurnBps);
    this.supplyWei -= burnedWei;
    this.poolWei += owedWei - burnedWei;
    return burnedWei;
  }

  /** Mints block rewards for so many slots while their allowance lasts, in whole rewards as the contract does. */
  produce(slots: bigint): bigint {
    const { blockRewardWei } = this.config.emission;
    const mintedWei = min(slots, this.blocksMintableWei / blockRewardWei) * blockRewardWei;
    this.blocksMintableWei -= mintedWei;
    this.supplyWei += mintedWei;
    return mintedWei;
  }

  /** Enters a settlement: draw, mint, burn, return. Gives what was burned, in wei. */
  settle({ emission, burnedUnmetQuotaWei, burnedQualityPenaltyWei, returnedWei }: EpochResult): bigint {
    const burnedWei = burnedUnmetQuotaWei + burnedQualityPenaltyWei;
    this.treasuryMintableWei -= emission.mintedWei;
    this.supplyWei += emission.mintedWei - burnedWei;
    this.poolWei += returnedWei - emission.recycledWei;
    return burnedWei;
  }
}

/** A price's fixed numbers: floor and ceiling in wei, and the seconds in which it halves. */
export type PriceParameters = NetworkConfig["minerPrice"];

/** The price as of the latest registration; `updatedAt` in seconds. */
export interface PriceState {
  readonly priceWei: bigint;
  readonly updatedAt: bigint;
}

/** Before the first registration, which costs the floor. */
export const noRegistration: PriceState = { priceWei: 0n, updatedAt: 0n };

const RISE_NUMERATOR = 126n;
const RISE_DENOMINATOR = 100n;

/** After so many half-lives the price is the floor. */
const MAX_HALVINGS = 128n;

/**
 * The price of a registration at `timestamp`, the twin of `quote` in contracts/shared/RegistrationPrice.sol:
 * ⌊price · (2·H − r) / (2·H · 2ⁿ)⌋ after n whole half-lives H and r seconds of the next, never under the floor.
 */
export function quote(state: PriceState, { floorWei, halfLifeSeconds }: PriceParameters, timestamp: bigint): bigint {
  const elapsedSeconds = timestamp - state.updatedAt;
  const halfLife = BigInt(halfLifeSeconds);
  const halvings = elapsedSeconds / halfLife;
  if (halvings >= MAX_HALVINGS) return floorWei;
  const remainder = elapsedSeconds % halfLife;
  const decayedWei = (state.priceWei * (2n * halfLife - remainder)) / ((2n * halfLife) << halvings);
  return max(decayedWei, floorWei);
}

/** The state after somebody registered, the twin of `afterRegistration`: ×1.26 rounded up, at most the ceiling. */
export function afterRegistration(priceWei: bigint, { ceilingWei }: PriceParameters, timestamp: bigint): PriceState {
  const risenWei = (priceWei * RISE_NUMERATOR + RISE_DENOMINATOR - 1n) / RISE_DENOMINATOR;
  return { priceWei: min(risenWei, ceilingWei), updatedAt: timestamp };
}
