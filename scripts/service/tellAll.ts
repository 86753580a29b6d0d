import { type KeeperEvent, type Listener } from "./keeperEvents";
import { redact } from "./redact";

/** Tells every listener what happens. */
export interface Teller {
  readonly tell: Listener;
  /** Tells that the keeper has begun, and then everything that happened before. */
  readonly begin: (started: KeeperEvent) => void;
}

/**
 * Tells listeners what happens, without what is nobody else's business. What happens before the keeper has begun is kept
 * back until then: one that can't begin says why in one sentence, and nothing of how it tried.
 */
export function tellAll(listeners: readonly Listener[]): Teller {
  let early: KeeperEvent[] | undefined = [];
  const tell = (event: KeeperEvent): void => {
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
