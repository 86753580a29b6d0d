import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Bundle } from "../../show/report/htmlFile";

/** What runs in a browser: the page, and the charts of a report. */
export type Asset = "page" | "report";

const entryFiles: Readonly<Record<Asset, string>> = {
  page: join(__dirname, "..", "app.tsx"),
  report: join(__dirname, "..", "report", "main.ts"),
};

/** The built program has the browser's part beside it; from sources it is bundled when it is asked for, in half a second. */
export async function readAsset(asset: Asset): Promise<Bundle> {
  const built = (extension: string): string => join(__dirname, "page", `${asset}.${extension}`);
  if (existsSync(built("js"))) {
    return { script: readFileSync(built("js"), "utf8"), style: readFileSync(built("css"), "utf8") };
  }
  const { bundle } = await import("./bundle");
  return bundle(entryFiles[asset]);
}
