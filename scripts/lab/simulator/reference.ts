import { distributeToMiners } from "../../core/distribution/miners";
import { distributeToValidators } from "../../core/distribution/validators";
import { bpsDown, min } from "../../core/fixedPoint";
import { DEFAULT_POLICY, type Policy } from "../../core/policy/policy";
import { type Day } from "./days";
import { type EpochConsensus, noLegacy } from "./epochConsensus";
import { epochSecondsOf, feesIn, type Halving, type Milestones, type Run, type Step } from "./policyRun";
import { type Candidate, type Scenario } from "./scenario";
import { type NetworkConfig } from "../../config/networkConfig";

/**
 * The same people doing the same work under a schedule to compare with: all that it emits is minted, nothing is burned
 * or recycled, and there are no block rewards. Miners share by the fees and scores of their work, validators by stake.
 */
export class ReferenceRun implements Run {
  readonly kind = "reference";
  readonly name: string;
  readonly startWei: bigint;
  #issuedWei = 0n;

  /** @param first The policy whose fees clients pay. */
  constructor(
    private readonly schedule: ReferenceSchedule,
    private readonly first: Candidate,
    private readonly scenario: Scenario,
  ) {
    this.name = schedule.name;
    this.startWei = schedule.startWei;
  }

  milestones(): Milestones {
    return this.schedule.milestones;
  }

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

/** Miners share by their work, as by default, but without the fee limit. */
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

/** A schedule to compare with: it mints the same, whatever happens. */
export interface ReferenceSchedule {
  readonly name: string;
  readonly minerShareBps: number;
  readonly validatorShareBps: number;
  /** Tokens that exist before its first epoch, in wei. */
  readonly startWei: bigint;
  readonly milestones: Milestones;
  /** What it mints in the next epoch, after having minted `issuedWei` beyond the start. */
  readonly emissionWei: (epoch: number, issuedWei: bigint) => bigint;
}

const TAO_CAP = 21_000_000n;
/** A block of Bittensor takes 12 seconds. */
const TAO_BLOCK_SECONDS = 12;

/** One TAO in a network with another cap: a 21-millionth of that cap, in wei. */
export function taoUnitWei(capWei: bigint): bigint {
  return capWei / TAO_CAP;
}

/**
 * Bittensor's schedule: one unit per block of 12 seconds, halved each time half of the rest of the cap has been issued:
 * unit >> ⌊log2(1 / (1 − issued / cap))⌋, nothing at the cap. Nobody has anything at the start. 41 % go to miners, 41 %
 * to validators, 18 % to owners of subnets.
 *
 * Source of the rule: opentensor/subtensor, pallets/subtensor/src/coinbase/block_emission.rs,
 * `get_block_emission_for_issuance` (units of 10^-9 there, of wei here), and the default `SubnetOwnerCut` of 11 796 /
 * 65 535 of its lib.rs.
 */
export function bittensorSchedule(config: NetworkConfig): ReferenceSchedule {
  const capWei = config.supply.maxSupplyWei;
  const epochSeconds = epochSecondsOf(config);
  const blocksBefore = (epoch: number): number => Math.floor((epoch * epochSeconds) / TAO_BLOCK_SECONDS);
  return {
    name: "Bittensor's schedule",
    minerShareBps: 4_100,
    validatorShareBps: 4_100,
    startWei: 0n,
    milestones: taoMilestones(capWei, epochSeconds),
    emissionWei: (epoch, issuedWei) => taoBlocksWei(issuedWei, blocksBefore(epoch + 1) - blocksBefore(epoch), capWei),
  };
}

/** What this many blocks in a row mint, in wei. Takes all blocks with the same reward at once. */
export function taoBlocksWei(issuedWei: bigint, blocks: number, capWei: bigint): bigint {
  let left = BigInt(blocks);
  let mintedWei = 0n;
  while (left > 0n) {
    const { blockWei, blocks: blocksLeft } = taoEra(issuedWei + mintedWei, capWei);
    if (blockWei === 0n) break;
    const taken = min(left, blocksLeft);
    mintedWei += taken * blockWei;
    left -= taken;
  }
  return mintedWei;
}

/** What a block mints at an issuance, in wei, and how many blocks in a row mint that. */
export function taoEra(issuedWei: bigint, capWei: bigint) {
  let halvings = 0n;
  // issued ≥ cap · (1 − ½ⁿ⁺¹) ⇔ (cap − issued) · 2ⁿ⁺¹ ≤ cap: then the logarithm is at least n + 1.
  while (issuedWei < capWei && (capWei - issuedWei) << (halvings + 1n) <= capWei) halvings++;
  const blockWei = issuedWei >= capWei ? 0n : taoUnitWei(capWei) >> halvings;
  const endsAtWei = capWei - (capWei >> (halvings + 1n));
  return { blockWei, blocks: blockWei === 0n ? 0n : (endsAtWei - issuedWei + blockWei - 1n) / blockWei };
}

/** A halving each time half of what was left is issued, counted in whole blocks. */
function taoMilestones(capWei: bigint, epochSeconds: number): Milestones {
  const halvings: Halving[] = [];
  let issuedWei = 0n;
  let before = 0n;
  for (;;) {
    const { blockWei, blocks } = taoEra(issuedWei, capWei);
    const epoch = Math.floor((Number(before) * TAO_BLOCK_SECONDS) / epochSeconds);
    if (before > 0n) halvings.push({ halving: halvings.length + 1, epoch });
    if (blockWei === 0n) return { halvings, cap: { kind: "never", endEpoch: epoch, mintedAtMostWei: issuedWei } };
    issuedWei += blocks * blockWei;
    before += blocks;
  }
}

/** The base reward in every epoch, whatever the utility and without halvings, until the Treasury can mint no more. */
export function fixedSchedule({ supply, emission: { baseRewardWei } }: NetworkConfig): ReferenceSchedule {
  const { treasuryAllowanceWei, daoAllocationWei } = supply;
  const epochs = (treasuryAllowanceWei + baseRewardWei - 1n) / baseRewardWei;
  return {
    name: "Fixed",
    minerShareBps: 4_000,
    validatorShareBps: 4_000,
    startWei: daoAllocationWei,
    milestones: { halvings: [], cap: { kind: "reached", epoch: Number(epochs) - 1 } },
    emissionWei: (_epoch, issuedWei) => min(baseRewardWei, treasuryAllowanceWei - issuedWei),
  };
}
