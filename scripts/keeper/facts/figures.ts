import { type SettledEpoch } from "./settledEpochs";

/** The figures of an epoch that a network is watched by. Amounts in wei. */
export interface EpochFigures {
  readonly epoch: number;
  readonly utilityWad: bigint;
  readonly qualityWad: bigint;
  readonly emissionWei: bigint;
  readonly mintedWei: bigint;
  readonly recycledWei: bigint;
  readonly burnedWei: bigint;
  readonly minerRewardsWei: bigint;
  readonly validatorRewardsWei: bigint;
  readonly daoWei: bigint;
  readonly returnedWei: bigint;
  /** Supply of MDT right after the settlement. */
  readonly totalSupplyWei: bigint;
}

/** The figures of settled epochs, in order. */
export function figuresOf(settled: readonly SettledEpoch[]): readonly EpochFigures[] {
  return settled.map(({ settlement, mintedWei, recycledWei, totalSupplyWei }) => ({
    epoch: Number(settlement.epoch),
    utilityWad: settlement.utilityWad,
    qualityWad: settlement.qualityWad,
    emissionWei: settlement.emission,
    mintedWei,
    recycledWei,
    burnedWei: settlement.burnedUnmetQuota + settlement.burnedQualityPenalty,
    minerRewardsWei: settlement.minerRewards,
    validatorRewardsWei: settlement.validatorRewards,
    daoWei: settlement.daoShare,
    returnedWei: settlement.returned,
    totalSupplyWei,
  }));
}
