import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { type AnnouncedWallet, discoverWallets } from "./discoverWallets";
import { type ConnectMode, connectWallet } from "./connectWallet";
import { type SessionEvent } from "./session";

/** The wallets in this browser, and how to take and leave one. */
export interface Wallets {
  readonly found: readonly AnnouncedWallet[];
  readonly connect: (wallet: AnnouncedWallet) => void;
  readonly disconnect: () => void;
}

/** Finds wallets, and connects again to the one that was connected when the page was last shown, if it still lets it. */
export function useWallets(report: (event: SessionEvent) => void): Wallets {
  const [found, setFound] = useState<readonly AnnouncedWallet[]>([]);
  const stopListening = useRef<(() => void) | null>(null);
  const connectAs = useCallback(
    (wallet: AnnouncedWallet, mode: ConnectMode): void => {
      stopListening.current?.();
      stopListening.current = connectWallet(wallet, mode, (event) => {
        if (event.kind === "connected") rememberWallet(wallet.info.rdns);
        report(event);
      });
    },
    [report],
  );
  useEffect(() => discoverWallets(window, setFound), []);
  useEffect(() => {
    const known = found.find(({ info }) => info.rdns === rememberedWallet());
    if (known !== undefined && stopListening.current === null) connectAs(known, "silent");
  }, [found, connectAs]);
  return {
    found,
    connect: (wallet) => {
      connectAs(wallet, "ask");
    },
    disconnect: () => {
      stopListening.current?.();
      rememberWallet(null);
      report({ kind: "disconnected" });
    },
  };
}

const key = "moderntensor.wallet";

/** The wallet that was connected last, by its reverse domain name; null where none was, or nothing can be stored. */
function rememberedWallet(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Remembers a wallet for the next visit, or none. A browser that stores nothing just asks again then. */
function rememberWallet(rdns: string | null): void {
  try {
    if (rdns === null) localStorage.removeItem(key);
    else localStorage.setItem(key, rdns);
  } catch {
    return;
  }
}
