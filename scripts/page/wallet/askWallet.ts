import { type Address, type EIP1193Provider } from "viem";
import { addChainRequest, switchChainRequest, type WalletChain, watchTokenRequest } from "./chainRequests";
import { walletRefusalOf } from "./walletError";

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
