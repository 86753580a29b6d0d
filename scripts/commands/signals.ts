import { setMaxListeners } from "node:events";

/** A signal that is aborted when this process is asked to end; its reason is the name of the signal that asked. */
export function untilSignalled(): AbortSignal {
  const stopping = new AbortController();
  // As many tasks and questions as are under way wait with it, and each forgets it.
  setMaxListeners(0, stopping.signal);
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      stopping.abort(signal);
    });
  }
  return stopping.signal;
}
