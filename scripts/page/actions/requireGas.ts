import { type Site } from "./action";
import { inCurrency } from "./describeCost";
import { type Rehearsal } from "./rehearse";

/** The account can't pay for gas; the message is for people. */
export class GasBalanceError extends Error {
  override readonly name = "GasBalanceError";
}

/** @throws GasBalanceError where the account has less of the chain's currency than the transaction is expected to cost. */
export async function requireGas({ reader, account, deployment }: Site, { feeWei }: Rehearsal): Promise<void> {
  const { symbol } = deployment.chain.currency;
  const balanceWei = await reader.getBalance({ address: account, blockTag: "pending" });
  if (balanceWei >= feeWei) return;
  const needed = inCurrency(feeWei, symbol);
  throw new GasBalanceError(
    balanceWei === 0n
      ? `Gas is paid in ${symbol}, and the account has none: send it at least ${needed}, then try again.`
      : `Gas for this costs about ${needed}, more than the account has: send it some ${symbol}, then try again.`,
  );
}
