import { type Address, getAddress } from "viem";
import { type AnnouncedWallet } from "./discoverWallets";
import { type SessionEvent } from "./session";
import { walletRefusalOf, walletSentence } from "./walletError";

/** `ask`: the wallet may ask its person. `silent`: only what was granted before is used, and nothing is asked. */
export type ConnectMode = "ask" | "silent";

/**
 * Connects to a wallet and reports what becomes of it. In `silent` mode nothing is reported unless it connects.
 * @returns Stops listening to the wallet.
 */
export function connectWallet(
  wallet: AnnouncedWallet,
  mode: ConnectMode,
  report: (event: SessionEvent) => void,
): () => void {
  const { provider } = wallet;
  let isOver = false;
  const onAccounts = (accounts: readonly Address[]): void => {
    report({ kind: "accountsChanged", accounts: accounts.map((account) => getAddress(account)) });
  };
  const onChain = (chainId: string): void => {
    report({ kind: "chainChanged", chainId: Number(chainId) });
  };
  const connect = async (): Promise<void> => {
    if (mode === "ask") report({ kind: "askedToConnect", wallet });
    const method = mode === "ask" ? "eth_requestAccounts" : "eth_accounts";
    const [account] = await provider.request({ method });
    const chainId = Number(await provider.request({ method: "eth_chainId" }));
    if (isOver) return;
    if (account !== undefined) {
      provider.on("accountsChanged", onAccounts);
      provider.on("chainChanged", onChain);
      report({ kind: "connected", wallet, account: getAddress(account), chainId });
    } else if (mode === "ask") {
      report({ kind: "failed", sentence: `${wallet.info.name} shared no account: unlock it and connect again.` });
    }
  };
  connect().catch((error: unknown) => {
    if (isOver || mode === "silent") return;
    const refusal = walletRefusalOf(error);
    const sentence =
      refusal === undefined ? `${wallet.info.name} did not connect: try again.` : walletSentence(refusal);
    report({ kind: "failed", sentence });
  });
  return () => {
    isOver = true;
    provider.removeListener("accountsChanged", onAccounts);
    provider.removeListener("chainChanged", onChain);
  };
}
