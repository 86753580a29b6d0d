import { type Address, getAddress } from "viem";
import { addressProblem, ADDRESS, hasBothCases, wrongChecksum } from "../address";
import { type RewardDomain, NODE_BYTES } from "./hashing";
import { InvalidRewardError, type CumulativeReward, accountAt, amountAt, ACCOUNT_BYTES } from "./rewardList";
import { nodeAt, type RewardTree } from "./buildRewardTree";
import { compileKeccak, openKeccakBatch } from "../keccak/keccakBatch";

/** A chain id or Treasury that no leaf can bind. */
export class MalformedDomainError extends Error {
  override readonly name = "MalformedDomainError";
}

/** Reads the domain as a person types it: a chain id in decimal digits, an address in any case. */
export function parseDomain(chainId: string, treasury: string): RewardDomain {
  if (!/^\d+$/.test(chainId) || BigInt(chainId) >= 2n ** 256n) {
    throw new MalformedDomainError(`The chain id "${chainId}" is not a whole number below 2^256.`);
  }
  const problem = addressProblem(treasury);
  if (problem !== undefined) throw new MalformedDomainError(`The treasury ${problem}.`);
  return { chainId: BigInt(chainId), treasury: getAddress(treasury) };
}

/**
 * The rewards in the JSON text `[["0x…account","amountWei"], …]`, which may come in pieces of any length. Amounts are
 * decimal digits. Throws MalformedJsonError and InvalidRewardError.
 */
export function* parseRewards(pieces: Iterable<string>): Generator<CumulativeReward> {
  let position = 0;
  for (const item of arrayItems(pieces, { itemEnd: "]", end: "]" })) yield parseReward(item, position++);
}

/** The rewards in the last part of a saved tree, `[{"value":[…],"treeIndex":…}, …]}`, in pieces of any length. */
export function* parseSavedRewards(pieces: Iterable<string>): Generator<CumulativeReward> {
  let position = 0;
  for (const item of arrayItems(pieces, { itemEnd: "}", end: "]}" })) {
    const { value } = item as { readonly value?: unknown };
    yield parseReward(Array.isArray(value) ? value.slice(2) : value, position++);
  }
}

/** One `["0x…account","amountWei"]`; packing checks whether the account is well-formed. */
function parseReward(item: unknown, position: number): CumulativeReward {
  const [account, amountWei, ...rest] = Array.isArray(item) ? (item as unknown[]) : [item];
  if (typeof account !== "string" || typeof amountWei !== "string" || rest.length > 0) {
    const reason = 'not a pair of texts ["0x…account", "amountWei"]';
    throw new InvalidRewardError(position, String(account), reason);
  }
  if (!/^\d+$/.test(amountWei)) {
    throw new InvalidRewardError(position, account, `the amount "${amountWei}" is not a whole number of wei in digits`);
  }
  return { account: account as Address, cumulativeWei: BigInt(amountWei) };
}

/** A text that is not JSON, or not an array where one should be. */
export class MalformedJsonError extends Error {
  override readonly name = "MalformedJsonError";
}

/** Most characters of an item, which has about 300: longer text is no list of rewards, and is not kept in memory. */
const LONGEST_ITEM = 1 << 16;

/** What ends each item of an array, and what ends the text after the last. */
interface ArrayEnds {
  readonly itemEnd: "]" | "}";
  readonly end: string;
}

/**
 * The items of a JSON array, parsed as its text comes in pieces of any length, so that an array of any length needs
 * bounded memory. Items are arrays or objects without such brackets inside: then every `],` or `},` is an item's end.
 * Throws MalformedJsonError.
 */
function* arrayItems(pieces: Iterable<string>, { itemEnd, end }: ArrayEnds): Generator {
  let text = "";
  let isInside = false;
  let isAfterComma = false;
  for (const piece of pieces) {
    text += piece;
    if (!isInside) {
      text = text.trimStart();
      if (text === "") continue;
      if (!text.startsWith("[")) break;
      isInside = true;
      text = text.slice(1);
    }
    const lastItemEnd = text.lastIndexOf(`${itemEnd},`);
    if (lastItemEnd === -1) {
      if (text.length > LONGEST_ITEM)
        throw new MalformedJsonError("The list of rewards has an entry that is not a pair.");
      continue;
    }
    yield* parsed(text.slice(0, lastItemEnd + 1));
    text = text.slice(lastItemEnd + 2);
    isAfterComma = true;
  }
  text = text.trimEnd();
  const lastItem = text.slice(0, -end.length).trim();
  if (!isInside || !text.endsWith(end) || (isAfterComma && lastItem === "")) {
    throw new MalformedJsonError("The list of rewards is not a complete JSON array.");
  }
  yield* parsed(lastItem);
}

function parsed(items: string): unknown[] {
  try {
    return JSON.parse(`[${items}]`) as unknown[];
  } catch {
    throw new MalformedJsonError("The list of rewards is not valid JSON.");
  }
}

/*
 * A saved tree is one line of JSON, exactly what JSON.stringify makes of the `dump()` of OpenZeppelin's
 * StandardMerkleTree for lower-case addresses and decimal amounts. All nodes have one width, and each value begins with
 * its account, so a node is found by its number and a value by its account, without parsing what is between.
 */
export const BEFORE_NODES = `{"format":"standard-v1","leafEncoding":["uint256","address","address","uint256"],"tree":[`;
const CHUNK_ITEMS = 4096;

/** What stands between the nodes and the values. */
export const BEFORE_VALUES = '],"values":';
/** Characters of a node: 0x and 64 digits. */
export const NODE_LENGTH = 2 + 2 * NODE_BYTES;

/** The text of a saved tree, in pieces of bounded length. */
export function* savedForm(tree: RewardTree): Generator<string> {
  const { list, nodes, leafNodes } = tree;
  yield BEFORE_NODES;
  yield* joined(nodes.length / NODE_BYTES, (node) => `"${nodeAt(nodes, node)}"`);
  yield `${BEFORE_VALUES}[`;
  yield* joined(list.count, (i) => {
    const start = valueStart(tree.domain, accountAt(list, i));
    return `${start}${amountAt(list, i).toString()}"],"treeIndex":${leafNodes[i]!}}`;
  });
  yield "]}";
}

/** Where in a saved tree a node's `NODE_LENGTH` characters begin. */
export function nodeOffset(node: number): number {
  return BEFORE_NODES.length + node * `"0x${"00".repeat(NODE_BYTES)}",`.length + 1;
}

/** How the value of an account begins, up to its amount. */
export function valueStart({ chainId, treasury }: RewardDomain, account: Address): string {
  return `{"value":["${chainId.toString()}","${treasury.toLowerCase()}","${account.toLowerCase()}","`;
}

/** The rest of a value, from its amount on, whatever follows it; undefined if the text is none. */
export function parseValueEnd(text: string): { readonly cumulativeWei: bigint; readonly leafNode: number } | undefined {
  const [, amountWei, treeIndex] = /^(\d+)"\],"treeIndex":(\d+)\}/.exec(text) ?? [];
  if (amountWei === undefined || treeIndex === undefined) return undefined;
  return { cumulativeWei: BigInt(amountWei), leafNode: Number(treeIndex) };
}

function* joined(count: number, textOf: (i: number) => string): Generator<string> {
  for (let start = 0; start < count; start += CHUNK_ITEMS) {
    const length = Math.min(CHUNK_ITEMS, count - start);
    const texts = Array.from({ length }, (_, i) => textOf(start + i));
    yield (start === 0 ? "" : ",") + texts.join(",");
  }
}

/** Bytes of what a checksum hashes: an address's digits in lower case, without 0x. */
const DIGITS = 2 * ACCOUNT_BYTES;

/** Least digit of the hash that makes a letter upper case. */
const UPPER_FROM = 8;

/** Passes on the given rewards as long as their accounts' checksums are right. */
type JudgeChecksums = (rewards: Iterable<CumulativeReward>) => Generator<CumulativeReward>;

/**
 * Prepares to check lists of any length: compiled Keccak takes a tenth of the time that `addressProblem` does. Packing
 * checks whether an account is well-formed. The returned function throws InvalidRewardError.
 */
export async function openChecksums(): Promise<JudgeChecksums> {
  const keccak = await openKeccakBatch(await compileKeccak(), DIGITS);
  const message = Buffer.from(keccak.blocks.buffer, keccak.blocks.byteOffset, DIGITS);
  const isRight = (digits: string): boolean => {
    const lower = digits.toLowerCase();
    message.write(lower, "latin1");
    const { buffer, byteOffset } = keccak.digests(1);
    const hash = Buffer.from(buffer, byteOffset, ACCOUNT_BYTES).toString("hex");
    return Array.prototype.every.call(
      digits,
      (digit, i) => (digit === lower[i]) !== (digit > "9" && parseInt(hash[i]!, 16) >= UPPER_FROM),
    );
  };
  return function* (rewards) {
    let position = 0;
    for (const reward of rewards) {
      const { account } = reward;
      if (hasBothCases(account) && ADDRESS.test(account) && !isRight(account.slice(2))) {
        throw new InvalidRewardError(position, account, wrongChecksum);
      }
      position++;
      yield reward;
    }
  };
}
