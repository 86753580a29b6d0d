import { type Hash, type PublicClient } from "viem";

/** The newest block that was seen. */
export interface Head {
  readonly number: bigint;
  readonly hash: Hash;
  /** Unix seconds. */
  readonly timestamp: bigint;
}

/** How the head of the chain is followed. */
export interface HeadSettings {
  /** So long a head that was seen is taken for the newest, without asking again. */
  readonly maxAgeMilliseconds: number;
  /** A clock that only moves forward, in milliseconds. */
  readonly now: () => number;
}

/**
 * Follows the head of a chain, and remembers what was read at it: however many ask, the chain is asked once per block. What
 * failed is not remembered.
 */
export class Heads {
  #seen: { readonly head: Promise<Head>; readonly at: number } | undefined;

  constructor(
    private readonly reader: PublicClient,
    private readonly settings: HeadSettings,
  ) {}

  /** The newest block, at most `maxAgeMilliseconds` old. */
  current(): Promise<Head> {
    const now = this.settings.now();
    if (this.#seen !== undefined && now - this.#seen.at < this.settings.maxAgeMilliseconds) return this.#seen.head;
    const seen = { head: this.#look(), at: now };
    this.#seen = seen;
    seen.head.catch(() => {
      if (this.#seen === seen) this.#seen = undefined;
    });
    return seen.head;
  }

  /** A reading that is made once per head and shared by all who ask for it. */
  once<T>(read: (head: Head) => Promise<T>): () => Promise<T> {
    let last: { readonly hash: Hash; readonly value: Promise<T> } | undefined;
    return async () => {
      const head = await this.current();
      if (last?.hash === head.hash) return last.value;
      const reading = { hash: head.hash, value: read(head) };
      last = reading;
      reading.value.catch(() => {
        if (last === reading) last = undefined;
      });
      return reading.value;
    };
  }

  async #look(): Promise<Head> {
    const { number, hash, timestamp } = await this.reader.getBlock();
    return { number, hash, timestamp };
  }
}
