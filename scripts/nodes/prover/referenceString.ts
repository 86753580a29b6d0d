import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { circuitsDirectory, defaultDataDirectory } from "../../config/folders";

/** The common reference string that proofs are made with, in Barretenberg's files. */
export interface ReferenceString {
  readonly directory: string;
  /** Whether it is the one for development, which is made there when it is first needed. */
  readonly isForDevelopment: boolean;
}

/**
 * The one that somebody names; on a local network else the one for development.
 * @param dataRoot Content of MDT_DATA.
 * @returns Undefined where nobody named one, and a proof for development would be refused.
 */
export function referenceStringOf(
  named: string | undefined,
  network: string,
  dataRoot: string | undefined,
): ReferenceString | undefined {
  if (named !== undefined) return { directory: resolve(named), isForDevelopment: false };
  if (network !== "local") return undefined;
  return { directory: join(resolve(dataRoot ?? defaultDataDirectory), "crs"), isForDevelopment: true };
}

/** Makes one for development, unless there is one of this many points. It takes 0.4 ms a point. */
export async function makeDevelopmentCrs(directory: string, points: number): Promise<void> {
  const program = join(circuitsDirectory, "crs.mjs");
  await promisify(execFile)(process.execPath, [program, "make", directory, `${points}`]);
}
