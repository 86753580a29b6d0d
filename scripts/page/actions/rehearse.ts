import { type Plan } from "../../actions/plan";
import { allowanceOverride, estimateGas } from "../../chain/estimate";
import { inCurrency } from "../../show/amounts";
import { type PageSite } from "./action";

/** How a plan's payment is to be allowed. */
export type PaymentWay =
  /** Nothing to pay, or an allowance is there already: one transaction. */
  | "none"
  /** One signature and one transaction. */
  | "permit"
  /** Two transactions, of which the first allows the exact amount: where the wallet can't sign, or the contract takes no signature. */
  | "approve";

/** What a plan would do and cost if it were sent now. */
export interface Rehearsal {
  readonly way: PaymentWay;
  readonly gas: bigint;
  /** Gas at the price that the node suggests, wei of the chain's currency. */
  readonly feeWei: bigint;
}

/** What an approval, or checking a signature and writing allowance and nonce, costs besides the call, at most. */
const permitGas = 60_000n;

/**
 * Tries a plan on the chain as it is, without a signature, and with gas that the account can pay.
 * @throws What viem throws where the contract would refuse; GasBalanceError.
 */
export async function rehearse(site: PageSite, { call, payment }: Plan): Promise<Rehearsal> {
  const { reader, account, contracts } = site;
  const { token } = contracts;
  const isAllowed =
    payment === null ||
    (await token.read.allowance([account, payment.spender], { blockTag: "pending" })) >= payment.amountWei;
  const override = isAllowed ? undefined : allowanceOverride(token.address, account, payment.spender);
  const [callGas, gasPriceWei] = await Promise.all([
    estimateGas(reader, account, call, override),
    reader.getGasPrice(),
  ]);
  const gas = isAllowed ? callGas : callGas + permitGas;
  const way = isAllowed ? "none" : payment.withPermit === null ? "approve" : "permit";
  const rehearsal: Rehearsal = { way, gas, feeWei: gas * gasPriceWei };
  await requireGas(site, rehearsal);
  return rehearsal;
}

/** The account can't pay for gas; the message is for people. */
export class GasBalanceError extends Error {
  override readonly name = "GasBalanceError";
}

/** @throws GasBalanceError where the account has less of the chain's currency than the transaction is expected to cost. */
async function requireGas({ reader, account, deployment }: PageSite, { feeWei }: Rehearsal): Promise<void> {
  const { symbol } = deployment.chain.currency;
  const balanceWei = await reader.getBalance({ address: account, blockTag: "pending" });
  if (balanceWei >= feeWei) return;
  const needed = inCurrency(feeWei, symbol);
  throw new GasBalanceError(
    balanceWei === 0n
      ? `Gas is paid in ${symbol}, and the account has none: send at least ${needed} to it, then try again.`
      : `Gas for this costs about ${needed}, more than the account has: send some ${symbol} to it, then try again.`,
  );
}
