import { type ChartData, type ChartSeries } from "../../show/charts/chartData";
import { valueWithUnit } from "./numbers";

/** A chart in words, for those who don't see it: what it shows, over what, and how each series runs. */
export function summaryOf({ title, xTitle, unit, xs, series }: ChartData): string {
  if (xs.length === 0) return `Chart: ${title}. There is no data yet.`;
  const x = xTitle.toLowerCase();
  const span = xs.length === 1 ? `${x} ${xs[0]!}` : `${x} ${xs[0]!} to ${xs.at(-1)!}`;
  return [`Chart: ${title}, ${span}.`, ...series.map((one) => seriesInWords(one, xs, x, unit))].join(" ");
}

function seriesInWords({ name, values }: ChartSeries, xs: readonly number[], x: string, unit: string): string {
  const points = values.flatMap((value, index) => (value === null ? [] : [{ value, at: `${x} ${xs[index]!}` }]));
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return `${name}: no values.`;
  const lowest = points.reduce((low, point) => (point.value < low.value ? point : low));
  const highest = points.reduce((high, point) => (point.value > high.value ? point : high));
  if (lowest.value === highest.value) return `${name}: ${valueWithUnit(first.value, unit)} throughout.`;
  return (
    `${name}: from ${valueWithUnit(first.value, unit)} to ${valueWithUnit(last.value, unit)}, ` +
    `lowest ${valueWithUnit(lowest.value, unit)} in ${lowest.at}, highest ${valueWithUnit(highest.value, unit)} in ${highest.at}.`
  );
}
