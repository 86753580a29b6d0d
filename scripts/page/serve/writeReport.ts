import { join } from "node:path";
import { writeWhole } from "../../keeper/archive/textFile";
import { bundle } from "./bundle";
import { htmlFile, type Report } from "../../show/report/htmlFile";

const entryFile = join(__dirname, "..", "report", "main.ts");

/** A report as one HTML file that needs no network. */
export async function reportHtml({ title, body, charts }: Report): Promise<string> {
  return htmlFile({ title, body, data: charts, bundle: await bundle(entryFile) });
}

/** Writes a report to a file, whole or not at all. */
export async function writeReport(path: string, report: Report): Promise<void> {
  await writeWhole(path, [await reportHtml(report)]);
}
