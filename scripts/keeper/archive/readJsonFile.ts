import { readFileSync } from "node:fs";
import { fileProblem } from "./fileProblem";

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
