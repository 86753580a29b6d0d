import { type ChartData, colours, mdtNumber, percentNumber } from "../../show/charts/chartData";
import { hasQuality } from "../../show/amounts";
import { type EpochsAnswer, type Schedule } from "../api/answers";

type Figures = EpochsAnswer["epochs"][number];

/** Emission of settled epochs, by where it came from, below what the schedule allowed. @param epochs In ascending order. */
export function emissionChart(epochs: readonly Figures[], schedule: Schedule): ChartData {
  return {
    title: "Emission and its ceiling",
    xTitle: "Epoch",
    unit: "MDT",
    xs: epochs.map(({ epoch }) => epoch),
    stacked: true,
    series: [
      {
        name: "Minted",
        colour: colours.minted,
        kind: "bars",
        values: epochs.map(({ mintedWei }) => mdtNumber(BigInt(mintedWei))),
      },
      {
        name: "Recycled",
        colour: colours.recycled,
        kind: "bars",
        values: epochs.map(({ recycledWei }) => mdtNumber(BigInt(recycledWei))),
      },
      {
        name: "Ceiling",
        colour: colours.reference,
        kind: "line",
        dashed: true,
        values: epochs.map(({ epoch }) => mdtNumber(ceilingWei(schedule, epoch))),
      },
    ],
  };
}

/** Utility and quality of settled epochs, in percent. */
export function utilityChart(epochs: readonly Figures[]): ChartData {
  return {
    title: "Utility and quality",
    xTitle: "Epoch",
    unit: "%",
    xs: epochs.map(({ epoch }) => epoch),
    series: [
      { name: "Utility", kind: "line", values: epochs.map(({ utilityWad }) => percentNumber(BigInt(utilityWad))) },
      { name: "Quality", kind: "line", values: epochs.map(qualityPercent) },
    ],
  };
}

function qualityPercent(figures: Figures): number | null {
  return hasQuality(figures) ? percentNumber(BigInt(figures.qualityWad)) : null;
}

/** The supply right after each settlement. */
export function supplyChart(epochs: readonly Figures[]): ChartData {
  return {
    title: "Supply",
    xTitle: "Epoch",
    unit: "MDT",
    zoomed: true,
    xs: epochs.map(({ epoch }) => epoch),
    series: [
      {
        name: "Total supply",
        kind: "line",
        values: epochs.map(({ totalSupplyWei }) => mdtNumber(BigInt(totalSupplyWei))),
      },
    ],
  };
}

/** What settlements minted, recycled and burned, added up from the first epoch shown. */
export function flowsChart(epochs: readonly Figures[]): ChartData {
  return {
    title: "Minted, recycled and burned so far",
    xTitle: "Epoch",
    unit: "MDT",
    xs: epochs.map(({ epoch }) => epoch),
    series: [
      {
        name: "Minted",
        colour: colours.minted,
        kind: "line",
        values: runningSums(epochs.map(({ mintedWei }) => mintedWei)),
      },
      {
        name: "Recycled",
        colour: colours.recycled,
        kind: "line",
        values: runningSums(epochs.map(({ recycledWei }) => recycledWei)),
      },
      {
        name: "Burned",
        colour: colours.burned,
        kind: "line",
        values: runningSums(epochs.map(({ burnedWei }) => burnedWei)),
      },
    ],
  };
}

/** More points than these a screen can't distinguish. */
export const mostPoints = 150;

/**
 * The same chart with at most `mostPoints` points, each for as many epochs in a row, named by the last of them.
 * @param taken What a point shows of its epochs: their mean, or where they led to.
 */
export function thinned(chart: ChartData, taken: "mean" | "last"): ChartData {
  const size = Math.ceil(chart.xs.length / mostPoints);
  if (size <= 1) return chart;
  // Counted from the newest, so that only the oldest point may stand for fewer.
  const first = chart.xs.length % size;
  const starts = chart.xs.flatMap((_, index) => (index % size === first || index === 0 ? [index] : []));
  const groupsOf = <T>(values: readonly T[]) => starts.map((from, i) => values.slice(from, starts[i + 1]));
  const pointOf = (group: readonly (number | null)[]): number | null => {
    if (taken === "last") return group.at(-1) ?? null;
    const known = group.filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((total, value) => total + value, 0) / known.length;
  };
  return {
    ...chart,
    title: taken === "mean" ? `${chart.title}, mean of ${size} epochs` : chart.title,
    xs: groupsOf(chart.xs).map((group) => group.at(-1)!),
    series: chart.series.map((one) => ({ ...one, values: groupsOf(one.values).map(pointOf) })),
  };
}

function runningSums(amountsWei: readonly string[]): readonly number[] {
  let sumWei = 0n;
  return amountsWei.map((amountWei) => {
    sumWei += BigInt(amountWei);
    return mdtNumber(sumWei);
  });
}

/** After this many halvings nothing is left of any amount that a word of the EVM can hold. */
const halvingsToZero = 256;

/** The most that an epoch may emit: ⌊base reward / 2^halvings⌋, as `Treasury.emissionCeiling` has it. */
export function ceilingWei({ baseRewardWei, halvingIntervalEpochs }: Schedule, epoch: number): bigint {
  return baseRewardWei >> BigInt(Math.min(Math.floor(epoch / halvingIntervalEpochs), halvingsToZero));
}
