import { type Address, type EIP1193Provider, getAddress } from "viem";
import { type AnnouncedWallet, type SessionEvent } from "./session";
import { walletRefusalOf, walletSentence } from "./requests";

/**
 * Reads the detail of an `eip6963:announceProvider` event.
 * @returns `undefined` if it is not an announcement: any script of the page may send such events.
 */
export function readAnnouncement(detail: unknown): AnnouncedWallet | undefined {
  if (!isRecord(detail) || !isRecord(detail.info) || !isRecord(detail.provider)) return undefined;
  const { uuid, name, icon, rdns } = detail.info;
  if (typeof uuid !== "string" || typeof name !== "string" || typeof rdns !== "string") return undefined;
  if (typeof detail.provider.request !== "function") return undefined;
  const shownIcon = typeof icon === "string" && icon.startsWith("data:image/") ? icon : "";
  return {
    info: { uuid, name, rdns, icon: shownIcon },
    provider: detail.provider as unknown as EIP1193Provider,
  };
}

/** The one wallet of a browser from before EIP-6963, found at `window.ethereum`. */
export function legacyWallet(provider: EIP1193Provider): AnnouncedWallet {
  return { info: { uuid: "window.ethereum", name: "Browser wallet", icon: "", rdns: "window.ethereum" }, provider };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** What discovery needs of a window. */
interface WalletHost extends EventTarget {
  readonly ethereum?: EIP1193Provider;
}

/** Wallets answer at once; one that is silent for this long does not announce itself. */
const silenceMilliseconds = 300;

/**
 * Finds every wallet in the browser: by EIP-6963, and by `window.ethereum` only if none announces itself.
 * @param onFound Called with the whole list whenever it grows.
 * @returns A function that stops looking.
 */
export function discoverWallets(host: WalletHost, onFound: (wallets: readonly AnnouncedWallet[]) => void): () => void {
  let wallets: readonly AnnouncedWallet[] = [];
  const add = (found: AnnouncedWallet): void => {
    // One that announces itself again stays where it is.
    if (wallets.some(({ info }) => info.uuid === found.info.uuid)) return;
    wallets = [...wallets, found];
    onFound(wallets);
  };
  const listener = (event: Event): void => {
    const found = readAnnouncement((event as CustomEvent<unknown>).detail);
    if (found !== undefined) add(found);
  };
  host.addEventListener("eip6963:announceProvider", listener);
  host.dispatchEvent(new Event("eip6963:requestProvider"));
  const silence = setTimeout(() => {
    if (wallets.length === 0 && host.ethereum !== undefined) add(legacyWallet(host.ethereum));
  }, silenceMilliseconds);
  return () => {
    clearTimeout(silence);
    host.removeEventListener("eip6963:announceProvider", listener);
  };
}

/** `ask`: the wallet may ask its person. `silent`: only what was granted before is used, and nothing is asked. */
export type ConnectMode = "ask" | "silent";

/**
 * Connects to a wallet and reports what happens to it. In `silent` mode nothing is reported unless it connects.
 * @returns A function that stops listening to the wallet.
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
