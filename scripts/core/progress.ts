/** Called with how far work has come: `done` of `total`, where the total is known, of whatever `what` counts. */
export type OnProgress = (what: string, done: number, total?: number) => void;

/** For anyone who need not know. */
export const noProgress: OnProgress = () => undefined;

/** The same items; reports how many of them have been taken, at one in `every`. */
export function* counted<T>(items: Iterable<T>, what: string, every: number, onProgress: OnProgress): Generator<T> {
  let taken = 0;
  for (const item of items) {
    yield item;
    taken++;
    if (taken % every === 0) onProgress(what, taken);
  }
}
