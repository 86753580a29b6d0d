import { formatEther } from "viem";

/**
 * What a chart shows, for the page in the browser and for reports written by a command.
 *
 * Its numbers are doubles, good for drawing and nothing else: the texts and tables beside a chart are made of exact amounts.
 */
export interface ChartData {
  readonly title: string;
  /** Title of the x axis, in the singular: "Epoch", "Year". */
  readonly xTitle: string;
  /** The unit of every value: "MDT", "%", or empty for a bare number. */
  readonly unit: string;
  /** In ascending order. */
  readonly xs: readonly number[];
  /** At most six, because a reader can't distinguish more colours. */
  readonly series: readonly ChartSeries[];
  /** Areas and bars are stacked on those before them; otherwise they all stand on zero. Lines never are. */
  readonly stacked?: boolean;
  /** For lines only: the y axis begins near the lowest value, not at zero, because the values change little. */
  readonly zoomed?: boolean;
  /** The legend has a box to show or hide each series; the y axis follows those shown. Not for stacked charts. */
  readonly selectable?: boolean;
}

/** One curve, area or row of bars. */
export interface ChartSeries {
  readonly name: string;
  /** One per x; null if there is none, which leaves a gap. */
  readonly values: readonly (number | null)[];
  readonly kind: "line" | "area" | "bars";
  /** A line for reference: a ceiling, a threshold, a schedule to compare with. */
  readonly dashed?: boolean;
  /** In a selectable chart: not drawn until a reader asks for it. */
  readonly hidden?: boolean;
  /** One of `colours`; if omitted, by its place in the chart. */
  readonly colour?: number;
}

/**
 * Places in the theme's colours, from 0: what several charts show has one colour in all of them; a reference is grey.
 */
export const colours = {
  minted: 0,
  recycled: 1,
  burned: 2,
  miners: 3,
  validators: 4,
  delegators: 5,
  dao: 5,
  returned: 1,
  reference: 6,
} as const;

/** An amount in MDT as the nearest double, for drawing only. */
export function mdtNumber(amountWei: bigint): number {
  return Number(formatEther(amountWei));
}

/** A ratio in WAD as percent, for drawing only. */
export function percentNumber(ratioWad: bigint): number {
  return Number(formatEther(ratioWad * 100n));
}
