import { type EventQuery, type EventStore } from "../../store/eventStore";
import { StoreReplacedError } from "../../store/storeFile";
import { type ChainEvent, type EventName, eventOfRow } from "./eventTypes";
import { follow, type Followed, type Reached } from "./follow";

/** Which of the events with the given names. */
type EventFilter = Omit<EventQuery, "names" | "untilBlock">;

/** Most events in memory at a time while something is computed from them: each may have some kilobytes. */
const eventsAtOnce = 1_000;

/** A computation over events, one after the other in the order of the chain. */
export interface Fold<S> {
  readonly names: readonly EventName[];
  readonly start: () => S;
  /** Changes the state by one event. */
  readonly apply: (state: S, event: ChainEvent) => void;
  /** A copy that later events don't change. */
  readonly copy: (state: S) => S;
}

/**
 * The events of a deployment, from its store, as of one block or as of the newest. Each read first brings the store up
 * to the chain's head. Results from final events are kept and continued, so that nothing is computed again as the chain
 * grows.
 */
export class EventLog {
  #reached: Promise<Reached> | undefined;
  readonly #once = new Map<object, Promise<unknown>>();

  constructor(
    private readonly followed: Followed,
    private readonly asOfBlock?: number,
    private readonly memory = new EventMemory(),
  ) {}

  /** The same events as of a block. */
  at(block: bigint): EventLog {
    return new EventLog(this.followed, Number(block), this.memory);
  }

  /** The same events, read through another client of the same chain. */
  through(live: Followed["live"]): EventLog {
    return new EventLog({ ...this.followed, live }, this.asOfBlock, this.memory);
  }

  /** The events with these names, in the order of the chain. */
  select<N extends EventName>(names: readonly N[], filter: EventFilter = {}): Promise<readonly ChainEvent<N>[]> {
    return this.#reading(({ headBlock }) => this.#select(names, { ...filter, untilBlock: headBlock }));
  }

  /** What the events up to the block add up to. */
  fold<S>(fold: Fold<S>): Promise<S> {
    return this.#reading(({ headBlock, finalBlock }) => {
      const kept = this.memory.get<S>(fold) ?? { block: -1, value: fold.start() };
      if (kept.block > headBlock) return this.#applied(fold, fold.start(), -1, headBlock);
      const block = Math.max(finalBlock, kept.block);
      const value = this.#applied(fold, kept.value, kept.block, block);
      this.memory.keep(fold, { block, value });
      return this.#applied(fold, fold.copy(value), block, headBlock);
    });
  }

  /** As of a block, reads something once, however often it is asked for; as of the newest, each time. */
  once<T>(key: object, read: () => Promise<T>): Promise<T> {
    if (this.asOfBlock === undefined) return read();
    const known = (this.#once.get(key) as Promise<T> | undefined) ?? read();
    this.#once.set(key, known);
    known.catch(() => this.#once.delete(key));
    return known;
  }

  /**
   * Removes and returns what was kept under a key, so that no other caller has it; undefined if there is nothing, or a
   * reorganisation dropped a block that it was computed from.
   */
  take<T>(key: object): Promise<T | undefined> {
    return this.#reading(({ headBlock }) => {
      const kept = this.memory.get<T>(key);
      if (kept === undefined || kept.block > headBlock) return undefined;
      this.memory.drop(key);
      return kept.value;
    });
  }

  /** Keeps what was computed from the events up to a block, if that block is final. */
  keep(key: object, block: number, value: unknown): Promise<void> {
    return this.#reading(({ finalBlock }) => {
      if (block <= finalBlock) this.memory.keep(key, { block, value });
    });
  }

  /** Records that what the events add up to agreed with the contracts. */
  trust(): Promise<void> {
    return this.#reading(({ finalBlock }) => {
      this.memory.trust(this.followed.store, finalBlock);
    });
  }

  /**
   * Records that the events, or the contracts' views, are not what the chain has. Events that have never proven right
   * are read again; if that did not help before, all of them.
   */
  distrust(): void {
    this.#rewind((store) => (this.memory.isDistrusted ? undefined : (store.trustedBlock() ?? undefined)));
    this.memory.isDistrusted = true;
  }

  /** Forgets all events, so that they are read from the chain again. */
  forget(): void {
    this.#rewind(() => undefined);
  }

  #rewind(blockOf: (store: EventStore) => number | undefined): void {
    const { store } = this.followed;
    try {
      store.rewind(blockOf(store));
    } catch (error) {
      // A new, empty store has nothing to forget.
      if (!(error instanceof StoreReplacedError)) throw error;
    }
    this.#reached = undefined;
    this.#once.clear();
  }

  #select<N extends EventName>(names: readonly N[], query: Omit<EventQuery, "names">): readonly ChainEvent<N>[] {
    return this.followed.store.select({ names, ...query }).map((row) => eventOfRow<N>(row));
  }

  #applied<S>(fold: Fold<S>, state: S, afterBlock: number, untilBlock: number): S {
    let after = { block: afterBlock, log: Number.MAX_SAFE_INTEGER };
    for (let isOver = untilBlock <= afterBlock; !isOver;) {
      const events = this.#select(fold.names, { untilBlock, after, limit: eventsAtOnce });
      for (const event of events) fold.apply(state, event);
      after = events.at(-1) ?? after;
      isOver = events.length < eventsAtOnce;
    }
    return state;
  }

  /** Reads once the store has caught up with the chain; again if the store was replaced meanwhile. */
  async #reading<T>(read: (reached: Reached) => T): Promise<T> {
    for (;;) {
      try {
        const reached = await this.#reach();
        this.memory.forgetRewound(this.followed.store);
        return read(reached);
      } catch (error) {
        this.#reached = undefined;
        if (!(error instanceof StoreReplacedError)) throw error;
        this.memory.forgetAll();
      }
    }
  }

  /** As of a block, the chain is asked once; else each time, because it grows. */
  async #reach(): Promise<Reached> {
    const reaching = this.#reached ?? this.memory.readNext(() => follow(this.followed));
    const { asOfBlock } = this;
    if (asOfBlock === undefined) return reaching;
    this.#reached = reaching;
    const { headBlock, finalBlock } = await reaching;
    if (headBlock < asOfBlock) throw new BlockMissingError(asOfBlock, headBlock);
    return { headBlock: asOfBlock, finalBlock: Math.min(finalBlock, asOfBlock) };
  }
}

/** An endpoint lacks a block that another one showed. */
export class BlockMissingError extends Error {
  override readonly name = "BlockMissingError";

  constructor(
    readonly block: number,
    readonly headBlock: number,
  ) {
    super(`An endpoint shows the chain only up to block ${headBlock}, but block ${block} is needed.`);
  }
}

/** A result computed from the events up to a block. */
export interface Kept<T> {
  readonly block: number;
  readonly value: T;
}

/**
 * Shared by all views of one deployment, beside the store: results from final events, how far those have proven right,
 * and the current reading of the chain.
 */
class EventMemory {
  readonly #kept = new Map<object, Kept<unknown>>();
  /** Rewinds of the store that are already taken into account. */
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

  /** Records that the events up to a final block agreed with the contracts. */
  trust(store: EventStore, block: number): void {
    this.isDistrusted = false;
    if (block <= this.#trustedBlock) return;
    store.trust(block);
    this.#trustedBlock = block;
  }

  /** Forgets results from events that the store has forgotten meanwhile, perhaps because another process rewound it. */
  forgetRewound(store: EventStore): void {
    const { count, lowestBlock } = store.rewinds(this.#rewinds);
    this.#rewinds = count;
    if (lowestBlock === null) return;
    this.#trustedBlock = Math.min(this.#trustedBlock, lowestBlock);
    for (const [key, { block }] of this.#kept) if (block > lowestBlock) this.#kept.delete(key);
  }

  /** Forgets everything, because the store was replaced by an empty one. */
  forgetAll(): void {
    this.#kept.clear();
    this.#rewinds = 0;
    this.#trustedBlock = -1;
  }

  /** Starts a reading of the chain, one at a time: all callers during one share the next. */
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
