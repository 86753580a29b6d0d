import { useEffect, useRef, useState } from "preact/hooks";
import { ActionsView } from "./actions/actionsView";
import { useApp } from "./context";
import { readRoute, type Route, type RouteId, routes } from "./routes";
import { MineView } from "./views/mine/mineView";
import { NetworkView } from "./views/network/networkView";
import { TasksView } from "./views/tasksView";
import { WalletMenu } from "./wallet/walletMenu";
import { Notice } from "./ui/blocks";
import { shortHex } from "../show/bytes";

/** The frame around every view: the account, the navigation, and what is wrong with the connection to the chain. */
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
          // The address holds the view, so the link must not change it.
          event.preventDefault();
          main.current?.focus();
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

/** The part of the page's address from "#" on, as it changes. */
function useHash(): string {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const listener = (): void => {
      setHash(location.hash);
    };
    addEventListener("hashchange", listener);
    return () => {
      removeEventListener("hashchange", listener);
    };
  }, []);
  return hash;
}

/** Moves the focus into a view that someone opens, but not into the first one. */
function useFocusOnArrival(view: RouteId) {
  const main = useRef<HTMLElement>(null);
  const shown = useRef<RouteId | undefined>(undefined);
  useEffect(() => {
    if (shown.current !== undefined && shown.current !== view) {
      main.current?.focus({ preventScroll: true });
      scrollTo({ top: 0 });
    }
    shown.current = view;
  }, [view]);
  return main;
}

/** The chain and the contracts that the page shows, and a switch for all digits of amounts. */
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
