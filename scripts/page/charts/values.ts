import { type ChartData, type ChartSeries } from "../../show/charts/chartData";

/** The range of an x axis: all points, with half a step more at each end for bars; a single point is in the middle. */
export function xRange(xs: readonly number[], hasBars: boolean): [number, number] {
  const [from, to] = [xs[0] ?? 0, xs.at(-1) ?? 1];
  const margin = hasBars ? stepOf(xs) / 2 : 0;
  return from === to ? [from - 0.5, to + 0.5] : [from - margin, to + margin];
}

/** The range of a y axis: from zero, because lengths are compared, unless `zoomed` to the values; with a margin. */
export function yRange(low: number | null, high: number | null, zoomed = false): [number, number] {
  if (zoomed && low !== null && high !== null && low < high) {
    const air = (high - low) * 0.08;
    return [low - air, high + air];
  }
  const bottom = Math.min(low ?? 0, 0);
  const top = Math.max(high ?? 0, 0);
  return bottom === 0 && top === 0 ? [0, 1] : [bottom * 1.08, top * 1.08];
}

function stepOf(xs: readonly number[]): number {
  return xs.length < 2 ? 1 : (xs.at(-1)! - xs[0]!) / (xs.length - 1);
}

/** The values to draw: as they are, or with every area and every row of bars stacked on the earlier of its kind. */
export function drawnValues({ series, stacked = false }: ChartData): readonly (readonly (number | null)[])[] {
  if (!stacked) return series.map(({ values }) => values);
  const tops = { area: [] as number[], bars: [] as number[] };
  return series.map(({ kind, values }) => {
    if (kind === "line") return values;
    return values.map((value, index) => {
      const top = (tops[kind][index] ?? 0) + (value ?? 0);
      tops[kind][index] = top;
      return value === null ? null : top;
    });
  });
}

/** All of them truncate, and never round up. */
const full = new Intl.NumberFormat("en", { maximumFractionDigits: 4, roundingMode: "trunc" });
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0, roundingMode: "trunc" });
const short = [2, 3, 4, 5, 6].map(
  (digits) =>
    new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: digits, roundingMode: "trunc" }),
);

/** A value with up to four decimals, from 1,000 on with none: "0.0672", "67.25", "13,614,381"; a dash for null. */
export function valueText(value: number | null): string {
  if (value === null) return "–";
  // Format the digits with which the number is written: truncating its binary value would turn 0.29 into 0.28.
  return (Math.abs(value) < 1_000 ? full : whole).format(`${value}`);
}

/** A value with its unit: "67 %", "1,234 MDT". */
export function valueWithUnit(value: number | null, unit: string): string {
  return unit === "" || value === null ? valueText(value) : `${valueText(value)} ${unit}`;
}

/** Short values for an axis: "1.2M", with as many digits as it takes to write all of them exactly. */
export function axisTexts(values: readonly number[]): readonly string[] {
  const texts = short.map((format) => values.map((value) => format.format(`${value}`)));
  return texts.find((row) => row.join() === texts.at(-1)!.join())!;
}

/** A chart in words, for people who can't see it: what it shows, over which range, and how each series develops. */
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
