import { type EIP1193Parameters, type Hash, type Transport } from "viem";
import { atBlock } from "../chain/atBlock";
import { newestConfirmed } from "../chain/blocks";
import { type Connection, connectionOf } from "../chain/connection";

/** The newest block that was seen, and the chain as of that block. */
export interface Head {
  readonly number: bigint;
  readonly hash: Hash;
  /** Unix seconds. */
  readonly timestamp: number;
  /** The newest block that has the network's confirmations; -1 where none has. */
  readonly confirmedBlock: bigint;
  /** What is read through it belongs together, whatever is mined meanwhile. */
  readonly view: Connection;
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
  readonly #remembering: Connection;
  #seen: { readonly head: Promise<Head>; readonly at: number } | undefined;
  #newest: Head | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly settings: HeadSettings,
  ) {
    this.#remembering = rememberLogs(connection, (block) => block <= (this.#newest?.confirmedBlock ?? -1n));
  }

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
    const { reader, deployment } = this.connection;
    const { number, hash, timestamp } = await reader.getBlock();
    if (this.#newest?.hash === hash) return this.#newest;
    const confirmedBlock = await newestConfirmed(reader, number, deployment.config.keeper.confirmations);
    const view = atBlock(this.#remembering, number);
    this.#newest = { number, hash, timestamp: Number(timestamp), confirmedBlock, view };
    return this.#newest;
  }
}

interface LogFilter {
  readonly blockHash?: string;
  readonly fromBlock?: string;
  readonly toBlock?: string;
}

/**
 * The same connection, which asks only once for the logs of a range of blocks that can change no more. Ranges that are
 * read chunk by chunk from the same first block thus cost one request each time, however long the chain grows.
 * @param isFinal Whether a block can be taken back no more.
 */
function rememberLogs(connection: Connection, isFinal: (block: bigint) => boolean): Connection {
  const known = new Map<string, Promise<unknown>>();
  const transport: Transport = (options) => {
    const live = connection.transport(options);
    const request = (call: EIP1193Parameters, requestOptions?: object): Promise<unknown> => {
      const ask = (): Promise<unknown> => live.request(call, requestOptions);
      if (call.method !== "eth_getLogs" || !endsIn((call.params as readonly [LogFilter])[0], isFinal)) return ask();
      const key = JSON.stringify(call.params);
      const logs = known.get(key) ?? ask();
      known.set(key, logs);
      logs.catch(() => known.delete(key));
      return logs;
    };
    return { ...live, request: request as typeof live.request };
  };
  return connectionOf(transport, connection.deployment);
}

/** Whether a range ends in blocks that can change no more. */
function endsIn({ blockHash, fromBlock, toBlock }: LogFilter, isFinal: (block: bigint) => boolean): boolean {
  if (blockHash !== undefined) return false;
  return [fromBlock, toBlock].every((block) => block?.startsWith("0x") === true && isFinal(BigInt(block)));
}
