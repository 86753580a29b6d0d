import { type EventStore } from "../../store/eventStore";
import { type Reached } from "./follow";

/** What was computed from the events up to a block. */
export interface Kept<T> {
  readonly block: number;
  readonly value: T;
}

/**
 * What all views of one deployment share beside the store: what was computed from final events, how far those have proven
 * right, and the reading of the chain that is under way.
 */
export class EventMemory {
  readonly #kept = new Map<object, Kept<unknown>>();
  /** How often the store was rewound, as far as is known. */
  #rewinds = 0;
  #trustedBlock = -1;
  #running: Promise<Reached> | undefined;
  #waiting: Promise<Reached> | undefined;
  /** Whether the events were distrusted, and have not proven right since. */
  isDistrusted = false;

  get<T>(key: object): Kept<T> | undefined {
    return this.#kept.get(key) as Kept<T> | undefined;
  }

  keep(key: object, kept: Kept<unknown>): void {
    this.#kept.set(key, kept);
  }

  drop(key: object): void {
    this.#kept.delete(key);
  }

  /** The events up to a final block agreed with the contracts. */
  trust(store: EventStore, block: number): void {
    this.isDistrusted = false;
    if (block <= this.#trustedBlock) return;
    store.trust(block);
    this.#trustedBlock = block;
  }

  /** Forgets what was computed from events that the store has forgotten meanwhile; another process may have made it do so. */
  forgetRewound(store: EventStore): void {
    const { count, lowestBlock } = store.rewinds(this.#rewinds);
    this.#rewinds = count;
    if (lowestBlock === null) return;
    this.#trustedBlock = Math.min(this.#trustedBlock, lowestBlock);
    for (const [key, { block }] of this.#kept) if (block > lowestBlock) this.#kept.delete(key);
  }

  /** The store was replaced by an empty one. */
  forgetAll(): void {
    this.#kept.clear();
    this.#rewinds = 0;
    this.#trustedBlock = -1;
  }

  /** Starts a reading of the chain: one at a time, and one for all who ask while another is under way. */
  readNext(start: () => Promise<Reached>): Promise<Reached> {
    if (this.#running === undefined) {
      this.#running = start().finally(() => {
        this.#running = undefined;
      });
      return this.#running;
    }
    const startNow = (): Promise<Reached> => {
      this.#waiting = undefined;
      return this.readNext(start);
    };
    this.#waiting ??= this.#running.then(startNow, startNow);
    return this.#waiting;
  }
}
