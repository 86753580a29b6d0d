import { type Call, type RpcError } from "./rpc/jsonRpc";
import { descending } from "../core/fixedPoint";

/** How many blocks the next request for logs asks for. */
export interface RangeWidth {
  readonly blocks: bigint;
  /** Answers since the width last changed. */
  readonly answers: number;
  /** Answers before a wider range is tried; more after each refusal, because the same limit would refuse again. */
  readonly patience: number;
}

/** The widest range: what most providers allow. */
const widestBlocks = 10_000n;

/** After a larger answer, the next range is narrower: ten megabytes. */
const manyKilobytes = 10_000;

/** Answers before a wider range is tried, at first and at most; at most, refusals cost 2 % of the requests. */
const firstPatience = 4;
const longestPatience = 64;

/** At first the density of logs is unknown: this many blocks with ten short logs each fill a range. */
const firstBlocks = 1_000n;

/** The first request asks for a narrow range: it grows to the widest within 16 answers that have few logs. */
export const firstWidth: RangeWidth = { blocks: firstBlocks, answers: 0, patience: firstPatience };

/** The width after a refusal. @param blocks How many to ask for instead. */
export function widthAfterRefusal({ patience }: RangeWidth, blocks: bigint): RangeWidth {
  return { blocks, answers: 0, patience: Math.min(patience * 2, longestPatience) };
}

/**
 * Estimated size of an answer with these logs: a short log takes a kilobyte, and anyone may emit logs of eight and
 * more.
 */
export function kilobytesOf(logs: readonly { readonly data: string }[]): number {
  return logs.reduce((sum, { data }) => sum + 1 + Math.floor(data.length / 1_000), 0);
}

/** Narrower after a large answer, wider after enough answers in a row without a refusal. */
export function widthAfterAnswer(width: RangeWidth, kilobytes: number): RangeWidth {
  if (kilobytes > manyKilobytes && width.blocks > 1n) return { ...width, blocks: width.blocks / 2n, answers: 0 };
  const answers = width.answers + 1;
  if (answers < width.patience || width.blocks === widestBlocks || kilobytes > manyKilobytes / 2)
    return { ...width, answers };
  const wider = width.blocks * 2n;
  return { ...width, blocks: wider < widestBlocks ? wider : widestBlocks, answers: 0 };
}

/** Blocks from first to last, both inclusive. */
export interface BlockRange {
  readonly fromBlock: bigint;
  readonly toBlock: bigint;
}

/** How many blocks a range has. */
export function blocksOf({ fromBlock, toBlock }: BlockRange): bigint {
  return toBlock - fromBlock + 1n;
}

/** The range whose logs a call asks for; undefined if it asks for something else, or by a tag. */
export function rangeOf({ method, params }: Call): BlockRange | undefined {
  if (method !== "eth_getLogs") return undefined;
  const { fromBlock, toBlock } = (params[0] ?? {}) as { readonly fromBlock?: unknown; readonly toBlock?: unknown };
  if (!isNumber(fromBlock) || !isNumber(toBlock)) return undefined;
  return { fromBlock: BigInt(fromBlock), toBlock: BigInt(toBlock) };
}

/** The same if it has more than one block, so that it can be asked for in parts; else undefined. */
export function wideRangeOf(call: Call): BlockRange | undefined {
  const range = rangeOf(call);
  return range !== undefined && blocksOf(range) > 1n ? range : undefined;
}

function isNumber(block: unknown): block is string {
  return typeof block === "string" && /^0x[0-9a-f]+$/i.test(block);
}

/** The words of an error: its message, and other texts in its data. */
export function wordsOfNode({ message, data }: Pick<RpcError, "message" | "data">): string {
  return [...new Set([message, ...textsIn(data)])].filter((text) => text !== "").join(": ");
}

/** Every text in an error's data, except the bytes that a call returned. */
function textsIn(data: unknown): readonly string[] {
  if (typeof data === "string") return /^0x[0-9a-f]*$/i.test(data) ? [] : [data];
  return typeof data === "object" && data !== null ? Object.values(data).flatMap(textsIn) : [];
}

/** Two block numbers: a range that should work. */
const hexPair = /(0x[0-9a-f]+)\s*(?:,|-|\.\.+|to)\s*(0x[0-9a-f]+)/gi;
const decimalPair = /\b(\d+)\s*(?:,|-|\.\.+|to)\s*(\d+)\b/gi;

/** A number next to a word for blocks. */
const besideBlocks =
  /\b(?:blocks?|ranges?)\b[^\d]{0,40}(\d[\d,_']*k?)\b|\b(\d[\d,_']*k?)[ -]?(?:a |the )?(?:blocks?|ranges?)\b/gi;

/**
 * How many blocks to ask for after a refusal: as many as the node's words offer, the most if they can be read in
 * several ways, half if they offer none. A number above 90 % of the request is the request itself, as the node counts
 * it.
 */
export function blocksAfterRefusal(words: string, range: BlockRange): bigint {
  const asked = blocksOf(range);
  const offers = [...pairsIn(words, range), ...numbersIn(words, range)];
  const [offered] = offers.filter((blocks) => blocks >= 1n && blocks * 10n <= asked * 9n).sort(descending);
  return offered ?? asked / 2n;
}

function pairsIn(words: string, { fromBlock }: BlockRange): readonly bigint[] {
  const widthOf = ([, from, to]: RegExpMatchArray): bigint => BigInt(to!) - BigInt(from!) + 1n;
  const decimal = [...words.matchAll(decimalPair)].filter(([, from]) => BigInt(from!) === fromBlock);
  return [...words.matchAll(hexPair), ...decimal].map(widthOf);
}

/** Numbers that may count blocks, without the first and last block number of the request. */
function numbersIn(words: string, { fromBlock, toBlock }: BlockRange): readonly bigint[] {
  return [...words.matchAll(besideBlocks)]
    .map(([, after, before]) => numberOf((after ?? before)!))
    .filter((number) => number !== fromBlock && number !== toBlock);
}

function numberOf(text: string): bigint {
  const digits = BigInt(text.replaceAll(/\D/g, ""));
  return /k$/i.test(text) ? digits * 1_000n : digits;
}
