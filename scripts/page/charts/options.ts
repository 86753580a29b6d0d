import uPlot from "uplot";
import { type ChartData, type ChartSeries } from "../../show/charts/chartData";
import { axisTexts, xRange, yRange } from "./values";

/** The colours that the style sheet in force gives a chart. */
export interface Colours {
  readonly series: readonly string[];
  readonly grid: string;
  readonly text: string;
  readonly surface: string;
  readonly font: string;
}

/** Reads the theme's custom properties as they are now, light or dark. */
export function coloursOf(element: HTMLElement): Colours {
  const style = getComputedStyle(element);
  const property = (name: string): string => style.getPropertyValue(name).trim();
  return {
    series: Array.from({ length: 7 }, (_, index) => property(`--chart-${index + 1}`)),
    grid: property("--chart-grid"),
    text: property("--muted"),
    surface: property("--surface"),
    font: `12px ${property("--font")}`,
  };
}

const wholeSteps = [1, 2, 5]
  .flatMap((step) => Array.from({ length: 9 }, (_, zeros) => step * 10 ** zeros))
  .sort((a, b) => a - b);

/** How uPlot shall draw a chart; piled series last first, so that each covers the lower part of the one above it. */
export function optionsOf(
  chart: ChartData,
  order: readonly number[],
  shown: readonly boolean[],
  colours: Colours,
  onCursor: (index: number | null) => void,
): Omit<uPlot.Options, "width" | "height"> {
  const hasBars = chart.series.some(({ kind }) => kind === "bars");
  const axis = { font: colours.font, stroke: colours.text, ticks: { show: false }, gap: 6 };
  const grid = { stroke: colours.grid, width: 1 };
  const isWhole = chart.xs.every((x) => Number.isInteger(x));
  return {
    padding: [12, 12, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false },
      points: { size: 8, width: 2, stroke: colours.surface },
    },
    scales: {
      x: { time: false, range: () => xRange(chart.xs, hasBars) },
      y: { range: (_chart, low, high) => yRange(low, high, chart.zoomed) },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 26,
        space: 56,
        label: chart.xTitle,
        labelFont: colours.font,
        labelSize: 18,
        labelGap: 0,
        ...(isWhole ? { incrs: wholeSteps } : {}),
      },
      {
        ...axis,
        grid,
        size: chart.zoomed === true ? 80 : 52,
        space: 44,
        values: (_chart, splits) => [...axisTexts(splits)],
      },
    ],
    series: [
      {},
      ...order.map((index) => {
        const one = chart.series[index]!;
        const colour = colours.series[one.colour ?? index % 6]!;
        return { ...seriesOptions(one, colour, chart.stacked === true), show: shown[index]! };
      }),
    ],
    hooks: {
      setCursor: [
        ({ cursor }) => {
          onCursor(cursor.idx ?? null);
        },
      ],
    },
  };
}

function seriesOptions({ kind, dashed = false }: ChartSeries, colour: string, stacked: boolean): uPlot.Series {
  const common = { stroke: colour, width: 2, points: { show: false } };
  if (kind === "bars") {
    return {
      ...common,
      width: 0,
      fill: colour,
      paths: uPlot.paths.bars!({ size: [0.7, 36], radius: stacked ? 0 : 0.15 }),
    };
  }
  const dotted = { ...common, points: { size: 5, fill: colour } };
  if (kind === "area") return stacked ? { ...common, fill: colour } : { ...dotted, fill: `${colour}26` };
  return dashed ? { ...common, width: 1.5, dash: [6, 5] } : dotted;
}
