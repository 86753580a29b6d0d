import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Bundle, htmlFile, type Report } from "../../show/report/htmlFile";
import { writeWhole } from "../../keeper/archive/textFile";

/** What runs in a browser: the page, and the charts of a report. */
type Asset = "page" | "report";

const entryFiles: Readonly<Record<Asset, string>> = {
  page: join(__dirname, "..", "app.tsx"),
  report: join(__dirname, "..", "report.ts"),
};

/** The script and style of an asset: beside the built program, or bundled from sources on request, in half a second. */
export async function readAsset(asset: Asset): Promise<Bundle> {
  const built = (extension: string): string => join(__dirname, "page", `${asset}.${extension}`);
  if (existsSync(built("js"))) {
    return { script: readFileSync(built("js"), "utf8"), style: readFileSync(built("css"), "utf8") };
  }
  const { bundle } = await import("./bundle");
  return bundle(entryFiles[asset]);
}

/** A report as one HTML file that needs no network. */
export async function reportHtml({ title, body, charts }: Report): Promise<string> {
  return htmlFile({ title, body, data: charts, bundle: await readAsset("report") });
}

/** Writes a report to a file, whole or not at all. */
export async function writeReport(path: string, report: Report): Promise<void> {
  await writeWhole(path, [await reportHtml(report)]);
}
