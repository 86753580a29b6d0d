import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import "./charts.css";
import { type ChartData, type ChartSeries } from "../../show/charts/chartData";
import { createDataTable, createLegend, element } from "./legend";
import { axisTexts, drawnValues, summaryOf, xRange, yRange } from "./values";

/** A chart in the page, until it is destroyed. */
interface DrawnChart {
  /** Takes the chart out of the page and stops listening. */
  destroy(): void;
}

/**
 * Draws a chart as wide as its container: title, legend with the values under the cursor, curves, and the same numbers
 * as a table. It follows the container's width and the choice of light or dark.
 *
 * Screen readers get the chart's summary. Arrow keys, Home and End move along the x axis, and read out the values.
 */
export function drawChart(container: HTMLElement, chart: ChartData): DrawnChart {
  const legend = createLegend(chart, (index, isShown) => {
    canvas.select(index, isShown);
  });
  const plot = element("div", "chart-plot");
  plot.tabIndex = 0;
  plot.setAttribute("role", "img");
  plot.setAttribute("aria-label", summaryOf(chart));
  const spoken = element("div", "hidden");
  spoken.setAttribute("aria-live", "polite");
  const heading = element("div", "chart-heading", element("h3", "", chart.title), element("span", "muted", chart.unit));
  const figure = element("figure", "chart", heading, legend.root, plot, spoken, createDataTable(chart));
  container.append(figure);

  const canvas = keepDrawn(plot, chart, (index) => {
    legend.show(index);
  });
  plot.addEventListener("keydown", (event) => {
    const index = indexAfter(event.key, canvas.current().cursor.idx ?? null, chart.xs.length);
    if (index === null) return;
    event.preventDefault();
    moveCursor(canvas.current(), index);
    spoken.textContent = legend.sentence(index);
  });
  return {
    destroy() {
      canvas.stop();
      figure.remove();
    },
  };
}

/** Draws into `plot`, draws again when light or dark is chosen, and resizes when its width changes. */
function keepDrawn(plot: HTMLElement, chart: ChartData, onCursor: (index: number | null) => void) {
  const order = chart.series.map((_, index) => index).reverse();
  const shown = chart.series.map(({ hidden = false }) => !hidden);
  const values = drawnValues(chart);
  const data: uPlot.AlignedData = [[...chart.xs], ...order.map((index) => [...values[index]!])];
  const draw = (): uPlot =>
    new uPlot({ ...optionsOf(chart, order, shown, coloursOf(plot), onCursor), ...sizeOf(plot) }, data, plot);

  let drawn = draw();
  const sizes = new ResizeObserver(() => {
    drawn.setSize(sizeOf(plot));
  });
  sizes.observe(plot);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const redraw = (): void => {
    drawn.destroy();
    drawn = draw();
  };
  dark.addEventListener("change", redraw);
  return {
    current: () => drawn,
    select(index: number, isShown: boolean) {
      shown[index] = isShown;
      drawn.setSeries(order.indexOf(index) + 1, { show: isShown });
    },
    stop() {
      sizes.disconnect();
      dark.removeEventListener("change", redraw);
      drawn.destroy();
    },
  };
}

function sizeOf({ clientWidth }: HTMLElement): { width: number; height: number } {
  return { width: clientWidth, height: clientWidth < 480 ? 220 : 260 };
}

/** The index to which a key moves the cursor; null for any other key, and if there are no points. */
function indexAfter(key: string, from: number | null, count: number): number | null {
  const last = count - 1;
  const target = { ArrowLeft: (from ?? count) - 1, ArrowRight: (from ?? -1) + 1, Home: 0, End: last }[key];
  return target === undefined || count === 0 ? null : Math.min(Math.max(target, 0), last);
}

function moveCursor(drawn: uPlot, index: number): void {
  const left = drawn.valToPos(drawn.data[0][index]!, "x");
  drawn.setCursor({ left, top: drawn.over.clientHeight / 2 });
}

/** Reads the theme's custom properties as they are now, light or dark. */
function coloursOf(element: HTMLElement) {
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

/** uPlot's options for a chart; series come last first, so that stacked ones cover the lower part of the one above. */
function optionsOf(
  chart: ChartData,
  order: readonly number[],
  shown: readonly boolean[],
  colours: ReturnType<typeof coloursOf>,
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
