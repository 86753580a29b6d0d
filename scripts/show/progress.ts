import { type OnProgress } from "../core/progress";
import { durationText } from "./moments";
import { type OnPending, type Pending } from "../chain/transact";

const lineEveryMilliseconds = 1_000;

/** Number of steps that take about a second; work with at least as many is announced at its start. */
const worthAnnouncing = 100_000;

/**
 * Writes a line of progress at most once a second, so that quick work prints nothing; and one at the start of long
 * work, which may not report again before its end. If the total is known, the line says how long the rest takes at the
 * pace so far.
 */
export function progressLines(write: (line: string) => void, nowMilliseconds: () => number): OnProgress {
  let last = nowMilliseconds();
  const begun = new Map<string, { readonly done: number; readonly at: number }>();
  return (what, done, total) => {
    const now = nowMilliseconds();
    // Work that begins and ends at once is no news: programs that watch read each new block that way.
    if (done === total && !begun.has(what)) return;
    const first = begun.get(what) ?? { done, at: now };
    if (done === total) begun.delete(what);
    else begun.set(what, first);
    const isLongStart = done === 0 && total !== undefined && total >= worthAnnouncing;
    if ((done === 0 || now - last < lineEveryMilliseconds) && !isLongStart) return;
    last = now;
    const number = (value: number) => value.toLocaleString("en");
    const of = total === undefined ? "" : ` of ${number(total)}`;
    const left = total === undefined ? "" : timeLeft(now - first.at, done - first.done, total - done);
    write(`${what}: ${number(done)}${of}${left}\n`);
  };
}

/** The time left, for the end of a line; empty if no pace is known yet, or nothing is left. */
function timeLeft(milliseconds: number, done: number, left: number): string {
  if (done <= 0 || left <= 0) return "";
  return `, ${durationText(Math.ceil((milliseconds / 1_000) * (left / done)))} left`;
}

/** How long a transaction has waited, as the rest of a sentence about it. */
export function pendingWords({ seconds, isKnown }: Omit<Pending, "hash">): string {
  const waited = `has waited ${durationText(seconds)} for its block`;
  return isKnown
    ? `${waited}.`
    : `${waited}, and the node no longer knows it: it was dropped or replaced. Look for it before you send it again.`;
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
