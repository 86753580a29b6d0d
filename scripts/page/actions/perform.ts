import {
  type Address,
  createWalletClient,
  custom,
  type EIP1193Provider,
  type Hash,
  type Hex,
  isAddressEqual,
  parseSignature,
  recoverTypedDataAddress,
  size,
  type TransactionReceipt,
  type WalletClient,
} from "viem";
import { awaitReceipt, type Pending, type Call, RefusedError, simulate } from "../../chain/transact";
import { nextTimestamp } from "../../chain/blocks";
import { walletRefusalOf } from "../wallet/walletError";
import { callOf, type Payment, type PermitSignature, type Plan } from "../../actions/plan";
import { type PageSite } from "./action";
import { type AttemptEvent } from "./attempt";
import { type PaymentWay } from "./rehearse";

/** How long a signed permission can be used. */
const permitSeconds = 3_600n;

/** Nobody looks at the attempt any more, so nothing was sent. */
export class AbandonedError extends Error {
  override readonly name = "AbandonedError";
  override readonly message = "You left before anything was sent.";
}

/** Through what an attempt is made. */
export interface Means {
  readonly site: PageSite;
  readonly provider: EIP1193Provider;
  /** Whether the person still looks at this attempt: not after the wallet went to another account or chain. */
  readonly isWanted: () => boolean;
}

/**
 * Does what a plan says: gets the payment permitted, tries the call once more, has the wallet send it, and waits until it is
 * mined.
 * @returns What happened.
 * @throws What the wallet or the chain refused with.
 */
export async function perform(
  means: Means,
  plan: Plan,
  way: PaymentWay,
  report: (event: AttemptEvent) => void,
): Promise<void> {
  const wallet = walletOf(means);
  const call = await permitted(means, wallet, plan, way, report);
  const { hash, logs } = await send(means, wallet, call, (sent) => {
    report({ kind: "reached", stage: sent === null ? { kind: "sending" } : { kind: "mining", ...sent } });
  });
  report({ kind: "mined", result: plan.outcomeOf(logs).sentence, hash });
}

/** The call with which the payment is permitted. */
async function permitted(
  means: Means,
  wallet: WalletClient,
  { call, payment }: Plan,
  way: PaymentWay,
  report: (event: AttemptEvent) => void,
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

/** The signed permission; `undefined` where the wallet can't sign, or signs as a contract, which the token can't check. */
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
  const typedData = permitTypedData(
    { name, version, chainId: Number(chainId), verifyingContract },
    { owner: account, spender, value: amountWei, nonce, deadline },
  );
  try {
    const signature = await wallet.signTypedData({ ...typedData, account });
    if (size(signature) !== 65) return undefined;
    const signer = await recoverTypedDataAddress({ ...typedData, signature });
    return isAddressEqual(signer, account) ? permitSignature(deadline, signature) : undefined;
  } catch (error) {
    if (walletRefusalOf(error) === "unsupported") return undefined;
    throw error;
  }
}

/** Tries a call, has it sent, and waits for its block; `onSent` hears `null` before the wallet is asked, then how it waits. */
async function send(
  { site, isWanted }: Means,
  wallet: WalletClient,
  call: Call,
  onSent: (pending: Pending | null) => void,
): Promise<{ readonly hash: Hash; readonly logs: TransactionReceipt["logs"] }> {
  await simulate(site.reader, site.account, call);
  if (!isWanted()) throw new AbandonedError();
  onSent(null);
  const hash = await wallet.writeContract({ ...call, account: site.account, chain: wallet.chain ?? null });
  onSent({ hash, seconds: 0, isKnown: true });
  const receipt = await awaitReceipt(site.reader, hash, onSent);
  if (receipt.status === "success") return { hash: receipt.transactionHash, logs: receipt.logs };
  throw new RefusedError(`${call.functionName} was mined but reverted.`, "Reverted", []);
}

/** The wallet as viem sees it, bound to the deployment's chain: on any other it refuses to send. */
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

/** What EIP-712 binds a signature of the token to. */
interface TokenDomain {
  readonly name: string;
  readonly version: string;
  readonly chainId: number;
  readonly verifyingContract: Address;
}

/** One permission (EIP-2612): `spender` may take `value` wei from `owner`, if used before `deadline` (unix seconds). */
interface Permit {
  readonly owner: Address;
  readonly spender: Address;
  readonly value: bigint;
  /** The token's `nonces(owner)`: a permission is used once. */
  readonly nonce: bigint;
  readonly deadline: bigint;
}

const types = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
} as const;

/** What the wallet is to sign: viem's and ethers' form of EIP-712. */
function permitTypedData(domain: TokenDomain, permit: Permit) {
  return { domain, types, primaryType: "Permit", message: permit } as const;
}

/** Takes a 65-byte signature apart; wallets that end it on 0 or 1 instead of 27 or 28 are understood. */
function permitSignature(deadline: bigint, signature: Hex): PermitSignature {
  const { r, s, yParity } = parseSignature(signature);
  return { deadline, v: yParity + 27, r, s };
}
