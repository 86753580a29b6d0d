import { existsSync, renameSync, rmSync, statSync } from "node:fs";
import { basename } from "node:path";
import { fileProblem, readJsonFile, UnreadableFileError } from "./readJsonFile";

/**
 * Renames what can't be used to `<name>.set-aside`, so that it stands in nobody's way and can still be looked at. An
 * earlier one of that name is replaced.
 * @param reason What is wrong with it, as the rest of a sentence that begins with the path: `is not JSON`.
 * @param then How the sentence ends.
 * @returns The sentence, for a person to be told.
 */
export function setAside(path: string, reason: string, then = " and created again"): string {
  const place = `${path}.set-aside`;
  try {
    rmSync(place, { recursive: true, force: true });
    renameSync(path, place);
    return `${path} ${reason}; it is set aside as ${basename(place)}${then}.`;
  } catch (error) {
    return `${path} ${reason}, and can't be set aside as ${basename(place)}: ${fileProblem(error) ?? (error as Error).message}.`;
  }
}

/**
 * The JSON value in a file that this program wrote itself; undefined where there is none.
 * @throws UnreadableFileError
 */
export function readOwnJson(path: string, mostBytes?: number): unknown {
  if (!existsSync(path)) return undefined;
  requireFile(path);
  return readJsonFile(path, mostBytes);
}

/** A pipe would be waited for. @throws UnreadableFileError for whatever else stands in a file's place. */
export function requireFile(path: string): void {
  if (!statSync(path).isFile()) throw new UnreadableFileError(path, "is not a file");
}
