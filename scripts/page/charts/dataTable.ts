import { type ChartData } from "../../show/charts/chartData";
import { element } from "./elements";
import { valueText } from "./numbers";

/** The chart's numbers as a table behind a disclosure; its rows are made when it is first opened, since there may be thousands. */
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
