import { distributeToMiners } from "../../core/distribution/miners";
import { distributeToValidators } from "../../core/distribution/validators";
import { bpsDown, min } from "../../core/fixedPoint";
import { DEFAULT_POLICY, type Policy } from "../../core/policy/policy";
import { type Day } from "./days";
import { type EpochConsensus, noLegacy } from "./epochConsensus";
import { feesIn, type Run, type Step } from "./policyRun";
import { type Candidate, type Scenario } from "./scenario";
import { type NetworkConfig } from "../../config/networkConfig";

/**
 * The same people doing the same work under a schedule to compare with: all that it emits is minted, nothing is burned or
 * recycled, and there are no block rewards. Miners share by the fees and scores of their work, validators by stake.
 */
export class ReferenceRun implements Run {
  #issuedWei = 0n;

  /** @param first The policy whose fees clients pay. */
  constructor(
    private readonly schedule: ReferenceSchedule,
    private readonly first: Candidate,
    private readonly scenario: Scenario,
  ) {}

  step({ epoch }: Day, consensus: EpochConsensus): Step {
    const { schedule } = this;
    const emissionWei = schedule.emissionWei(epoch, this.#issuedWei);
    this.#issuedWei += emissionWei;
    const { inputs } = consensus.under(withoutPolicy, feesIn(epoch, this.first.config, this.scenario), noLegacy);
    const paidMiners = distributeToMiners(bpsDown(emissionWei, schedule.minerShareBps), inputs.miners, policy);
    const presenceWei = bpsDown(emissionWei, schedule.validatorShareBps);
    const pools = { presenceWei, scoringWei: 0n, dividendWei: 0n, ...inputs.validators, feesWei: 0n };
    const paidValidators = distributeToValidators(pools, inputs.stakers, "stake");
    return {
      flows: {
        emissionWei,
        mintedWei: emissionWei,
        blockRewardsWei: 0n,
        recycledWei: 0n,
        burnedWei: 0n,
        taskFeesWei: 0n,
        supplyWei: schedule.startWei + this.#issuedWei,
        poolWei: 0n,
      },
      incomes: [...paidMiners.rewards, ...paidValidators.rewards],
      miners: [],
      registrations: [],
    };
  }
}

/** Miners share by their work, as by default, without a limit. */
const policy: Policy = { ...DEFAULT_POLICY, minerFeeCapBps: null };

/** Consensus needs a policy's scoring; the rest of these inputs decides nothing here. */
const withoutPolicy = {
  policy,
  baseRewardWei: 0n,
  halvingIntervalEpochs: 1,
  tasks: { completed: 0, difficultySumBps: 0 },
  poolWei: 0n,
  mintableWei: 0n,
};

/** A schedule to compare with: what it mints, whatever happens. */
export interface ReferenceSchedule {
  readonly name: string;
  readonly minerShareBps: number;
  readonly validatorShareBps: number;
  /** Tokens there are before its first epoch, in wei. */
  readonly startWei: bigint;
  readonly capWei: bigint;
  /** What it mints in the next epoch, after having minted `issuedWei` beyond the start. */
  readonly emissionWei: (epoch: number, issuedWei: bigint) => bigint;
}

const TAO_CAP = 21_000_000n;
/** A block of Bittensor takes 12 seconds. */
export const TAO_BLOCK_SECONDS = 12;

/** A TAO in a network with another cap: one 21-millionth of it. */
export function taoUnitWei(capWei: bigint): bigint {
  return capWei / TAO_CAP;
}

/**
 * Bittensor's: one unit per block of 12 seconds, halved once for each time that half of what was left of the cap is issued:
 * unit >> ⌊log2(1 / (1 − issued / cap))⌋, nothing at the cap; nobody has anything at the start. 41 % go to miners, 41 % to
 * validators, 18 % to owners of subnets.
 *
 * Source of the rule: opentensor/subtensor, pallets/subtensor/src/coinbase/block_emission.rs, `get_block_emission_for_issuance`
 * (units of 10^-9 there, of wei here), and the default `SubnetOwnerCut` of 11 796 / 65 535 of its lib.rs.
 */
export function bittensorSchedule({ supply, clock }: NetworkConfig): ReferenceSchedule {
  const capWei = supply.maxSupplyWei;
  const epochSeconds = clock.slotSeconds * clock.slotsPerEpoch;
  const blocksBefore = (epoch: number): number => Math.floor((epoch * epochSeconds) / TAO_BLOCK_SECONDS);
  return {
    name: "Bittensor's schedule",
    minerShareBps: 4_100,
    validatorShareBps: 4_100,
    startWei: 0n,
    capWei,
    emissionWei: (epoch, issuedWei) => taoBlocksWei(issuedWei, blocksBefore(epoch + 1) - blocksBefore(epoch), capWei),
  };
}

/** What so many blocks mint in a row. Of blocks with the same reward all are taken at once. */
export function taoBlocksWei(issuedWei: bigint, blocks: number, capWei: bigint): bigint {
  let left = BigInt(blocks);
  let mintedWei = 0n;
  while (left > 0n) {
    const era = taoEra(issuedWei + mintedWei, capWei);
    if (era.blockWei === 0n) break;
    const until = (era.endsAtWei - issuedWei - mintedWei + era.blockWei - 1n) / era.blockWei;
    const taken = min(left, until);
    mintedWei += taken * era.blockWei;
    left -= taken;
  }
  return mintedWei;
}

/** How often the reward has been halved at an issuance, what a block mints, and the issuance at which that ends; in wei. */
export function taoEra(issuedWei: bigint, capWei: bigint) {
  let halvings = 0n;
  // issued ≥ cap · (1 − ½ⁿ⁺¹) ⇔ (cap − issued) · 2ⁿ⁺¹ ≤ cap: then the logarithm is at least n + 1.
  while (issuedWei < capWei && (capWei - issuedWei) << (halvings + 1n) <= capWei) halvings++;
  return {
    halvings,
    blockWei: issuedWei >= capWei ? 0n : taoUnitWei(capWei) >> halvings,
    endsAtWei: capWei - (capWei >> (halvings + 1n)),
  };
}

/** The base reward in every epoch, whatever the network is worth and without halvings, until the Treasury has nothing left to mint. */
export function fixedSchedule({ supply, emission }: NetworkConfig): ReferenceSchedule {
  const { treasuryAllowanceWei, daoAllocationWei } = supply;
  return {
    name: "Fixed",
    minerShareBps: 4_000,
    validatorShareBps: 4_000,
    startWei: daoAllocationWei,
    capWei: daoAllocationWei + treasuryAllowanceWei,
    emissionWei: (_epoch, issuedWei) => min(emission.baseRewardWei, treasuryAllowanceWei - issuedWei),
  };
}
