import { BaseError, ChainMismatchError, HttpRequestError, InsufficientFundsError, TimeoutError } from "viem";
import { refusalOf, RefusedError, ReplacedError, StillPendingError } from "../../chain/transact";
import { walletRefusalOf, walletSentence } from "../wallet/requests";
import { ApiError } from "../api";
import { refusalSentence } from "../../show/refusalSentences";
import { GasBalanceError } from "./perform";

/** What the page can offer after something failed. */
export type WayOn =
  /** The same again. */
  | "tryAgain"
  /** Read everything again, show the new plan, and ask again. */
  | "readAgain"
  | "switchChain"
  | "connectAgain"
  /** Nothing that a button could do: the sentence says what helps. */
  | "none";

/** Why an action did not happen, for people. */
export interface Refusal {
  readonly sentence: string;
  readonly wayOn: WayOn;
}

/** Errors which mean that the chain has changed since the plan was made. */
const outdated: ReadonlySet<string> = new Set(["RootNotClaimable", "NothingToClaim", "PriceAboveMaximum", "Reverted"]);

const staleNonce =
  "Your wallet still counts the transactions of an earlier chain, because the node was restarted. Nothing was sent. In MetaMask, use Settings → Advanced → Clear activity tab data, then try again.";

/** Turns whatever an attempt threw into a sentence and a way on. */
export function explainRefusal(error: unknown): Refusal {
  const tryAgain = (sentence: string): Refusal => ({ sentence, wayOn: "tryAgain" });
  // Wallets hide it in errors of any kind, which would otherwise look like a contract's refusal.
  if (saysSomewhere(error, /nonce (is )?too (high|low)/i)) return tryAgain(staleNonce);
  const wallet = walletRefusalOf(error);
  if (wallet !== undefined) {
    return { sentence: walletSentence(wallet), wayOn: wallet === "unauthorized" ? "connectAgain" : "tryAgain" };
  }
  if (causedBy(error, ChainMismatchError)) {
    return { sentence: "Your wallet is on another network; nothing was sent.", wayOn: "switchChain" };
  }
  if (error instanceof GasBalanceError || error instanceof ApiError || error instanceof ReplacedError) {
    return tryAgain(error.message);
  }
  if (causedBy(error, InsufficientFundsError)) {
    return tryAgain(
      "The account has too little of the chain's own currency to pay for gas: send some to it, then try again.",
    );
  }
  if (error instanceof StillPendingError) return { sentence: error.message, wayOn: "none" };
  const refusal = error instanceof RefusedError ? error : refusalOf("The call", error);
  if (refusal !== undefined) {
    return { sentence: refusalSentence(refusal), wayOn: outdated.has(refusal.errorName) ? "readAgain" : "tryAgain" };
  }
  if (causedBy(error, HttpRequestError) || causedBy(error, TimeoutError)) {
    return tryAgain(
      "The chain is not answering: try again later. If your wallet may already have sent the transaction, check there first.",
    );
  }
  return tryAgain(`The chain did not answer as expected, and nothing is known to have been sent: ${shortly(error)}`);
}

function causedBy(error: unknown, type: abstract new (...args: never[]) => Error): boolean {
  return error instanceof type || (error instanceof BaseError && error.walk((cause) => cause instanceof type) !== null);
}

/** Whether any text inside an error matches, however deeply wallets and viem have wrapped it. */
function saysSomewhere(value: unknown, words: RegExp, seen = new Set<unknown>()): boolean {
  if (typeof value === "string") return words.test(value);
  if (typeof value !== "object" || value === null || seen.has(value)) return false;
  seen.add(value);
  // An error's message is not enumerable.
  const inside = Object.getOwnPropertyNames(value).filter((name) => name !== "stack");
  return inside.some((name) => saysSomewhere((value as Readonly<Record<string, unknown>>)[name], words, seen));
}

function shortly(error: unknown): string {
  if (error instanceof BaseError) return error.shortMessage;
  return error instanceof Error ? error.message : String(error);
}
