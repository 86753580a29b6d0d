import {
  type AbiEvent,
  type Address,
  BaseError,
  formatLog,
  type GetLogsReturnType,
  type Hex,
  type Log,
  numberToHex,
  parseEventLogs,
  type PublicClient,
  type RpcLog,
  toEventSelector,
} from "viem";
import { firstWidth, type RangeWidth, widthAfterAnswer, widthAfterRefusal } from "./logRange";
import { isRangeRefusal } from "./nodeErrors";

/** Which logs are wanted, as `eth_getLogs` takes it. */
export interface LogFilter {
  readonly address: Address | readonly Address[];
  /** By position: one topic, any of several, or any at all. */
  readonly topics?: readonly (Hex | readonly Hex[] | null)[];
}

/** A log of a mined block, not decoded. */
export type RawLog = Log<bigint, number, false>;

/** All the logs of a range of blocks. */
export interface LogRange {
  /** Both inclusive. */
  readonly fromBlock: bigint;
  readonly toBlock: bigint;
  /** In the order of the chain. */
  readonly logs: readonly RawLog[];
}

/**
 * The logs that any of the filters wants, a range of blocks at a time, so that memory stays bounded by one range. A node that
 * finds a range too large gets smaller ones, and larger ones again later; any other failure is the caller's.
 * @param filters A log that several of them want comes once.
 * @param fromBlock,toBlock Both inclusive; nothing is read where `toBlock` lies before `fromBlock`.
 */
export async function* readLogRanges(
  client: PublicClient,
  filters: readonly LogFilter[],
  fromBlock: bigint,
  toBlock: bigint,
): AsyncGenerator<LogRange> {
  let width: RangeWidth = firstWidth;
  let from = fromBlock;
  while (from <= toBlock) {
    const to = from + width.blocks - 1n < toBlock ? from + width.blocks - 1n : toBlock;
    const logs = await readRange(client, filters, from, to).catch((error: unknown) => {
      if (to === from || !isTooLarge(error)) throw error;
      return undefined;
    });
    if (logs === undefined) {
      width = widthAfterRefusal(width, to - from + 1n);
    } else {
      yield { fromBlock: from, toBlock: to, logs };
      from = to + 1n;
      width = widthAfterAnswer(width, logs.length);
    }
  }
}

/**
 * The events of one contract in order, read as `readLogRanges` does.
 * @param fromBlock,toBlock Both inclusive; nothing is read where `toBlock` lies before `fromBlock`.
 */
export async function* readLogs<const E extends readonly AbiEvent[]>(
  client: PublicClient,
  query: { readonly address: Address; readonly events: E; readonly fromBlock: bigint; readonly toBlock: bigint },
): AsyncGenerator<GetLogsReturnType<undefined, E, true>[number]> {
  const { address, events, fromBlock, toBlock } = query;
  const filter = { address, topics: [events.map((event) => toEventSelector(event))] };
  for await (const { logs } of readLogRanges(client, [filter], fromBlock, toBlock)) {
    yield* parseEventLogs({ abi: events, logs: [...logs], strict: true }) as GetLogsReturnType<undefined, E, true>;
  }
}

async function readRange(
  client: PublicClient,
  filters: readonly LogFilter[],
  fromBlock: bigint,
  toBlock: bigint,
): Promise<readonly RawLog[]> {
  const range = { fromBlock: numberToHex(fromBlock), toBlock: numberToHex(toBlock) };
  const answers = await Promise.all(
    filters.map(({ address, topics }) =>
      client.request({
        method: "eth_getLogs",
        params: [{ address: address as Address | Address[], topics: topics as Hex[] | undefined, ...range }],
      }),
    ),
  );
  return inOrder(answers.flat().map((log) => formatLog(log as Partial<RpcLog>) as RawLog));
}

/** Each log once, in the order of the chain. */
function inOrder(logs: readonly RawLog[]): readonly RawLog[] {
  const sorted = [...logs].sort((a, b) => Number(a.blockNumber - b.blockNumber) || a.logIndex - b.logIndex);
  return sorted.filter(({ blockHash, logIndex }, i) => {
    const before = sorted[i - 1];
    return before?.blockHash !== blockHash || before.logIndex !== logIndex;
  });
}

/** Whether a range was refused for its size, and not because the node is gone or broken. */
function isTooLarge(error: unknown): boolean {
  if (!(error instanceof BaseError)) return false;
  const tooLong = error.walk((cause) => (cause as Error).name === "ResponseBodyTooLargeError");
  return tooLong !== null || isRangeRefusal(error.details);
}
