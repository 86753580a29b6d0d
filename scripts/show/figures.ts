import { type EpochFigures } from "../keeper/facts/figures";
import { formatMdt, formatWad } from "./amounts";
import { hasQuality } from "./shares";
import { renderTable } from "./table";

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
    hasQuality(figures) ? formatWad(figures.qualityWad) : "–",
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
