/** Called with the progress of work: `done` of `total`, if the total is known, of the things that `what` names. */
export type OnProgress = (what: string, done: number, total?: number) => void;

/** For callers that don't follow progress. */
export const noProgress: OnProgress = () => undefined;

/** The same items; reports how many have been taken after every `every` of them. */
export function* counted<T>(items: Iterable<T>, what: string, every: number, onProgress: OnProgress): Generator<T> {
  let taken = 0;
  for (const item of items) {
    yield item;
    taken++;
    if (taken % every === 0) onProgress(what, taken);
  }
}
