import { callOf, type Payment, type PermitSignature, type Plan } from "../../actions/plan";
import { allowanceOverride, estimateGas } from "../../chain/estimate";
import { inCurrency } from "../../show/amounts";
import { type PageSite } from "./form";
import {
  createWalletClient,
  custom,
  type EIP1193Provider,
  type Hash,
  isAddressEqual,
  parseSignature,
  recoverTypedDataAddress,
  size,
  type TransactionReceipt,
  type WalletClient,
} from "viem";
import { awaitReceipt, type Call, type Pending, RefusedError, simulate } from "../../chain/transact";
import { nextTimestamp } from "../../chain/blocks";
import { walletRefusalOf } from "../wallet/requests";

/** How to allow a plan's payment. */
export type PaymentWay =
  /** There is nothing to pay, or an allowance already: one transaction. */
  | "none"
  /** One signature and one transaction. */
  | "permit"
  /** Two transactions, first an exact allowance: if the wallet or the contract can't use a signed permission. */
  | "approve";

/** What a plan would do and cost if it were sent now. */
export interface Rehearsal {
  readonly way: PaymentWay;
  readonly gas: bigint;
  /** Gas at the price that the node suggests, wei of the chain's currency. */
  readonly feeWei: bigint;
}

/** Maximum gas besides the call: for an approval, or for checking a signature and writing allowance and nonce. */
const permitGas = 60_000n;

/**
 * Tries a plan on the chain's current state, without a signature, and checks that the account can pay for the gas.
 * @throws What viem throws if the contract would refuse; GasBalanceError.
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

/** @throws GasBalanceError if the account has less of the chain's currency than the transaction is expected to cost. */
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

/** What the wallet or the chain is busy with. */
export type Stage =
  | { readonly kind: "signing" }
  /** The transaction that allows the payment, if no signature can. */
  | { readonly kind: "approving" }
  | ({ readonly kind: "approvalMining" } & Pending)
  | { readonly kind: "sending" }
  | ({ readonly kind: "mining" } & Pending);

/** What happens to a plan while it is performed. */
export type Progress =
  /** The wallet can't sign permissions: the payment is allowed by a transaction. */
  | { readonly kind: "fellBack" }
  | { readonly kind: "reached"; readonly stage: Stage }
  | { readonly kind: "mined"; readonly result: string; readonly hash: Hash };

/** How long a signed permission can be used. */
const permitSeconds = 3_600n;

/** What an attempt works with. */
interface Means {
  readonly site: PageSite;
  readonly provider: EIP1193Provider;
  /** Whether the person still looks at this attempt: not after the wallet has switched to another account or chain. */
  readonly isWanted: () => boolean;
}

/**
 * Carries out a plan: gets the payment permitted, tries the call once more, has the wallet send it, and waits until it
 * is mined.
 * @param report Called with each step.
 * @throws What the wallet or the chain refused with.
 */
export async function perform(
  means: Means,
  plan: Plan,
  way: PaymentWay,
  report: (progress: Progress) => void,
): Promise<void> {
  const wallet = walletOf(means);
  const call = await permitted(means, wallet, plan, way, report);
  const { hash, logs } = await send(means, wallet, call, (sent) => {
    report({ kind: "reached", stage: sent === null ? { kind: "sending" } : { kind: "mining", ...sent } });
  });
  report({ kind: "mined", result: plan.outcomeOf(logs).sentence, hash });
}

/** Gets the payment permitted. @returns The call to send then. */
async function permitted(
  means: Means,
  wallet: WalletClient,
  { call, payment }: Plan,
  way: PaymentWay,
  report: (progress: Progress) => void,
): Promise<Call> {
  if (payment === null || way === "none") return call;
  if (payment.withPermit !== null) {
    const permit = await signPermit(means, wallet, payment);
    if (permit !== undefined) return payment.withPermit(permit);
    report({ kind: "fellBack" });
  }
  const { token } = means.site.contracts;
  const approval = callOf({ ...token, functionName: "approve", args: [payment.spender, payment.amountWei] });
  await send(means, wallet, approval, (sent) => {
    report({ kind: "reached", stage: sent === null ? { kind: "approving" } : { kind: "approvalMining", ...sent } });
  });
  return call;
}

/** One permission (EIP-2612): `spender` may take `value` wei from `owner` once, before `deadline` (unix seconds). */
const permitTypes = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
} as const;

/** The signed permission; `undefined` if the wallet can't sign, or signs as a contract, which the token can't check. */
async function signPermit(
  { site }: Means,
  wallet: WalletClient,
  { spender, amountWei }: Pick<Payment, "spender" | "amountWei">,
): Promise<PermitSignature | undefined> {
  const { account, contracts, reader } = site;
  const [[, name, version, chainId, verifyingContract], nonce, now] = await Promise.all([
    contracts.token.read.eip712Domain(),
    contracts.token.read.nonces([account]),
    nextTimestamp(reader),
  ]);
  const deadline = now + permitSeconds;
  const typedData = {
    domain: { name, version, chainId: Number(chainId), verifyingContract },
    types: permitTypes,
    primaryType: "Permit",
    message: { owner: account, spender, value: amountWei, nonce, deadline },
  } as const;
  try {
    const signature = await wallet.signTypedData({ ...typedData, account });
    if (size(signature) !== 65) return undefined;
    const signer = await recoverTypedDataAddress({ ...typedData, signature });
    if (!isAddressEqual(signer, account)) return undefined;
    // Some wallets end it with 0 or 1 instead of 27 or 28.
    const { r, s, yParity } = parseSignature(signature);
    return { deadline, v: yParity + 27, r, s };
  } catch (error) {
    if (walletRefusalOf(error) === "unsupported") return undefined;
    throw error;
  }
}

/**
 * Tries a call, has it sent, and waits for its block; `onSent` gets `null` before the wallet is asked, then progress.
 */
async function send(
  { site, isWanted }: Means,
  wallet: WalletClient,
  call: Call,
  onSent: (pending: Pending | null) => void,
): Promise<{ readonly hash: Hash; readonly logs: TransactionReceipt["logs"] }> {
  await simulate(site.reader, site.account, call);
  if (!isWanted()) throw new Error("You left before anything was sent.");
  onSent(null);
  const hash = await wallet.writeContract({ ...call, account: site.account, chain: wallet.chain ?? null });
  onSent({ hash, seconds: 0, isKnown: true });
  const receipt = await awaitReceipt(site.reader, hash, onSent);
  if (receipt.status === "success") return { hash: receipt.transactionHash, logs: receipt.logs };
  throw new RefusedError(`${call.functionName} was mined but reverted.`, "Reverted", []);
}

/** A client for the wallet, bound to the deployment's chain: it refuses to send on any other. */
function walletOf({ site, provider }: Means): WalletClient {
  const { chainId, chain } = site.deployment;
  return createWalletClient({
    account: site.account,
    chain: {
      id: chainId,
      name: chain.name,
      nativeCurrency: { ...chain.currency, decimals: 18 },
      rpcUrls: { default: { http: [] } },
    },
    transport: custom(provider, { retryCount: 0 }),
  });
}
