import { BaseError } from "viem";

/** Why something failed, in one line: viem's short message with the node's own words, or the error's first line. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const words = error instanceof BaseError ? wordsOf(error) : [error.message];
  const lines = words.map((text) => text.split("\n")[0]!.trim()).filter((line) => line !== "");
  return [...new Set(lines)].join(" ") || error.name;
}

/** viem's type says that there are always details, but an error without a cause has none. */
function wordsOf({ shortMessage, details }: { readonly shortMessage: string; readonly details?: string }): string[] {
  return details === undefined ? [shortMessage] : [shortMessage, details];
}
