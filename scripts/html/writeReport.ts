import { join } from "node:path";
import { writeWhole } from "../keeper/textFile";
import { bundle } from "./bundle";
import { type ChartData } from "./chartData";
import { htmlFile, type Markup } from "./htmlFile";

/** A report before it is a file: its charts stand in the body by their places in the list. */
export interface Report {
  readonly title: string;
  readonly body: Markup;
  readonly charts: readonly ChartData[];
}

const entryFile = join(__dirname, "..", "page", "report", "main.ts");

/** A report as one HTML file that needs no network. */
export async function reportHtml({ title, body, charts }: Report): Promise<string> {
  return htmlFile({ title, body, data: charts, bundle: await bundle(entryFile) });
}

/** Writes a report to a file, whole or not at all. */
export async function writeReport(path: string, report: Report): Promise<void> {
  await writeWhole(path, [await reportHtml(report)]);
}
