import { type Address, type EIP1193Provider, numberToHex } from "viem";
import { type DeploymentFacts, type PageSettings } from "../api";

/** Why a wallet did not do what it was asked. */
type WalletRefusal =
  /** The person said no. */
  | "rejected"
  /** A question of this page is open in the wallet already. */
  | "busy"
  /** The wallet does not know the chain: it can be added. */
  | "unknownChain"
  /** The wallet has no such method. */
  | "unsupported"
  /** The wallet does not let this page use the account. */
  | "unauthorized"
  /** The wallet has lost its connection to the chain. */
  | "offline";

/** Codes of EIP-1193, EIP-1474 and EIP-3326, and the one that MetaMask gives while a question is open. */
const refusalByCode: Readonly<Record<number, WalletRefusal>> = {
  4001: "rejected",
  5000: "rejected",
  4100: "unauthorized",
  4200: "unsupported",
  4900: "offline",
  4901: "offline",
  4902: "unknownChain",
  [-32002]: "busy",
  [-32004]: "unsupported",
  [-32601]: "unsupported",
};

/** The sentence for a refusal, with what can be done about it. */
const sentences: Readonly<Record<WalletRefusal, string>> = {
  rejected: "You declined in your wallet; nothing was sent. You can try again at any time.",
  busy: "Your wallet is still waiting for an earlier answer: open it and answer that request first.",
  unknownChain: "Your wallet does not know this network: add it first.",
  unsupported: "Your wallet can't do this: use another wallet.",
  unauthorized: "Your wallet no longer lets this page use the account: connect again.",
  offline: "Your wallet has no connection to the chain: check its network, then try again.",
};

/**
 * The refusal inside anything that a provider or viem threw; `undefined` if the wallet is not to blame.
 * Wallets wrap their errors, and viem wraps them again: the outermost code that is known decides.
 */
export function walletRefusalOf(error: unknown): WalletRefusal | undefined {
  for (let cause = error, depth = 0; isObject(cause) && depth < 10; depth += 1) {
    const refusal = typeof cause.code === "number" ? refusalByCode[cause.code] : undefined;
    if (refusal !== undefined) return refusal;
    cause = cause.cause ?? (isObject(cause.data) ? cause.data.originalError : undefined);
  }
  return undefined;
}

/** What to say to the person. */
export function walletSentence(refusal: WalletRefusal): string {
  return sentences[refusal];
}

function isObject(
  value: unknown,
): value is { code?: unknown; cause?: unknown; data?: unknown; originalError?: unknown } {
  return typeof value === "object" && value !== null;
}

/** The chain of a deployment, as a wallet needs it, with the endpoint that the wallet will use. */
export interface WalletChain extends PageSettings {
  readonly chainId: number;
  readonly name: string;
  /** What gas is paid in, with 18 decimals. */
  readonly currency: { readonly name: string; readonly symbol: string };
}

/** The page's chain: its endpoint is the one that the page itself reads from. */
export function walletChainOf(
  settings: PageSettings,
  { chainId, chain }: Pick<DeploymentFacts, "chainId" | "chain">,
): WalletChain {
  return { chainId, ...chain, ...settings };
}

/** What `wallet_addEthereumChain` takes (EIP-3085). */
export function addChainRequest(chain: WalletChain) {
  return {
    chainId: numberToHex(chain.chainId),
    chainName: chain.name,
    rpcUrls: chain.rpcUrl === null ? [] : [chain.rpcUrl],
    nativeCurrency: { ...chain.currency, decimals: 18 },
    ...(chain.explorerUrl === null ? {} : { blockExplorerUrls: [chain.explorerUrl] }),
  };
}

/** What `wallet_switchEthereumChain` takes (EIP-3326). */
export function switchChainRequest(chain: WalletChain) {
  return { chainId: numberToHex(chain.chainId) };
}

/** What `wallet_watchAsset` takes (EIP-747) to show MDT. */
export function watchTokenRequest(token: Address) {
  return { type: "ERC20" as const, options: { address: token, symbol: "MDT", decimals: 18 } };
}

/** The explorer's URL for a transaction; null if the chain has no explorer. */
export function transactionUrl({ explorerUrl }: Pick<WalletChain, "explorerUrl">, hash: string): string | null {
  return explorerUrl === null ? null : `${explorerUrl}/tx/${hash}`;
}

/** Asks the wallet to add the chain and switch to it. */
export async function addChain(provider: EIP1193Provider, chain: WalletChain): Promise<void> {
  await provider.request({ method: "wallet_addEthereumChain", params: [addChainRequest(chain)] });
}

/** Asks the wallet to switch to the chain; adds the chain if the wallet does not know it. */
export async function switchChain(provider: EIP1193Provider, chain: WalletChain): Promise<void> {
  try {
    await provider.request({ method: "wallet_switchEthereumChain", params: [switchChainRequest(chain)] });
  } catch (error) {
    if (walletRefusalOf(error) !== "unknownChain" || chain.rpcUrl === null) throw error;
    await addChain(provider, chain);
  }
}

/**
 * Asks the wallet to show MDT among its tokens.
 * @returns Whether the person agreed.
 */
export function watchToken(provider: EIP1193Provider, token: Address): Promise<boolean> {
  return provider.request({ method: "wallet_watchAsset", params: watchTokenRequest(token) });
}
