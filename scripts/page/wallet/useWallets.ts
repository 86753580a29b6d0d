import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { type AnnouncedWallet } from "./announcedWallets";
import { connectWallet, type ConnectMode } from "./connectWallet";
import { discoverWallets } from "./discoverWallets";
import { rememberedWallet, rememberWallet } from "./rememberedWallet";
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
