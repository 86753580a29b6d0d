import {
  type Hash,
  type PublicClient,
  TransactionNotFoundError,
  type TransactionReceipt,
  WaitForTransactionReceiptTimeoutError,
} from "viem";

/** A transaction that was sent and is in no block yet. */
export interface Pending {
  readonly hash: Hash;
  /** For how long its block has been waited for. */
  readonly seconds: number;
  /** Not where the node has dropped it: then it may never be mined. */
  readonly isKnown: boolean;
}

/** Told each second how a transaction waits; must not throw. */
export type OnPending = (pending: Pending) => void;

/** What was sent waits longer for its block than anybody should: the message is for people. */
export class StillPendingError extends Error {
  override readonly name = "StillPendingError";
}

/** Another transaction took the place of the one that was sent. */
export class ReplacedError extends Error {
  override readonly name = "ReplacedError";
}

const tellEveryMilliseconds = 1_000;
const longestMilliseconds = 600_000;

/**
 * Waits until a transaction is mined; one that only pays more for the same call is waited for in its place.
 * @throws StillPendingError after ten minutes; ReplacedError.
 */
export async function awaitReceipt(
  reader: PublicClient,
  hash: Hash,
  onPending: OnPending,
): Promise<TransactionReceipt> {
  const begun = performance.now();
  let isWaiting = true;
  const timer = setInterval(() => {
    void isKnownTo(reader, hash).then((isKnown) => {
      const seconds = Math.floor((performance.now() - begun) / 1_000);
      if (isWaiting) onPending({ hash, seconds, isKnown });
    });
  }, tellEveryMilliseconds);
  const reasons = new Set<string>();
  try {
    const receipt = await reader.waitForTransactionReceipt({
      hash,
      timeout: longestMilliseconds,
      onReplaced: ({ reason }) => {
        reasons.add(reason);
      },
    });
    if (!reasons.has("cancelled") && !reasons.has("replaced")) return receipt;
  } catch (error) {
    if (!(error instanceof WaitForTransactionReceiptTimeoutError)) throw error;
    throw new StillPendingError(
      `${hash} was sent ten minutes ago and is in no block yet: check what happened to it before you send it again.`,
    );
  } finally {
    isWaiting = false;
    clearInterval(timer);
  }
  throw new ReplacedError(
    `${hash} was cancelled or replaced by another transaction of the account, so it did nothing: you can try again.`,
  );
}

/** Whoever can't be asked right now has dropped nothing. */
async function isKnownTo(reader: PublicClient, hash: Hash): Promise<boolean> {
  try {
    await reader.getTransaction({ hash });
    return true;
  } catch (error) {
    return !(error instanceof TransactionNotFoundError);
  }
}
