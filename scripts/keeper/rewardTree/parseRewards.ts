import { type Address, isAddress } from "viem";
import { type RewardDomain } from "./hashing";
import { InvalidRewardError } from "./packRewards";
import { type Reward } from "./rewardList";

/** A text that is not in the form that a reader of rewards expects. */
export class MalformedRewardsError extends Error {
  override readonly name = "MalformedRewardsError";
}

/** A chain id or Treasury that no leaf can bind. */
export class MalformedDomainError extends Error {
  override readonly name = "MalformedDomainError";
}

/** The domain in texts as a person types them: a chain id in decimal digits, an address in any case. */
export function parseDomain(chainId: string, treasury: string): RewardDomain {
  if (!/^\d+$/.test(chainId) || BigInt(chainId) >= 2n ** 256n) {
    throw new MalformedDomainError(`The chain id "${chainId}" is not a whole number below 2^256.`);
  }
  if (!isAddress(treasury, { strict: false })) {
    throw new MalformedDomainError(`The treasury "${treasury}" is not an address (0x and 40 hexadecimal digits).`);
  }
  return { chainId: BigInt(chainId), treasury };
}

/** Where an array stands in a JSON text: what precedes it, what ends each of its items, what follows it. */
export interface ArrayPlace {
  readonly before: RegExp;
  readonly itemEnd: "]" | "}";
  readonly after: RegExp;
}

const WHOLE_TEXT: ArrayPlace = { before: /^\s*\[/, itemEnd: "]", after: /\]\s*$/ };

/**
 * The rewards in the JSON text `[["0x…account","amountWei"], …]`, which may come in pieces of any length; only a piece
 * and a bit is held at a time. Amounts are decimal digits. Throws MalformedRewardsError and InvalidRewardError.
 */
export function* parseRewards(pieces: Iterable<string>): Generator<Reward> {
  let position = 0;
  for (const item of arrayItems(pieces, WHOLE_TEXT)) yield parseReward(item, position++);
}

/** One `["0x…account","amountWei"]`; whether the account is one is checked when it is packed. */
export function parseReward(item: unknown, position: number): Reward {
  const [account, amountWei] = Array.isArray(item) ? (item as unknown[]) : [];
  if (typeof account !== "string" || typeof amountWei !== "string" || (item as unknown[]).length !== 2) {
    const reason = `not a pair of texts ["0x…account", "amountWei"]`;
    throw new InvalidRewardError(position, JSON.stringify(account ?? item), reason);
  }
  if (!/^\d+$/.test(amountWei)) {
    throw new InvalidRewardError(position, account, `the amount "${amountWei}" is not a whole number of wei in digits`);
  }
  return { account: account as Address, cumulativeWei: BigInt(amountWei) };
}

/** The items of an array of arrays (or of objects) without such ends inside their texts, parsed as they come. */
export function* arrayItems(pieces: Iterable<string>, { before, itemEnd, after }: ArrayPlace): Generator {
  let text = "";
  let isInside = false;
  for (const piece of pieces) {
    text += piece;
    if (!isInside) {
      const start = before.exec(text);
      if (start === null) continue;
      isInside = true;
      text = text.slice(start.index + start[0].length);
    }
    const end = text.lastIndexOf(`${itemEnd},`);
    if (end === -1) continue;
    yield* parseItems(text.slice(0, end + 1));
    text = text.slice(end + 2);
  }
  if (!isInside || !after.test(text)) throw new MalformedRewardsError("The rewards are not a whole JSON array.");
  yield* parseItems(text.replace(after, ""));
}

function parseItems(text: string): unknown[] {
  try {
    return JSON.parse(`[${text}]`) as unknown[];
  } catch {
    throw new MalformedRewardsError("The rewards are not valid JSON.");
  }
}
