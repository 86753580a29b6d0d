import { type EIP1193Provider } from "viem";
import { type AnnouncedWallet, legacyWallet, readAnnouncement, withWallet } from "./announcedWallets";

/** What discovery needs of a window. */
export interface WalletHost extends EventTarget {
  readonly ethereum?: EIP1193Provider;
}

/** Wallets answer at once; whoever is silent for so long announces nothing. */
const silenceMilliseconds = 300;

/**
 * Finds every wallet in the browser: by EIP-6963, and by `window.ethereum` only if none announces itself.
 * @param onFound Called with the whole list whenever it grows.
 * @returns Stops looking.
 */
export function discoverWallets(host: WalletHost, onFound: (wallets: readonly AnnouncedWallet[]) => void): () => void {
  let wallets: readonly AnnouncedWallet[] = [];
  const add = (found: AnnouncedWallet): void => {
    const more = withWallet(wallets, found);
    if (more === wallets) return;
    wallets = more;
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
