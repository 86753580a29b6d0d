/** Told how far work has come: `done` of `total`, where the total is known, of whatever `what` counts. */
export type OnProgress = (what: string, done: number, total?: number) => void;

/** For whoever need not know. */
export const noProgress: OnProgress = () => undefined;

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

/** The same items; reports how many of them have been taken, at one in `every`. */
export function* counted<T>(items: Iterable<T>, what: string, every: number, onProgress: OnProgress): Generator<T> {
  let taken = 0;
  for (const item of items) {
    yield item;
    taken++;
    if (taken % every === 0) onProgress(what, taken);
  }
}
