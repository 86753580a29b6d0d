import { writeWhole } from "../../keeper/archive/textFile";
import { readAsset } from "./assets";
import { htmlFile, type Report } from "../../show/report/htmlFile";

/** A report as one HTML file that needs no network. */
export async function reportHtml({ title, body, charts }: Report): Promise<string> {
  return htmlFile({ title, body, data: charts, bundle: await readAsset("report") });
}

/** Writes a report to a file, whole or not at all. */
export async function writeReport(path: string, report: Report): Promise<void> {
  await writeWhole(path, [await reportHtml(report)]);
}
