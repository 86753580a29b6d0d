import { type Call, type RpcError } from "./rpc/jsonRpc";
import { descending } from "../core/fixedPoint";

/** How many blocks the next request for logs asks for. */
export interface RangeWidth {
  readonly blocks: bigint;
  /** Answers since the width last changed. */
  readonly answers: number;
  /**
   * After this many answers a wider range is tried; more after each refusal, for a limit that was met will be met again.
   */
  readonly patience: number;
}

/** The widest range: what most providers allow. */
const widestBlocks = 10_000n;

/** Where a range brings more, the next is narrower: it takes some ten megabytes. */
const manyKilobytes = 10_000;

/** After this many answers a wider range is tried, at first and at most: a refusal then costs 2 % of the requests. */
const firstPatience = 4;
const longestPatience = 64;

/** How dense logs are is not known at first: so many blocks of ten short logs are what one range is to hold. */
const firstBlocks = 1_000n;

/** The first request asks for a narrow range: it widens to the widest within 16 answers that hold few logs. */
export const firstWidth: RangeWidth = { blocks: firstBlocks, answers: 0, patience: firstPatience };

/** After a refusal. @param blocks How many to ask for instead. */
export function widthAfterRefusal({ patience }: RangeWidth, blocks: bigint): RangeWidth {
  return { blocks, answers: 0, patience: Math.min(patience * 2, longestPatience) };
}

/** How long an answer with these logs is, about: a short log takes a kilobyte, and anyone may make some of eight and more. */
export function kilobytesOf(logs: readonly { readonly data: string }[]): number {
  return logs.reduce((sum, { data }) => sum + 1 + Math.floor(data.length / 1_000), 0);
}

/** Narrower where a range held much, wider where a row of answers came without a refusal. */
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

/** The same where it has more than one block, so that it can be asked for in parts. */
export function wideRangeOf(call: Call): BlockRange | undefined {
  const range = rangeOf(call);
  return range !== undefined && blocksOf(range) > 1n ? range : undefined;
}

function isNumber(block: unknown): block is string {
  return typeof block === "string" && /^0x[0-9a-f]+$/i.test(block);
}

/** What an error says: its message, and what its data says besides. */
export function wordsOfNode({ message, data }: Pick<RpcError, "message" | "data">): string {
  return [...new Set([message, ...textsIn(data)])].filter((text) => text !== "").join(": ");
}

/** Every text in an error's data, but not the bytes that a call returned. */
function textsIn(data: unknown): readonly string[] {
  if (typeof data === "string") return /^0x[0-9a-f]*$/i.test(data) ? [] : [data];
  return typeof data === "object" && data !== null ? Object.values(data).flatMap(textsIn) : [];
}

/** Two block numbers: a range that should work. */
const hexPair = /(0x[0-9a-f]+)\s*(?:,|-|\.\.+|to)\s*(0x[0-9a-f]+)/gi;
const decimalPair = /\b(\d+)\s*(?:,|-|\.\.+|to)\s*(\d+)\b/gi;

/** A number beside a word for blocks. */
const besideBlocks =
  /\b(?:blocks?|ranges?)\b[^\d]{0,40}(\d[\d,_']*k?)\b|\b(\d[\d,_']*k?)[ -]?(?:a |the )?(?:blocks?|ranges?)\b/gi;

/**
 * How many blocks to ask for after a refusal: as many as the node's words offer, the most where they can be read in several
 * ways, and half where they offer none. A number next to what was asked is what was asked, as the node counts it.
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

/** The numbers that may be a number of blocks, and are none of the block numbers that were asked. */
function numbersIn(words: string, { fromBlock, toBlock }: BlockRange): readonly bigint[] {
  return [...words.matchAll(besideBlocks)]
    .map(([, after, before]) => numberOf((after ?? before)!))
    .filter((number) => number !== fromBlock && number !== toBlock);
}

function numberOf(text: string): bigint {
  const digits = BigInt(text.replaceAll(/\D/g, ""));
  return /k$/i.test(text) ? digits * 1_000n : digits;
}
