import "./wallet.css";
import { useRef, useState } from "preact/hooks";
import { type Address } from "viem";
import { useApp } from "../context";
import { Badge } from "../ui/blocks";
import { ConnectButton, walletChooserId } from "./connectButton";
import { type Session } from "./session";
import { useWallets, type Wallets } from "./useWallets";
import { type AnnouncedWallet } from "./discoverWallets";
import { FormReader } from "../actions/fields";

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

/** Short for the eye, whole for anyone who points at it or has it read aloud. */
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

/** Looks at any address without a wallet. */
function ReadOnlyForm({ onChoose }: { readonly onChoose: (account: Address) => void }) {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string>();
  const submit = (event: Event): void => {
    event.preventDefault();
    const form = new FormReader({ account: text });
    const account = form.address("account");
    setProblem(form.problems.account);
    if (!form.hasProblems) onChoose(account);
  };
  return (
    <form onSubmit={submit} noValidate>
      <label for="watched-account">Or look at an address without signing anything</label>
      <input
        id="watched-account"
        value={text}
        autocomplete="off"
        spellcheck={false}
        placeholder="0x…"
        aria-invalid={problem !== undefined}
        aria-describedby="watched-account-problem"
        onInput={(event) => {
          setText(event.currentTarget.value);
        }}
      />
      <p id="watched-account-problem" class="problem" role="alert">
        {problem}
      </p>
      <button type="submit">Look</button>
    </form>
  );
}
