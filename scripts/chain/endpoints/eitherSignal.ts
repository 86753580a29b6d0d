import { setMaxListeners } from "node:events";

/**
 * Runs something with a signal that comes when one of others does. In Node 20 `AbortSignal.any` leaves some memory behind for
 * each use, for as long as its sources live; here those may live as long as the node.
 */
export async function withEitherSignal<T>(
  sources: readonly AbortSignal[],
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const either = new AbortController();
  const abort = (): void => {
    either.abort();
  };
  // As many listeners as there are questions that wait are no mistake.
  setMaxListeners(0, ...sources);
  for (const source of sources) {
    if (source.aborted) abort();
    source.addEventListener("abort", abort, { once: true });
  }
  try {
    return await run(either.signal);
  } finally {
    for (const source of sources) source.removeEventListener("abort", abort);
  }
}
