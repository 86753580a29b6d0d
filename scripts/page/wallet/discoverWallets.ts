import { type EIP1193Provider } from "viem";

/** How a wallet introduces itself: EIP-6963's `EIP6963ProviderInfo`. */
interface WalletInfo {
  /** Unique for one page load. */
  readonly uuid: string;
  readonly name: string;
  /** A `data:` image, or empty where the wallet gave none that could be shown without asking a third party. */
  readonly icon: string;
  /** Reverse domain name, the same in every page load: by it a wallet is remembered. */
  readonly rdns: string;
}

/** A wallet on this page, and the EIP-1193 provider by which one talks to it. */
export interface AnnouncedWallet {
  readonly info: WalletInfo;
  readonly provider: EIP1193Provider;
}

/**
 * Reads the detail of an `eip6963:announceProvider` event.
 * @returns `undefined` where it is not an announcement: any script of the page may send such events.
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

/** The list with one wallet more; a wallet that announces itself again stays where it is. */
function withWallet(wallets: readonly AnnouncedWallet[], found: AnnouncedWallet): readonly AnnouncedWallet[] {
  return wallets.some(({ info }) => info.uuid === found.info.uuid) ? wallets : [...wallets, found];
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

/** Wallets answer at once; anyone who is silent for so long announces nothing. */
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
