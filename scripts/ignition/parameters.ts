import { zeroAddress, zeroHash } from "viem";
import { type DeploymentChoices } from "../chain/deployment";
import { type NetworkConfig } from "../config/networkConfig";

/**
 * What the Ignition module is given: the network's configuration, and what was chosen once for this deployment. The same
 * arguments give the same parameters, so that a deployment that was stopped can be resumed.
 */
export function moduleParameters(
  config: NetworkConfig,
  choices: Pick<DeploymentChoices, "genesisTimestamp" | "dao" | "nodeAccounts" | "genesis">,
) {
  const { clock, supply, emission, settlement, quorum, staking, validatorPrice, minerPrice, tasks, policies } = config;
  const genesis = [
    { account: choices.dao, amountWei: supply.daoAllocationWei },
    ...choices.nodeAccounts.map((account) => ({ account, amountWei: supply.nodeAccountAllocationWei })),
    ...(choices.genesis?.allocations ?? []).map(({ account, amountWei }) => ({
      account,
      amountWei: BigInt(amountWei),
    })),
  ];
  return {
    ModernTensor: {
      clock: {
        genesisTimestamp: choices.genesisTimestamp,
        slotSeconds: clock.slotSeconds,
        slotsPerEpoch: clock.slotsPerEpoch,
        revealSlots: clock.revealSlots,
      },
      genesis: genesis.filter(({ amountWei }) => amountWei > 0n),
      maxSupplyWei: supply.maxSupplyWei,
      treasuryAllowanceWei: supply.treasuryAllowanceWei,
      blockRewardsAllowanceWei: supply.blockRewardsAllowanceWei,
      policyJson: policies[0]!.json,
      minimumStakeWei: staking.minimumStakeWei,
      maximumSeats: staking.seats,
      seatSafeEpochs: staking.seatSafeEpochs,
      slashCapBps: staking.maxSlashPerEpochBps,
      exitDelayEpochs: staking.exitDelayEpochs,
      jailEpochs: staking.jailEpochs,
      validatorPrice,
      feeBurnBps: tasks.feeBurnBps,
      feeRule: {
        volumeFeeWei: tasks.volumeFeeWei,
        difficultyFeeWei: tasks.difficultyFeeWei,
        halvingIntervalEpochs: emission.halvingIntervalEpochs,
      },
      closingSlots: clock.closingSlots,
      minerPrice,
      blockRewardWei: emission.blockRewardWei,
      dao: choices.dao,
      baseRewardWei: emission.baseRewardWei,
      halvingIntervalEpochs: emission.halvingIntervalEpochs,
      claimDelaySeconds: settlement.claimDelaySeconds,
      maxDaoShareBps: emission.maxDaoShareBps,
      quorumBps: quorum.bps,
      quorumFloorWei: quorum.floorWei,
      soloAfterSeconds: quorum.soloAfterSeconds,
    },
  };
}

/** A task type as the TaskRegistry takes it; `verifier` is an address, or the folder of circuits/ whose verifier is deployed. */
export interface TaskTypeTerms {
  readonly difficultyBps: number;
  readonly isOpen: boolean;
  readonly minFeeWei: bigint;
  readonly verifier: string;
  readonly modelHash: string;
}

/** Beside its parameters the Ignition module is given these: a parameter can't be a contract that is deployed first. */
export function taskTypeTerms({ tasks }: NetworkConfig): readonly TaskTypeTerms[] {
  return tasks.types.map(({ difficultyBps, minimumFeeWei, verifier, modelHash }) => ({
    difficultyBps,
    isOpen: true,
    minFeeWei: minimumFeeWei,
    verifier: verifier ?? zeroAddress,
    modelHash: modelHash ?? zeroHash,
  }));
}
