import { type Address, BaseError, formatLog, type Hex, type Log, numberToHex, type PublicClient } from "viem";
import {
  firstWidth,
  kilobytesOf,
  type RangeWidth,
  widthAfterAnswer,
  widthAfterRefusal,
  blocksAfterRefusal,
  blocksOf,
  type BlockRange,
  wordsOfNode,
} from "./logRange";
import { rpcErrorOf } from "./nodeErrors";

/** A filter for logs, as `eth_getLogs` takes it. */
export interface LogFilter {
  readonly address: Address | readonly Address[];
  /** By position: one topic, any of several, or any at all. */
  readonly topics?: readonly (Hex | readonly Hex[] | null)[];
}

/** A log of a mined block, not decoded. */
export type RawLog = Log<bigint, number, false>;

/** All the logs of a range of blocks. */
export interface LogRange extends BlockRange {
  /** In the order of the chain. */
  readonly logs: readonly RawLog[];
}

/**
 * The logs that match any of the filters, a range of blocks at a time, so that memory stays bounded by one range. If a
 * node finds a range too large, it gets smaller ones, and larger ones again later; any other error is thrown.
 * @param filters A log that matches several of them comes once.
 * @param fromBlock,toBlock Both inclusive; nothing is read if `toBlock` is before `fromBlock`.
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
    const range = { fromBlock: from, toBlock: to };
    let logs: readonly RawLog[];
    try {
      logs = await readRange(client, filters, range);
    } catch (error) {
      const blocks = narrowed(error, range);
      if (blocks === undefined) throw error;
      width = widthAfterRefusal(width, blocks);
      continue;
    }
    yield { ...range, logs };
    from = to + 1n;
    width = widthAfterAnswer(width, kilobytesOf(logs));
  }
}

async function readRange(
  client: PublicClient,
  filters: readonly LogFilter[],
  { fromBlock, toBlock }: BlockRange,
): Promise<readonly RawLog[]> {
  const answers = await Promise.all(
    filters.map((filter) => {
      // viem's type of topics allows neither alternatives beside `null` nor readonly lists.
      const params = [{ ...filter, fromBlock: numberToHex(fromBlock), toBlock: numberToHex(toBlock) }] as never;
      return client.request({ method: "eth_getLogs", params });
    }),
  );
  return inOrder(answers.flat().map((log) => formatLog(log) as RawLog));
}

/** Each log once, in the order of the chain. */
function inOrder(logs: readonly RawLog[]): readonly RawLog[] {
  const sorted = [...logs].sort((a, b) => Number(a.blockNumber - b.blockNumber) || a.logIndex - b.logIndex);
  return sorted.filter(({ blockHash, logIndex }, i) => {
    const before = sorted[i - 1];
    return before?.blockHash !== blockHash || before.logIndex !== logIndex;
  });
}

/**
 * How many blocks to ask for after a range was refused. A pool throws other errors if its endpoints are gone, broken or
 * asked too often.
 * @returns Undefined if the error is no refusal, or the range is only one block.
 */
function narrowed(error: unknown, range: BlockRange): bigint | undefined {
  if (blocksOf(range) === 1n || !(error instanceof BaseError)) return undefined;
  const said = rpcErrorOf(error);
  return said === undefined ? undefined : blocksAfterRefusal(wordsOfNode(said), range);
}
