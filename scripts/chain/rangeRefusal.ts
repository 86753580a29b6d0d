/** Ranges of logs that a node finds too large: what was asked, and what the refusal offers. */
import { type Call, type RpcError } from "./rpc/jsonRpc";
import { descending } from "../core/order";

/** Blocks from first to last, both inclusive. */
export interface BlockRange {
  readonly fromBlock: bigint;
  readonly toBlock: bigint;
}

/** How many blocks a range has. */
export function blocksOf({ fromBlock, toBlock }: BlockRange): bigint {
  return toBlock - fromBlock + 1n;
}

/** The range whose logs a call asks for; undefined where it asks for something else, or by a tag. */
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
