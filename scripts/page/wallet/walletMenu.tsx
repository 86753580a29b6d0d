import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { useApp } from "../context";
import { Badge } from "../ui/blocks";
import { type AnnouncedWallet, type Session, type SessionEvent } from "./session";
import { type ConnectMode, connectWallet, discoverWallets } from "./connect";
import { AddressForm } from "../actions/fieldInput";
import { shortHex } from "../../show/bytes";

/** The popover in which a wallet is chosen; it is in the page's header. */
const walletChooserId = "wallet-chooser";

/** Opens the list of wallets, from anywhere on the page. */
export function ConnectButton() {
  return (
    <button type="button" class="primary" popovertarget={walletChooserId}>
      Connect
    </button>
  );
}

/** The account that is looking at the page, and the way to change it. */
export function WalletMenu() {
  const { session, report } = useApp();
  const wallets = useWallets(report);
  const chooser = useRef<HTMLDivElement>(null);
  const close = (): void => {
    chooser.current?.hidePopover();
  };
  return (
    <div class="wallet">
      <Who session={session} wallets={wallets} />
      <div
        id={walletChooserId}
        ref={chooser}
        popover="auto"
        role="dialog"
        aria-labelledby="wallet-chooser-title"
        class="card chooser"
      >
        <h2 id="wallet-chooser-title">Connect a wallet</h2>
        <WalletList
          wallets={wallets.found}
          onChoose={(wallet) => {
            close();
            wallets.connect(wallet);
          }}
        />
        <AddressForm
          label="Or view an address without signing anything"
          onLook={(account) => {
            close();
            wallets.disconnect();
            report({ kind: "watched", account });
          }}
        />
        <button type="button" onClick={close}>
          Close
        </button>
      </div>
    </div>
  );
}

function Who({ session, wallets }: { readonly session: Session; readonly wallets: Wallets }) {
  const { chainId } = useApp().deployment;
  switch (session.kind) {
    case "nobody":
      return (
        <>
          {session.notice === null ? null : (
            <p role="alert" class="wallet-notice">
              {session.notice}
            </p>
          )}
          <ConnectButton />
        </>
      );
    case "connecting":
      return (
        <>
          <p role="status">Answer the request in {session.wallet.info.name} …</p>
          <button type="button" onClick={wallets.disconnect}>
            Cancel
          </button>
        </>
      );
    case "watching":
      return (
        <>
          <p>
            Viewing <Account address={session.account} />
          </p>
          <ConnectButton />
          <button type="button" onClick={wallets.disconnect}>
            Stop viewing
          </button>
        </>
      );
    case "connected":
      return (
        <>
          <p>
            <Account address={session.account} /> <span class="muted">in {session.wallet.info.name}</span>{" "}
            {session.chainId === chainId ? null : <Badge tone="warn">on another network</Badge>}
          </p>
          <button type="button" onClick={wallets.disconnect}>
            Disconnect
          </button>
        </>
      );
  }
}

/** An address, short to the eye, complete in the title and for screen readers. */
function Account({ address }: { readonly address: string }) {
  return (
    <code title={address}>
      <span aria-hidden="true">{shortHex(address)}</span>
      <span class="hidden">{address}</span>
    </code>
  );
}

/** Every wallet in this browser, to choose one. */
function WalletList({
  wallets,
  onChoose,
}: {
  readonly wallets: readonly AnnouncedWallet[];
  readonly onChoose: (wallet: AnnouncedWallet) => void;
}) {
  if (wallets.length === 0) {
    return (
      <p>
        This browser has no wallet. Install one (MetaMask, Rabby or another Ethereum wallet) and reload this page, or
        look around without one.
      </p>
    );
  }
  return (
    <ul class="wallets">
      {wallets.map((wallet) => (
        <li key={wallet.info.uuid}>
          <button
            type="button"
            onClick={() => {
              onChoose(wallet);
            }}
          >
            {wallet.info.icon === "" ? null : <img src={wallet.info.icon} alt="" width={28} height={28} />}
            {wallet.info.name}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** The wallets in this browser, and how to connect and disconnect one. */
type Wallets = ReturnType<typeof useWallets>;

/** Finds wallets, and reconnects to the one that was connected on the last visit, if it still allows that. */
function useWallets(report: (event: SessionEvent) => void) {
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
    connect: (wallet: AnnouncedWallet) => {
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

/** The wallet that was connected last, by its reverse domain name; null if none was, or nothing can be stored. */
function rememberedWallet(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Remembers a wallet for the next visit; null forgets it. If the browser stores nothing, it just asks again then. */
function rememberWallet(rdns: string | null): void {
  try {
    if (rdns === null) localStorage.removeItem(key);
    else localStorage.setItem(key, rdns);
  } catch {
    return;
  }
}
