import "./wallet.css";
import { useRef } from "preact/hooks";
import { useApp } from "../context";
import { ConnectButton, walletChooserId } from "./connectButton";
import { ReadOnlyForm } from "./readOnlyForm";
import { type Session } from "./session";
import { useWallets, type Wallets } from "./useWallets";
import { WalletList } from "./walletList";

/** Who is looking at the page, and the way to become somebody else. */
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
        <ReadOnlyForm
          onChoose={(account) => {
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
          <p role="status">Answer in {session.wallet.info.name} …</p>
          <button type="button" onClick={wallets.disconnect}>
            Cancel
          </button>
        </>
      );
    case "watching":
      return (
        <>
          <p>
            Looking at <Account address={session.account} />
          </p>
          <ConnectButton />
          <button type="button" onClick={wallets.disconnect}>
            Stop looking
          </button>
        </>
      );
    case "connected":
      return (
        <>
          <p>
            <Account address={session.account} /> <span class="muted">in {session.wallet.info.name}</span>
          </p>
          <button type="button" onClick={wallets.disconnect}>
            Disconnect
          </button>
        </>
      );
  }
}

/** Short for the eye, whole for whoever points at it or has it read aloud. */
function Account({ address }: { readonly address: string }) {
  return (
    <code title={address}>
      <span aria-hidden="true">
        {address.slice(0, 6)}…{address.slice(-4)}
      </span>
      <span class="hidden">{address}</span>
    </code>
  );
}
