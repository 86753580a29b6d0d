/** A signal that is aborted when this process is asked to end; its reason is the name of the signal that asked. */
export function untilSignalled(): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      stopping.abort(signal);
    });
  }
  return stopping.signal;
}
