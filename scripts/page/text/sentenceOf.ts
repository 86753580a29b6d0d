/** The first line of what an error says; viem's errors carry a shorter message made for people. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { shortMessage } = error as { shortMessage?: unknown };
  const message = typeof shortMessage === "string" ? shortMessage : error.message;
  return message.split("\n")[0] ?? message;
}
