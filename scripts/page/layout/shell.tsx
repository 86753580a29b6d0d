import { useEffect, useRef } from "preact/hooks";
import { ActionsView } from "../actions/actionsView";
import { useApp } from "../context";
import { readRoute, type Route, type RouteId, routes } from "../routes";
import { type ChainLink } from "../state/chainLink";
import { useHash } from "../state/useHash";
import { MineView } from "../views/mine/mineView";
import { NetworkView } from "../views/network/networkView";
import { WalletMenu } from "../wallet/walletMenu";
import { describeLink } from "./describeLink";
import { Footer } from "./footer";
import { Notice } from "./notice";

/** The frame around every view: who one is, where one can go, and what is wrong with the link to the chain. */
export function Shell({ link, announcement }: { readonly link: ChainLink; readonly announcement: string }) {
  const { deployment } = useApp();
  const route = readRoute(useHash());
  const main = useFocusOnArrival(route.id);
  const trouble = describeLink(link, deployment.chainId);
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
