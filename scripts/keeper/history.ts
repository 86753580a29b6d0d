import { formatMdt, formatWad } from "../text/amounts";
import { renderTable } from "../text/table";
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

/** The columns of a table of epochs; a title that starts with ">" is aligned to the right. */
export const figureHeads = [
  "epoch",
  ">utility",
  ">quality",
  ">emission",
  ">minted",
  ">recycled",
  ">burned",
  ">miners",
  ">validators",
  ">DAO",
  ">returned",
  ">total supply",
] as const;

/** A row of that table, amounts in MDT. */
export function figureRow(figures: EpochFigures): readonly string[] {
  return [
    String(figures.epoch),
    formatWad(figures.utilityWad),
    formatWad(figures.qualityWad),
    formatMdt(figures.emissionWei, 2),
    formatMdt(figures.mintedWei, 2),
    formatMdt(figures.recycledWei, 2),
    formatMdt(figures.burnedWei, 2),
    formatMdt(figures.minerRewardsWei, 2),
    formatMdt(figures.validatorRewardsWei, 2),
    formatMdt(figures.daoWei, 2),
    formatMdt(figures.returnedWei, 2),
    formatMdt(figures.totalSupplyWei, 2),
  ];
}

/** A table with one row per epoch, amounts in MDT. */
export function describeFigures(epochs: readonly EpochFigures[]): string {
  if (epochs.length === 0) return "No epoch is settled yet.";
  return renderTable(figureHeads, epochs.map(figureRow));
}
