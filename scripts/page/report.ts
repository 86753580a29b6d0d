import "./theme.css";
import "./report.css";
import { type ChartData } from "../show/charts/chartData";
import { drawChart } from "./charts/drawChart";

/** Draws a report's charts into the elements that name them: `data-chart` holds a chart's place in the list. */
const charts = JSON.parse(document.getElementById("data")!.textContent) as readonly ChartData[];
for (const container of document.querySelectorAll<HTMLElement>("[data-chart]")) {
  drawChart(container, charts[Number(container.dataset.chart)]!);
}
