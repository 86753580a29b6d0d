import { type ChartData } from "../../show/charts/chartData";
import { valueText, valueWithUnit } from "./values";

/** A new element with its class, and text or children inside; text is never read as markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...content: readonly (string | Node)[]
): HTMLElementTagNameMap[K] {
  const created = document.createElement(tag);
  if (className !== "") created.className = className;
  created.append(...content);
  return created;
}

/**
 * Builds a chart's legend: the series' names with their values at one x; the style sheet gives swatches their colours.
 * @param onSelect Called when a reader shows or hides a series.
 */
export function createLegend(
  { xTitle, xs, unit, series, selectable = false }: ChartData,
  onSelect: (index: number, isShown: boolean) => void,
) {
  const place = element("span", "chart-place");
  const values = series.map(() => element("span", "chart-value"));
  const items = series.map(({ name, kind, dashed = false, colour, hidden = false }, index) => {
    const swatch = element("span", `chart-swatch chart-swatch-${dashed ? "dashed" : kind}`);
    swatch.style.setProperty("--swatch", `var(--chart-${(colour ?? index % 6) + 1})`);
    const names = [swatch, element("span", "chart-name", name)];
    if (!selectable) return element("li", "", ...names, values[index]!);
    const box = element("input", "");
    box.type = "checkbox";
    box.checked = !hidden;
    box.addEventListener("change", () => {
      onSelect(index, box.checked);
    });
    return element("li", "", element("label", "", box, ...names), values[index]!);
  });
  const legend = {
    root: element("div", "chart-legend", element("ul", "", ...items), place),
    /** Shows the values at an index; at the last x if it is null. */
    show(index: number | null): void {
      const at = index ?? xs.length - 1;
      place.textContent = xs[at] === undefined ? "" : `${xTitle} ${valueText(xs[at])}`;
      values.forEach((value, of) => {
        value.textContent = valueText(series[of]!.values[at] ?? null);
      });
    },
    /** The same in one sentence. */
    sentence: (index: number): string =>
      `${xTitle} ${xs[index]!}: ${series.map(({ name, values: all }) => `${name} ${valueWithUnit(all[index] ?? null, unit)}`).join(", ")}.`,
  };
  legend.show(null);
  return legend;
}

/**
 * The chart's numbers as a table behind a disclosure; rows are made when it is first opened: there may be thousands.
 */
export function createDataTable(chart: ChartData): HTMLElement {
  const details = element("details", "chart-data", element("summary", "", "Show as a table"));
  const fill = (): void => {
    details.append(tableOf(chart));
  };
  details.addEventListener("toggle", fill, { once: true });
  return details;
}

function tableOf({ title, xTitle, unit, xs, series }: ChartData): HTMLElement {
  const caption = element("caption", "hidden", unit === "" ? title : `${title}, in ${unit}`);
  const heads = [xTitle, ...series.map(({ name }) => name)].map((name, index) => {
    const head = element("th", index === 0 ? "" : "number", name);
    head.scope = "col";
    return head;
  });
  const rows = xs.map((x, index) => {
    const head = element("th", "", String(x));
    head.scope = "row";
    const cells = series.map(({ values }) => element("td", "number", valueText(values[index] ?? null)));
    return element("tr", "", head, ...cells);
  });
  const table = element(
    "table",
    "",
    caption,
    element("thead", "", element("tr", "", ...heads)),
    element("tbody", "", ...rows),
  );
  const scroll = element("div", "scroll chart-table", table);
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "region");
  scroll.setAttribute("aria-label", `${title}: the numbers`);
  return scroll;
}
