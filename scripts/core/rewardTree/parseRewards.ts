import { type Address, getAddress } from "viem";
import { addressProblem } from "../address";
import { type RewardDomain } from "./hashing";
import { InvalidRewardError, type CumulativeReward } from "./rewardList";

/** A chain id or Treasury that no leaf can bind. */
export class MalformedDomainError extends Error {
  override readonly name = "MalformedDomainError";
}

/** The domain in texts as a person types them: a chain id in decimal digits, an address in any case. */
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

/** One `["0x…account","amountWei"]`; whether the account is well-formed is judged when it is packed. */
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

/** Characters. An item has some 300; whatever has more is no list of rewards, and is not gathered in memory. */
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
    throw new MalformedJsonError("The list of rewards is not a whole JSON array.");
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
