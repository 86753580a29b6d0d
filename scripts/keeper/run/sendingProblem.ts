import { BaseError } from "viem";

/**
 * Why a node did not take a transaction, where looking at the chain again is the answer:
 * `alreadyKnown` it has this very transaction; `underpriced` it has another one with the same nonce that pays too well to be
 * replaced by this one; `nonceTaken` a transaction with this nonce is mined; `baseFeeRose` no block takes so low a fee now.
 */
export type SendingProblem = "alreadyKnown" | "underpriced" | "nonceTaken" | "baseFeeRose";

/** The words of geth, Nethermind, Besu, Erigon, Reth, anvil and Hardhat; nodes agree on no codes for them. */
const words: readonly (readonly [SendingProblem, RegExp])[] = [
  ["alreadyKnown", /already ?known|known transaction|already imported|already in mempool/i],
  ["underpriced", /replacement (transaction|tx) underpriced|replacement ?not ?allowed|fee ?too ?low ?to ?compete/i],
  ["nonceTaken", /nonce (is )?too low|nonce provided for the transaction is lower|old ?nonce|invalid nonce/i],
  ["baseFeeRose", /less than (the )?block base fee|max ?fee ?per ?gas.*(too low|less than|lower than)/i],
];

/** What a node's refusal means; undefined where it is something else, or no refusal at all. */
export function sendingProblemOf(error: unknown): SendingProblem | undefined {
  const text = textsOf(error).join("\n");
  return words.find(([, pattern]) => pattern.test(text))?.[0];
}

/** What every error in the chain of causes says; viem keeps the node's own words in `details`. */
function textsOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [String(error)];
  const own = error instanceof BaseError ? [error.shortMessage, error.details] : [error.message];
  return error.cause === undefined ? own : [...own, ...textsOf(error.cause)];
}
