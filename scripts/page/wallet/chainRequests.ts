import { type Address, numberToHex } from "viem";
import { type DeploymentFacts } from "../api/deployment";

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
