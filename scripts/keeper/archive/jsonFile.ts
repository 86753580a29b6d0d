/** JSON files: how they are read, how their problems are worded, and what happens to those that can't be used. */
import { constants } from "node:buffer";
import { statSync, existsSync, renameSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { parseJson, RefusedInputError } from "../../core/strictJson";
import { readPieces } from "./textFile";

/** What the system's error codes mean to someone who named a file, and what to do. */
const meanings: Readonly<Record<string, string>> = {
  ENOENT: "the file does not exist: check the name",
  EISDIR: "it is a directory: name a file",
  EEXIST: "part of its path is a file, not a directory: check the name",
  ENOTDIR: "part of its path is a file, not a directory: check the name",
  EACCES: "permission denied: change its permissions, or choose another place",
  EPERM: "permission denied: change its permissions, or choose another place",
  EROFS: "the place is read-only: choose another",
  ENOSPC: "the disk is full: make room, or choose another place",
};

/** Why a file could not be read or written, in words; `undefined` for an error that is not about a file. */
export function fileProblem(error: unknown): string | undefined {
  const { code } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  return code === undefined ? undefined : meanings[code];
}

/** The same as a sentence, with the file's name if the system gave it, and without the suffix of unfinished files. */
export function fileSentence(error: unknown): string | undefined {
  const problem = fileProblem(error);
  if (problem === undefined) return undefined;
  const { path, dest } = error as { readonly path?: string; readonly dest?: string };
  const file = dest ?? path?.replace(/\.\d+\.\d+\.unfinished$/, "") ?? "a file";
  return `Can't read or write ${file}: ${problem}.`;
}

/** A file that is not there, can't be opened, is too large, or holds no JSON. */
export class UnreadableFileError extends Error {
  override readonly name = "UnreadableFileError";

  /** @param problem What is wrong, as the rest of a sentence that begins with the path. */
  constructor(
    readonly path: string,
    readonly problem: string,
  ) {
    super(`The file ${path} ${problem}.`);
  }
}

/** The longest string that the runtime can hold. */
const longestText = constants.MAX_STRING_LENGTH;

/** Maximum size of files that people write by hand: policies, scenarios and networks. */
export const handwrittenBytes = 1 << 20;

/**
 * The JSON value in a file, which may begin with a byte order mark.
 * @param mostBytes A larger file is refused without being read.
 * @throws UnreadableFileError, which names the file, also if an object in it gives a field twice.
 */
export function readJsonFile(path: string, mostBytes = longestText): unknown {
  const text = readText(path, mostBytes);
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof RefusedInputError)
      throw new UnreadableFileError(path, `contains the field ${error.field} twice`);
    throw new UnreadableFileError(path, `is not JSON: ${reasonOf(error)}`);
  }
}

/** The text of a file or a pipe; reading stops as soon as there is too much. */
function readText(path: string, mostBytes: number): string {
  const tooLarge = new UnreadableFileError(path, `is too large: the limit is ${mostBytes} bytes`);
  try {
    if (statSync(path).size > mostBytes) throw tooLarge;
    let text = "";
    for (const piece of readPieces(path)) {
      if (text.length + piece.length > mostBytes) throw tooLarge;
      text += piece;
    }
    return text;
  } catch (error) {
    if (error instanceof UnreadableFileError) throw error;
    throw new UnreadableFileError(path, `can't be read: ${fileProblem(error) ?? reasonOf(error)}`);
  }
}

/** In one line: the parser may quote parts of the file that hold line breaks. */
function reasonOf(error: unknown): string {
  return (error as Error).message.replaceAll(/\s+/g, " ");
}

/**
 * Renames a file that can't be used to `<name>.set-aside`, so that it is out of the way and can still be inspected. An
 * earlier one of that name is replaced.
 * @param reason What is wrong with it, as the rest of a sentence that begins with the path: `is not JSON`.
 * @param then How the sentence ends.
 * @returns The sentence, for people.
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
 * The JSON value in a file that this program wrote itself; undefined if there is none.
 * @throws UnreadableFileError
 */
export function readOwnJson(path: string, mostBytes?: number): unknown {
  if (!existsSync(path)) return undefined;
  requireFile(path);
  return readJsonFile(path, mostBytes);
}

/** Reading a pipe could wait for ever. @throws UnreadableFileError if the path is anything but a file. */
export function requireFile(path: string): void {
  if (!statSync(path).isFile()) throw new UnreadableFileError(path, "is not a file");
}
