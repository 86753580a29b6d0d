import { BaseError, ChainMismatchError, HttpRequestError, InsufficientFundsError, TimeoutError } from "viem";
import { RefusedError, refusalOf } from "../../chain/transact";
import { walletRefusalOf, walletSentence } from "../wallet/walletError";
import { ApiError } from "../api/getJson";
import { refusalSentence } from "../../show/refusalSentences";
import { GasBalanceError } from "./rehearse";

/** What the page can offer after something failed. */
export type WayOn =
  /** The same again. */
  | "tryAgain"
  /** Read everything anew, show the new plan, and ask again. */
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

/** The chain has moved on since the plan was made: what was read is no longer so. */
const outdated: ReadonlySet<string> = new Set(["RootNotClaimable", "NothingToClaim", "PriceAboveMaximum", "Reverted"]);

/** Turns whatever an attempt threw into a sentence and a way on. */
export function explainRefusal(error: unknown): Refusal {
  const wallet = walletRefusalOf(error);
  if (wallet !== undefined) {
    return { sentence: walletSentence(wallet), wayOn: wallet === "unauthorized" ? "connectAgain" : "tryAgain" };
  }
  if (causedBy(error, ChainMismatchError)) {
    return { sentence: "Your wallet is on another network; nothing was sent.", wayOn: "switchChain" };
  }
  if (error instanceof GasBalanceError || error instanceof ApiError) {
    return { sentence: error.message, wayOn: "tryAgain" };
  }
  if (causedBy(error, InsufficientFundsError)) {
    return {
      sentence: "The account has too little of the chain's own currency to pay for gas: send it some, then try again.",
      wayOn: "tryAgain",
    };
  }
  const refusal = error instanceof RefusedError ? error : refusalOf("The call", error);
  if (refusal !== undefined) {
    return { sentence: refusalSentence(refusal), wayOn: outdated.has(refusal.errorName) ? "readAgain" : "tryAgain" };
  }
  if (causedBy(error, HttpRequestError) || causedBy(error, TimeoutError)) {
    return {
      sentence:
        "The chain does not answer now: try again when it does. If your wallet has sent something already, look there first.",
      wayOn: "tryAgain",
    };
  }
  return {
    sentence: `The chain did not answer as expected, and nothing is known to have been sent: ${shortly(error)}`,
    wayOn: "tryAgain",
  };
}

function causedBy(error: unknown, type: abstract new (...args: never[]) => Error): boolean {
  return error instanceof type || (error instanceof BaseError && error.walk((cause) => cause instanceof type) !== null);
}

function shortly(error: unknown): string {
  if (error instanceof BaseError) return error.shortMessage;
  return error instanceof Error ? error.message : String(error);
}
