import { type Address, type EIP1193Provider, numberToHex } from "viem";
import { type DeploymentFacts } from "../api/answers";
import { walletRefusalOf } from "./walletError";

/** The chain of a deployment, as a wallet has to know it. */
export interface WalletChain {
  readonly chainId: number;
  readonly name: string;
  /** Public endpoint that the wallet will use; null where the page has none to give. */
  readonly rpcUrl: string | null;
  /** Address of a block explorer without a slash at its end; null where the chain has none. */
  readonly explorerUrl: string | null;
  /** What gas is paid in, with 18 decimals. */
  readonly currency: { readonly name: string; readonly symbol: string };
}

/** The page's chain: its endpoint is the one that the page itself reads from. */
export function walletChainOf(
  { rpcUrl, explorerUrl }: { readonly rpcUrl: string | null; readonly explorerUrl: string | null },
  { chainId, chain }: Pick<DeploymentFacts, "chainId" | "chain">,
): WalletChain {
  return { chainId, ...chain, rpcUrl, explorerUrl };
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

/** Where a transaction can be looked at; null where the chain has no explorer. */
export function transactionUrl(chain: WalletChain, hash: string): string | null {
  return chain.explorerUrl === null ? null : `${chain.explorerUrl}/tx/${hash}`;
}

/** Asks the wallet to know the chain, and to go to it. */
export async function addChain(provider: EIP1193Provider, chain: WalletChain): Promise<void> {
  await provider.request({ method: "wallet_addEthereumChain", params: [addChainRequest(chain)] });
}

/** Asks the wallet to go to the chain, which is added first where the wallet does not know it. */
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
