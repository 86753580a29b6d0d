import { type ChartData } from "../../show/charts/chartData";
import { element } from "./elements";
import { valueText, valueWithUnit } from "./numbers";

/** The names of the series with their values at one x. */
export interface Legend {
  readonly root: HTMLElement;
  /** Shows the values at an index; of the last x where there is none. */
  show(index: number | null): void;
  /** The same in one sentence. */
  sentence(index: number): string;
}

/** Builds a chart's legend; swatches take their colours from the style sheet. */
export function createLegend({ xTitle, xs, unit, series }: ChartData): Legend {
  const place = element("span", "chart-place");
  const values = series.map(() => element("span", "chart-value"));
  const items = series.map(({ name, kind, dashed = false }, index) => {
    const swatch = element("span", `chart-swatch chart-swatch-${dashed ? "dashed" : kind}`);
    swatch.style.setProperty("--swatch", `var(--chart-${(index % 6) + 1})`);
    return element("li", "", swatch, element("span", "chart-name", name), values[index]!);
  });
  const legend: Legend = {
    root: element("div", "chart-legend", element("ul", "", ...items), place),
    show(index) {
      const at = index ?? xs.length - 1;
      place.textContent = xs[at] === undefined ? "" : `${xTitle} ${valueText(xs[at])}`;
      values.forEach((value, of) => {
        value.textContent = valueText(series[of]!.values[at] ?? null);
      });
    },
    sentence: (index) =>
      `${xTitle} ${xs[index]!}: ${series.map(({ name, values: all }) => `${name} ${valueWithUnit(all[index] ?? null, unit)}`).join(", ")}.`,
  };
  legend.show(null);
  return legend;
}
