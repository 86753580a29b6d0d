import { type OnProgress } from "../core/progress";

const lineEveryMilliseconds = 1_000;

/** So many of anything take about a second. */
const worthAnnouncing = 100_000;

/**
 * Writes a line of progress at most once a second, so that what is quick says nothing; and one at the start of anything
 * long, which may not come to report before its end.
 */
export function progressLines(write: (line: string) => void, nowMilliseconds: () => number): OnProgress {
  let last = nowMilliseconds();
  return (what, done, total) => {
    const now = nowMilliseconds();
    const isLongStart = done === 0 && total !== undefined && total >= worthAnnouncing;
    if (now - last < lineEveryMilliseconds && !isLongStart) return;
    last = now;
    const number = (value: number) => value.toLocaleString("en");
    write(`${what}: ${number(done)}${total === undefined ? "" : ` of ${number(total)}`}\n`);
  };
}
