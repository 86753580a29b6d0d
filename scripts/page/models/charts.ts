import { type ChartData, type ChartSeries, colours, mdtNumber, percentNumber } from "../../show/charts/chartData";
import { hasQuality } from "../../show/amounts";
import { type EpochsAnswer, type HistoryAnswer, type Schedule } from "../api";
import { sum } from "../../core/fixedPoint";

type Figures = EpochsAnswer["epochs"][number];

/** Settled epochs in four charts, each point for one epoch or for several. @param epochs In ascending order. */
export function networkCharts(epochs: readonly Figures[], schedule: Schedule): readonly ChartData[] {
  return [
    thinned(emissionChart(epochs, schedule), "mean"),
    thinned(utilityChart(epochs), "mean"),
    thinned(supplyChart(epochs), "last"),
    thinned(flowsChart(epochs), "last"),
  ];
}

function epochChart(
  title: string,
  unit: string,
  epochs: readonly Figures[],
  series: readonly ChartSeries[],
): ChartData {
  return { title, xTitle: "Epoch", unit, xs: epochs.map(({ epoch }) => epoch), series };
}

/** Emission of settled epochs by source, below the schedule's ceiling. */
export function emissionChart(epochs: readonly Figures[], schedule: Schedule): ChartData {
  const amounts = (name: string, colour: number, weiOf: (figures: Figures) => string): ChartSeries => {
    return { name, colour, kind: "bars", values: epochs.map((figures) => mdtNumber(BigInt(weiOf(figures)))) };
  };
  const ceiling: ChartSeries = {
    name: "Ceiling",
    colour: colours.reference,
    kind: "line",
    dashed: true,
    values: epochs.map(({ epoch }) => mdtNumber(ceilingWei(schedule, epoch))),
  };
  const series = [
    amounts("Minted", colours.minted, ({ mintedWei }) => mintedWei),
    amounts("Recycled", colours.recycled, ({ recycledWei }) => recycledWei),
    ceiling,
  ];
  return { ...epochChart("Emission and its ceiling", "MDT", epochs, series), stacked: true };
}

/** Utility and quality of settled epochs, in percent. */
function utilityChart(epochs: readonly Figures[]): ChartData {
  const quality = (figures: Figures) => (hasQuality(figures) ? percentNumber(BigInt(figures.qualityWad)) : null);
  return epochChart("Utility and quality", "%", epochs, [
    { name: "Utility", kind: "line", values: epochs.map(({ utilityWad }) => percentNumber(BigInt(utilityWad))) },
    { name: "Quality", kind: "line", values: epochs.map(quality) },
  ]);
}

/** The supply right after each settlement. */
function supplyChart(epochs: readonly Figures[]): ChartData {
  const values = epochs.map(({ totalSupplyWei }) => mdtNumber(BigInt(totalSupplyWei)));
  return { ...epochChart("Supply", "MDT", epochs, [{ name: "Total supply", kind: "line", values }]), zoomed: true };
}

/** What settlements minted, recycled and burned, added up from the first epoch shown. */
export function flowsChart(epochs: readonly Figures[]): ChartData {
  const sums = (name: string, colour: number, weiOf: (figures: Figures) => string): ChartSeries => {
    let sumWei = 0n;
    const values = epochs.map((figures) => {
      sumWei += BigInt(weiOf(figures));
      return mdtNumber(sumWei);
    });
    return { name, colour, kind: "line", values };
  };
  return epochChart("Minted, recycled and burned so far", "MDT", epochs, [
    sums("Minted", colours.minted, ({ mintedWei }) => mintedWei),
    sums("Recycled", colours.recycled, ({ recycledWei }) => recycledWei),
    sums("Burned", colours.burned, ({ burnedWei }) => burnedWei),
  ]);
}

/** Maximum points of a chart: a screen can't distinguish more. */
export const mostPoints = 150;

/**
 * The same chart with at most `mostPoints` points, each for the same number of epochs in a row, named by the last.
 * @param taken What a point shows of its epochs: their mean, or the last value.
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

/** After this many halvings any amount that fits into a word of the EVM is zero. */
const halvingsToZero = 256;

/** The most that an epoch may emit: ⌊base reward / 2^halvings⌋, as `Treasury.emissionCeiling` computes it. */
export function ceilingWei({ baseRewardWei, halvingIntervalEpochs }: Schedule, epoch: number): bigint {
  return baseRewardWei >> BigInt(Math.min(Math.floor(epoch / halvingIntervalEpochs), halvingsToZero));
}

/** What an account earned in each epoch, by role; null if there are fewer than two epochs, or nothing was earned. */
export function earnedChart(epochs: HistoryAnswer["epochs"]): ChartData | null {
  const known = epochs.flatMap((one) => (one.kind === "known" ? [one] : [])).toSorted((a, b) => a.epoch - b.epoch);
  if (known.length < 2 || known.every(({ earnedWei }) => earnedWei === "0")) return null;
  const bars = (name: string, colour: number, weiOf: (one: (typeof known)[number]) => bigint) => {
    const values = known.map((one) => mdtNumber(weiOf(one)));
    return values.every((value) => value === 0) ? [] : [{ name, colour, kind: "bars" as const, values }];
  };
  const stakedWei = ({ stakes }: (typeof known)[number], as: string): bigint =>
    sum(stakes.filter((stake) => stake.as === as).map(({ amountWei }) => BigInt(amountWei)));
  return {
    title: "Earned",
    xTitle: "Epoch",
    unit: "MDT",
    stacked: true,
    xs: known.map(({ epoch }) => epoch),
    series: [
      ...bars("As a miner", colours.miners, ({ miner }) => BigInt(miner?.amountWei ?? 0)),
      ...bars("As a validator", colours.validators, (one) => stakedWei(one, "validator")),
      ...bars("As a delegator", colours.delegators, (one) => stakedWei(one, "delegator")),
    ],
  };
}
