import { type Asker, type AskingOptions } from "./asker";
import { openHttpAsker } from "./httpAsker";
import { openProgramAsker } from "./programAsker";

/** A source that says neither where to ask nor what to start. */
export class UnusableSourceError extends Error {
  override readonly name = "UnusableSourceError";
}

/**
 * @param source A URL over http or https, or else a command line for the shell.
 * @throws UnusableSourceError
 */
export function openAsker(source: string, options: AskingOptions): Asker {
  if (source.trim() === "") throw new UnusableSourceError("A URL or a command line is missing.");
  if (!/^https?:/i.test(source)) return openProgramAsker(source, options);
  if (!URL.canParse(source)) throw new UnusableSourceError(`${source} is not a URL.`);
  return openHttpAsker(new URL(source), options);
}
