import { type Connection } from "../chain/connection";
import { type EarningsIndex } from "./earnings";
import { type EpochArchive } from "../keeper/archive/epochArchive";
import { type Hash } from "viem";
import { atBlock } from "../chain/atBlock";
import { isOfChain, newestFinal } from "../chain/blocks";
import { ChainReplacedError } from "../chain/badAnswers";

/**
 * Where the API's answers come from. The API only reads the chain, and keeps computed epochs in the archive, as the
 * keeper does.
 */
export interface ApiSource {
  readonly connection: Connection;
  readonly archive: EpochArchive;
  readonly earnings: EarningsIndex;
}

/** Limits of the API. */
export interface ApiSettings {
  /** Requests per minute of one client (address); further ones get 429 until its budget refills. */
  readonly requestsPerMinute: number;
  /** The chain's head is looked up at most this often, however many ask. */
  readonly headAgeMilliseconds: number;
  /** How long a request waits for an epoch that is being computed; then it gets 503, and the computation continues. */
  readonly patienceMilliseconds: number;
  /** Validators' nodes are asked for their signatures at most this often, however many ask. */
  readonly surveyMilliseconds: number;
}

export const defaultApiSettings: ApiSettings = {
  requestsPerMinute: 600,
  headAgeMilliseconds: 1_000,
  patienceMilliseconds: 5_000,
  surveyMilliseconds: 30_000,
};

/** The newest block that was seen, and the chain as of that block. */
export interface Head {
  readonly number: bigint;
  readonly hash: Hash;
  /** Unix seconds. */
  readonly timestamp: number;
  /** The newest block that has the network's confirmations; -1 if none has. */
  readonly finalBlock: bigint;
  /** All reads through it belong together, whatever is mined meanwhile. */
  readonly view: Connection;
}

/** How the head of the chain is followed. */
export interface HeadSettings {
  /** How long the last head seen counts as the newest, without asking again. */
  readonly maxAgeMilliseconds: number;
  /** A clock that only moves forward, in milliseconds. */
  readonly now: () => number;
}

/**
 * Follows the head of a chain, and remembers what was read at it: however many ask, the chain is asked once per block.
 * Failures are not remembered.
 */
export class Heads {
  #seen: { readonly head: Promise<Head>; readonly at: number } | undefined;
  #newest: Head | undefined;
  #isReplaced = false;

  constructor(
    private readonly connection: Connection,
    private readonly settings: HeadSettings,
  ) {}

  /**
   * The newest block, at most `maxAgeMilliseconds` old.
   * @throws ChainReplacedError once another chain was seen at the endpoint, since everything remembered is of the old
   * one.
   */
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

  /** A reading that is made once per head and shared by all callers. */
  once<T>(read: (head: Head) => Promise<T>): () => Promise<T> {
    return this.#shared(({ hash }) => hash, read);
  }

  /** The same for facts that change while no block is mined: read again whenever the head is looked up. */
  lately<T>(read: (head: Head) => Promise<T>): () => Promise<T> {
    return this.#shared(() => this.#seen, read);
  }

  /** Keeps only the newest reading, and no failure. @param occasionOf A new occasion calls for a new reading. */
  #shared<T>(occasionOf: (head: Head) => unknown, read: (head: Head) => Promise<T>): () => Promise<T> {
    let last: { readonly occasion: unknown; readonly value: Promise<T> } | undefined;
    return async () => {
      const head = await this.current();
      const occasion = occasionOf(head);
      if (last !== undefined && last.occasion === occasion) return last.value;
      const reading = { occasion, value: read(head) };
      last = reading;
      reading.value.catch(() => {
        if (last === reading) last = undefined;
      });
      return reading.value;
    };
  }

  async #look(): Promise<Head> {
    const { reader, deployment } = this.connection;
    if (this.#isReplaced) throw new ChainReplacedError();
    const [{ number, hash, timestamp }, first] = await Promise.all([
      reader.getBlock(),
      reader.getBlock({ blockNumber: 0n }),
    ]);
    this.#isReplaced = !isOfChain(deployment.id, first.hash);
    if (this.#isReplaced) throw new ChainReplacedError();
    if (this.#newest?.hash === hash) return this.#newest;
    const finalBlock = await newestFinal(reader, number, deployment.config.keeper.confirmations);
    const view = atBlock(this.connection, number);
    this.#newest = { number, hash, timestamp: Number(timestamp), finalBlock, view };
    return this.#newest;
  }
}
