import { type OnPending, type Pending } from "../chain/awaitReceipt";
import { durationText } from "./moments";

/** How a transaction waits, as what is said of it. */
export function pendingWords({ seconds, isKnown }: Omit<Pending, "hash">): string {
  const waited = `has waited ${durationText(seconds)} for its block`;
  return isKnown
    ? `${waited}.`
    : `${waited}, and the node does not know it any more: it was dropped or replaced. Look for it before you send it again.`;
}

/** Writes a line after a second, and again whenever the wait has doubled or the node has dropped the transaction. */
export function pendingLines(write: (line: string) => void): OnPending {
  let last: Pending | undefined;
  return (pending) => {
    const { hash, seconds, isKnown } = pending;
    if (last?.hash === hash && last.isKnown === isKnown && seconds < 2 * last.seconds) return;
    last = pending;
    write(`Transaction ${hash} ${pendingWords(pending)}\n`);
  };
}
