import { redact } from "./redact";

/** Tells every listener what happens. */
export interface Teller<E> {
  readonly tell: (event: E) => void;
  /** Tells that the service has begun, and then everything that happened before. */
  readonly begin: (started: E) => void;
}

/**
 * Tells listeners what happens, without what is nobody else's business. What happens before a service has begun is kept
 * back until then: one that can't begin says why in one sentence, and nothing of how it tried.
 */
export function tellAll<E extends object>(listeners: readonly ((event: E) => void)[]): Teller<E> {
  let early: E[] | undefined = [];
  const tell = (event: E): void => {
    if (early !== undefined) return void early.push(event);
    const shown = redact(event);
    for (const listener of listeners) listener(shown);
  };
  return {
    tell,
    begin(started) {
      const before = early ?? [];
      early = undefined;
      for (const event of [started, ...before]) tell(event);
    },
  };
}
