import "./actions.css";
import { useRef } from "preact/hooks";
import { type Address } from "viem";
import { useApp } from "../context";
import { Notice } from "../ui/blocks";
import { ConnectButton } from "../wallet/connectButton";
import { signerOf } from "../wallet/session";
import { actionAt, actions } from "./actions";
import { ActionPanel } from "./actionPanel";
import { NetworkCard, SwitchChain } from "./walletNetwork";

/** What one can do: one action per part of the address, as in `#/do/delegate`. */
export function ActionsView({ rest }: { readonly rest: readonly string[] }) {
  const action = actionAt(rest[0]);
  const { session } = useApp();
  return (
    <>
      <h1>Do</h1>
      <div class="doing">
        <nav aria-label="Actions">
          <ul class="actions">
            {actions.map(({ id, title }) => (
              <li key={id}>
                <a href={`#/do/${id}`} aria-current={id === action.id ? "page" : undefined}>
                  {title}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <section class="card action" aria-labelledby="action-title">
          <h2 id="action-title">{action.title}</h2>
          <p>{action.purpose}</p>
          <SwitchedAccount key={action.id} account={signerOf(session)} />
          <Body action={action} key={`${action.id} ${session.kind === "connected" ? session.account : ""}`} />
        </section>
        <NetworkCard />
      </div>
    </>
  );
}

/** The form where it can be used; otherwise what is missing, and the way to it. */
function Body({ action }: { readonly action: ReturnType<typeof actionAt> }) {
  const { session, deployment, chain } = useApp();
  switch (session.kind) {
    case "nobody":
      return (
        <>
          <Notice tone="warn">Connect a wallet first. It holds your key and asks you before it signs anything.</Notice>
          <ConnectButton />
        </>
      );
    case "connecting":
      return <Notice tone="warn">Answer in {session.wallet.info.name} first.</Notice>;
    case "watching":
      return (
        <>
          <Notice tone="warn">You are only looking at {session.account}. Connect a wallet to do something.</Notice>
          <ConnectButton />
        </>
      );
    case "connected":
      if (session.chainId !== deployment.chainId) return <SwitchChain provider={session.wallet.provider} />;
      if (chain === null) return <p role="status">Waiting for the chain …</p>;
      return (
        <ActionPanel
          action={action}
          provider={session.wallet.provider}
          site={{
            reader: chain.reader,
            contracts: chain.contracts,
            account: session.account,
            deployment,
            clock: deployment.clock,
            taskTypeNames: deployment.taskTypeNames,
          }}
        />
      );
  }
}

/** Says so where the wallet has gone to another account since this action was opened. */
function SwitchedAccount({ account }: { readonly account: Address | undefined }) {
  const first = useRef(account);
  first.current ??= account;
  if (account === undefined || account === first.current) return null;
  return (
    <Notice tone="warn">
      {`Your wallet has switched to ${account}. What you began with ${first.current!} was not sent: fill in the form again.`}
    </Notice>
  );
}
