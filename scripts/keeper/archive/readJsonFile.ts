import { readFileSync } from "node:fs";

/** What the system's error codes mean for whoever named a file, and what helps. */
const meanings: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file: check the name",
  EISDIR: "it is a directory: name a file in it",
  EEXIST: "a part of its path is a file, not a directory: check the name",
  ENOTDIR: "a part of its path is a file, not a directory: check the name",
  EACCES: "this user may not: change its permissions, or choose another place",
  EPERM: "this user may not: change its permissions, or choose another place",
  EROFS: "nothing can be written there: choose another place",
  ENOSPC: "the disk is full: make room, or choose another place",
};

/** Why a file could not be read or written, in words; `undefined` for an error that is not about a file. */
export function fileProblem(error: unknown): string | undefined {
  const { code } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  return code === undefined ? undefined : meanings[code];
}

/** The same as a sentence, with the file's name, if the system said it, without what it carries while it is being written. */
export function fileSentence(error: unknown): string | undefined {
  const problem = fileProblem(error);
  if (problem === undefined) return undefined;
  const { path, dest } = error as { readonly path?: string; readonly dest?: string };
  const file = dest ?? path?.replace(/\.\d+\.\d+\.unfinished$/, "") ?? "a file";
  return `Can't read or write ${file}: ${problem}.`;
}

/** A file that is not there, can't be opened, or holds no JSON. */
export class UnreadableFileError extends Error {
  override readonly name = "UnreadableFileError";
}

/** The JSON value in a file. Throws UnreadableFileError, which names the file. */
export function readJsonFile(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const reason = fileProblem(error) ?? reasonOf(error);
    throw new UnreadableFileError(`The file ${path} can't be read: ${reason}.`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnreadableFileError(`The file ${path} is not JSON: ${reasonOf(error)}.`);
  }
}

/** In one line: what the parser quotes of a file may hold line breaks. */
function reasonOf(error: unknown): string {
  return (error as Error).message.replaceAll(/\s+/g, " ");
}
