import { useEffect, useRef } from "preact/hooks";
import { ActionsView } from "../actions/actionsView";
import { useApp } from "../context";
import { readRoute, type Route, type RouteId, routes } from "../routes";
import { useHash } from "../state/hooks";
import { MineView } from "../views/mine/mineView";
import { NetworkView } from "../views/network/networkView";
import { TasksView } from "../views/taskLists/tasksView";
import { WalletMenu } from "../wallet/walletMenu";
import { Notice } from "../ui/blocks";
import { shortHex } from "../../show/bytes";

/** The frame around every view: who one is, where one can go, and what is wrong with the link to the chain. */
export function Shell({ announcement }: { readonly announcement: string }) {
  const { deployment, trouble } = useApp();
  const route = readRoute(useHash());
  const main = useFocusOnArrival(route.id);
  return (
    <>
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          skipTo(event, main.current);
        }}
      >
        Skip to the content
      </a>
      <header class="bar">
        <p class="brand">
          ModernTensor <span class="muted">{deployment.network}</span>
        </p>
        <nav aria-label="Views" class="views">
          {routes.map(({ id, hash, title }) => (
            <a key={id} href={hash} aria-current={id === route.id ? "page" : undefined}>
              {title}
            </a>
          ))}
        </nav>
        <WalletMenu />
      </header>
      <main id="main" class="page" tabIndex={-1} ref={main}>
        {trouble === null ? null : <Notice tone="warn">{trouble}</Notice>}
        {route.unknown === undefined ? null : (
          <Notice tone="warn">This page has no view “{route.unknown}”. It shows the network instead.</Notice>
        )}
        <View route={route} />
      </main>
      <Footer />
      <p class="hidden" role="status">
        {announcement}
      </p>
    </>
  );
}

function View({ route }: { readonly route: Route }) {
  switch (route.id) {
    case "network":
      return <NetworkView rest={route.rest} />;
    case "tasks":
      return <TasksView rest={route.rest} />;
    case "mine":
      return <MineView rest={route.rest} />;
    case "do":
      return <ActionsView rest={route.rest} />;
  }
}

/** Names the document after the view, and moves the focus into it: but not at the first view, which nobody asked for. */
function useFocusOnArrival(view: RouteId) {
  const main = useRef<HTMLElement>(null);
  const shown = useRef<RouteId | undefined>(undefined);
  useEffect(() => {
    const { title } = routes.find(({ id }) => id === view)!;
    document.title = `${title} · ModernTensor`;
    if (shown.current !== undefined && shown.current !== view) {
      main.current?.focus({ preventScroll: true });
      scrollTo({ top: 0 });
    }
    shown.current = view;
  }, [view]);
  return main;
}

/** The address holds the view, so the skip link must not change it. */
function skipTo(event: Event, target: HTMLElement | null): void {
  event.preventDefault();
  target?.focus();
}

/** What the page is about, to the letter, and how much of an amount is shown. */
function Footer() {
  const { deployment, chain, everyDigit, showEveryDigit, settings } = useApp();
  return (
    <footer class="foot">
      <label>
        <input
          type="checkbox"
          checked={everyDigit}
          onChange={(event) => {
            showEveryDigit(event.currentTarget.checked);
          }}
        />{" "}
        Show every digit of amounts
      </label>
      <p class="muted">
        Chain {deployment.chainId}
        {chain === null ? "" : `, block ${chain.head.blockNumber}`} · <a href="/openapi.json">API</a>
      </p>
      <details>
        <summary>Contracts</summary>
        <ul class="contracts">
          {Object.entries(deployment.contracts).map(([name, address]) => (
            <li key={name}>
              {name} <code title={address}>{settings.explorerUrl === null ? address : shortHex(address)}</code>{" "}
              {settings.explorerUrl === null ? null : (
                <a href={`${settings.explorerUrl}/address/${address}`}>explorer</a>
              )}
            </li>
          ))}
        </ul>
      </details>
    </footer>
  );
}
