import { type NetworkConfig } from "../../config/networkConfig";
import { type EpochResult } from "../../core/computeEpoch";
import { bpsDown, max, min } from "../../core/fixedPoint";
import { ScenarioError } from "./scenario";

/** What clients and newcomers pay in an epoch, and what is slashed, in wei. */
interface Payments {
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
  /** Burned from task fees, for unmet quality, and as a penalty on miners. */
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
   * Books what happens during an epoch: fees are burned and recycled as in the network, slashed stake is recycled.
   * @returns What was burned, in wei.
   * @throws ScenarioError if people have less than they pay.
   */
  pay(epoch: number, { taskFeesWei, registrationFeesWei, slashedWei }: Payments): bigint {
    const owedWei = taskFeesWei + registrationFeesWei + slashedWei;
    if (owedWei > this.supplyWei - this.poolWei - this.stakedWei) {
      throw new ScenarioError(
        `In epoch ${epoch} people pay more than is in circulation: lower tasks.perEpoch, its growth, or tasks.feeBps.`,
      );
    }
    const burnedWei = bpsDown(taskFeesWei, this.config.tasks.feeBurnBps);
    this.supplyWei -= burnedWei;
    this.poolWei += owedWei - burnedWei;
    return burnedWei;
  }

  /** Mints block rewards for this many slots while their allowance lasts, in whole rewards as the contract does. */
  produce(slots: bigint): bigint {
    const { blockRewardWei } = this.config.emission;
    const mintedWei = min(slots, this.blocksMintableWei / blockRewardWei) * blockRewardWei;
    this.blocksMintableWei -= mintedWei;
    this.supplyWei += mintedWei;
    return mintedWei;
  }

  /** Books a settlement: draw, mint, burn, return. @returns What was burned, in wei. */
  settle({ emission, burnedUnmetQuotaWei, burnedQualityPenaltyWei, returnedWei }: EpochResult): bigint {
    const burnedWei = burnedUnmetQuotaWei + burnedQualityPenaltyWei;
    this.treasuryMintableWei -= emission.mintedWei;
    this.supplyWei += emission.mintedWei - burnedWei;
    this.poolWei += returnedWei - emission.recycledWei;
    return burnedWei;
  }
}

/** A price's fixed numbers: floor and ceiling in wei, and the seconds after which one registration's rise is undone. */
export type PriceParameters = NetworkConfig["minerPrice"];

/** The price as of the latest registration; `updatedAt` in seconds. */
interface PriceState {
  readonly priceWei: bigint;
  readonly updatedAt: bigint;
}

/** The price of registering over time; the first registration costs the floor. */
export class RegistrationPrice {
  #state: PriceState = { priceWei: 0n, updatedAt: 0n };

  constructor(private readonly parameters: PriceParameters) {}

  /** Registers someone, at a time in seconds from the beginning. @returns What it costs, in wei. */
  register(atSecond: number): bigint {
    const priceWei = quote(this.#state, this.parameters, BigInt(atSecond));
    this.#state = afterRegistration(priceWei, this.parameters, BigInt(atSecond));
    return priceWei;
  }
}

/** Binary digits of a price after the point while whole intervals are counted. */
const FRACTION_BITS = 92n;

/**
 * The price of a registration at `timestamp`, the twin of `quote` in contracts/shared/RegistrationPrice.sol:
 * ⌊price · (4/5)ⁿ · (1 − r / (5·I))⌋ after n whole intervals I and r seconds of the next, never under the floor.
 */
export function quote(state: PriceState, { floorWei, intervalSeconds }: PriceParameters, timestamp: bigint): bigint {
  const elapsedSeconds = timestamp - state.updatedAt;
  const interval = BigInt(intervalSeconds);
  const scaledFloor = floorWei << FRACTION_BITS;
  let scaled = state.priceWei << FRACTION_BITS;
  for (let left = elapsedSeconds / interval; left > 0n && scaled > scaledFloor; left--) scaled -= scaled / 5n;
  const lineWei = (scaled * (5n * interval - (elapsedSeconds % interval))) / ((5n * interval) << FRACTION_BITS);
  return max(lineWei, floorWei);
}

/** The state after a registration, the twin of `afterRegistration`: 5/4 of the price, rounded up, up to the ceiling. */
export function afterRegistration(priceWei: bigint, { ceilingWei }: PriceParameters, timestamp: bigint): PriceState {
  const risenWei = (5n * priceWei + 3n) / 4n;
  return { priceWei: min(risenWei, ceilingWei), updatedAt: timestamp };
}
