import { BaseError } from "viem";

/** Why something failed, in one line: viem's short message with the node's own words, or the error's first line. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const words = error instanceof BaseError ? [error.shortMessage, error.details] : [error.message];
  const lines = words.map((text) => text.split("\n")[0]!.trim()).filter((line) => line !== "");
  return [...new Set(lines)].join(" ") || error.name;
}
