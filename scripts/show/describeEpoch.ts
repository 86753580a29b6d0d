import { formatEther } from "viem";
import { type EpochInputs, type EpochResult } from "../core/computeEpoch";
import { type ValidatorPools } from "../core/distribution/validators";
import { type Reward } from "../core/rewardTree/rewardList";
import { bpsToWad, type Ratio, wadDown } from "../core/fixedPoint";
import { burnsWithinBound, MAX_BURN_BPS } from "../core/policy/bounds";
import { renderColumns, renderTable } from "./table";
import { percentText, formatMdt, formatWad, hasQuality } from "./amounts";
import { type EpochFigures } from "../keeper/facts/settledEpochs";

/** How many accounts of a list are shown, those with most first. */
const SHOWN_REWARDS = 20;

/** A line of the description: its name, its value, and what the value is made of. */
type Line = readonly [name: string, value: string, because?: string];

/** A computed epoch for people: each amount in MDT and where it comes from, then who gets most. */
export function describeEpoch(inputs: EpochInputs, result: EpochResult): string {
  const { miners, validators } = result;
  return [
    columns([...factorLines(inputs, result), ...amountLines(inputs, result)]),
    ...rewardLines("miners", miners.rewards),
    ...rewardLines("validators and delegators", validators.rewards),
    ...burnWarning(inputs),
  ].join("\n");
}

function factorLines({ epoch, policy, poolWei, mintableWei }: EpochInputs, result: EpochResult): Line[] {
  const { utility, emission, qualityWad, work } = result;
  const { halvings, ceilingWei, grossWei, limitedBy } = emission;
  const factors = [utility.taskScore, utility.difficulty, utility.participation];
  const names = ["tasks", "difficulty", "participation"];
  const sum = factors.map((factor, i) => `${percentText(policy.weightsBps[i]!)} · ${decimal(factor)} ${names[i]!}`);
  const funds = `limited to the pool's ${formatEther(poolWei)} plus the mintable ${formatEther(mintableWei)}`;
  return [
    ["epoch", String(epoch), `${halvings.toString()} halvings, ceiling ${formatEther(ceilingWei)} MDT`],
    ["utility", formatEther(utility.utilityWad), sum.join(" + ")],
    [
      "quality",
      formatEther(qualityWad),
      `of ${formatEther(work.feesWei)} MDT in fees, threshold ${formatEther(bpsToWad(policy.qualityThresholdBps))}`,
    ],
    [
      "emission",
      formatEther(emission.emissionWei),
      limitedBy === "funds" ? `of ${formatEther(grossWei)}, ${funds}` : "base reward · utility, halved",
    ],
  ];
}

function amountLines({ policy }: EpochInputs, result: EpochResult): Line[] {
  const { emission, miners, validators, minerPoolWei, validatorPoolWei, validatorPools } = result;
  const { minerShareBps, minerRule, minerFeeCapBps, validatorShareBps } = policy;
  const cap = minerFeeCapBps === null ? "" : `, at most ${percentText(minerFeeCapBps)} of fees · score`;
  const minerWeight = minerRule === "work" ? "fees and scores" : "performance";
  return [
    ["  recycled", formatEther(emission.recycledWei), "from the pool, first"],
    ["  minted", formatEther(emission.mintedWei), "the shortfall"],
    ["burned", formatEther(result.burnedUnmetQuotaWei), "shortfall of scores below the quality threshold"],
    ["burned", formatEther(result.burnedQualityPenaltyWei), "penalty on miners with poor scores"],
    [
      "miners",
      formatEther(miners.rewardsWei),
      `of ${formatEther(minerPoolWei)}, ${percentText(minerShareBps)} by ${minerWeight}${cap}`,
    ],
    [
      "validators",
      formatEther(validators.rewardsWei),
      `of ${formatEther(validatorPoolWei)}, ${percentText(validatorShareBps)}: ${validatorParts(validatorPools)}`,
    ],
    ["DAO", formatEther(result.daoWei), percentText(policy.daoShareBps)],
    ["returned", formatEther(result.returnedWei), "not earned by anyone, returned to the pool"],
  ];
}

function validatorParts({ presenceWei, scoringWei, dividendWei }: ValidatorPools): string {
  const dividends = dividendWei === 0n ? "" : `, ${formatEther(dividendWei)} by dividends`;
  return `${formatEther(presenceWei)} for presence, ${formatEther(scoringWei)} for scoring${dividends}`;
}

function rewardLines(title: string, rewards: readonly Reward[]): string[] {
  if (rewards.length === 0) return [];
  const most = rewards.toSorted((a, b) => Number(b.amountWei - a.amountWei)).slice(0, SHOWN_REWARDS);
  const hidden = rewards.length - most.length;
  return [
    "",
    `${title} (MDT)`,
    columns(most.map(({ account, amountWei }) => [`  ${account}`, formatEther(amountWei)])),
    ...(hidden === 0 ? [] : [`  and ${hidden} more`]),
  ];
}

function burnWarning({ policy }: EpochInputs): string[] {
  if (burnsWithinBound(policy)) return [];
  return [
    "",
    `This policy could burn more than ${percentText(MAX_BURN_BPS)} of an emission: the Treasury would refuse that.`,
  ];
}

function columns(lines: readonly Line[]): string {
  return renderColumns(
    ["left", "right", "left"],
    lines.map(([name, value, because = ""]) => [name, value, because]),
  );
}

function decimal(ratio: Ratio): string {
  return formatEther(wadDown(ratio));
}

const mdtColumn = (head: string, field: Exclude<keyof EpochFigures, "epoch">): FigureColumn => [
  head,
  (figures) => formatMdt(figures[field], 2),
];
type FigureColumn = readonly [head: string, cell: (figures: EpochFigures) => string];

const figureColumns: readonly FigureColumn[] = [
  ["epoch", ({ epoch }) => String(epoch)],
  [">utility", ({ utilityWad }) => formatWad(utilityWad)],
  [">quality", (figures) => (hasQuality(figures) ? formatWad(figures.qualityWad) : "–")],
  mdtColumn(">emission", "emissionWei"),
  mdtColumn(">minted", "mintedWei"),
  mdtColumn(">recycled", "recycledWei"),
  mdtColumn(">burned", "burnedWei"),
  mdtColumn(">miners", "minerRewardsWei"),
  mdtColumn(">validators", "validatorRewardsWei"),
  mdtColumn(">DAO", "daoWei"),
  mdtColumn(">returned", "returnedWei"),
  mdtColumn(">total supply", "totalSupplyWei"),
];

/** The columns of a table of epochs; a title that starts with ">" is aligned to the right. */
export const figureHeads = figureColumns.map(([head]) => head);

/** A row of that table, amounts in MDT. */
export function figureRow(figures: EpochFigures): readonly string[] {
  return figureColumns.map(([, cell]) => cell(figures));
}

/** A table with one row per epoch, amounts in MDT. */
export function describeFigures(epochs: readonly EpochFigures[]): string {
  if (epochs.length === 0) return "No epoch is settled yet.";
  return renderTable(figureHeads, epochs.map(figureRow));
}
