import { type ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { type Address, zeroAddress } from "viem";
import { useApp } from "../context";
import { Heading, Loading, Notice } from "../ui/blocks";
import { ConnectButton } from "../wallet/walletMenu";
import { signerOf } from "../wallet/session";
import { type Action, type FormValues } from "./form";
import { actionAt, actionGroups } from "./actions";
import { ActionPanel, ActionPreview } from "./actionPanel";
import { NetworkCard, SwitchChain } from "./walletNetwork";

/** All actions; the address names the one to open, as in `#/do/delegate`. */
export function ActionsView({ rest }: { readonly rest: readonly string[] }) {
  const action = actionAt(rest[0]);
  return (
    <>
      <Heading title="Do" />
      <div class="doing">
        <nav aria-label="Actions">
          <ul class="action-groups">
            {actionGroups.map((group) => (
              <Group key={group.title} {...group} current={action} />
            ))}
          </ul>
        </nav>
        <section class="card action" aria-labelledby="action-title">
          <h2 id="action-title">{action.title}</h2>
          <p>{action.purpose}</p>
          <Opened key={action.id} action={action} />
        </section>
        <NetworkCard />
      </div>
    </>
  );
}

/** Actions of one purpose. On a phone's width only those of the chosen purpose are shown. */
function Group({
  title,
  actions,
  current,
}: {
  readonly title: string;
  readonly actions: readonly Action[];
  readonly current: Action;
}) {
  return (
    <li class={actions.includes(current) ? "action-group open" : "action-group"}>
      <a class="group-title" href={`#/do/${actions[0]!.id}`}>
        {title}
      </a>
      <ul class="actions">
        {actions.map(({ id, title: name }) => (
          <li key={id}>
            <a href={`#/do/${id}`} aria-current={id === current.id ? "page" : undefined}>
              {name}
            </a>
          </li>
        ))}
      </ul>
    </li>
  );
}

/** The form: ready to send if possible, otherwise to read and fill in, with what is missing and how to get it. */
function Opened({ action }: { readonly action: Action }) {
  const { session, deployment, chain } = useApp();
  const account = signerOf(session);
  const [filled, setFilled] = useState<Filled>({ by: undefined, typed: {} });
  const missing = useMissing();
  if (chain === null) return <>{missing ?? <Loading what="the terms" />}</>;
  const panel = {
    action,
    site: {
      reader: chain.reader,
      contracts: chain.contracts,
      account: account ?? zeroAddress,
      deployment,
      clock: deployment.clock,
      taskTypeNames: deployment.taskTypeNames,
    },
    typed: filled.by === undefined || filled.by === account ? filled.typed : {},
    onType: (typed: FormValues) => {
      setFilled({ by: account, typed });
    },
  };
  return (
    <>
      <SwitchedAccount account={account} />
      {missing === null && session.kind === "connected" ? (
        <ActionPanel key={account} {...panel} provider={session.wallet.provider} />
      ) : (
        <ActionPreview {...panel}>{missing}</ActionPreview>
      )}
    </>
  );
}

/** What was typed, and the account that was connected then; what was typed without an account, any account may send. */
interface Filled {
  readonly by: Address | undefined;
  readonly typed: FormValues;
}

/** What is missing before anything can be sent, and how to get it; null if nothing is. */
function useMissing(): ComponentChildren {
  const { session, deployment } = useApp();
  switch (session.kind) {
    case "nobody":
    case "watching":
      return (
        <>
          <p>
            {session.kind === "nobody"
              ? "Connect a wallet first. It holds your key and asks you before it signs anything."
              : `You are only viewing ${session.account}. Connect a wallet to do something.`}
          </p>
          <ConnectButton />
        </>
      );
    case "connecting":
      return <p>Answer the request in {session.wallet.info.name} first.</p>;
    case "connected":
      return session.chainId === deployment.chainId ? null : <SwitchChain />;
  }
}

/** Says so if the wallet has switched to another account since this action was opened. */
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
