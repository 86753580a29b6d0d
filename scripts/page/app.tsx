import "./theme.css";
import "./page.css";
import "./forms.css";
import { render } from "preact";
import { type DeploymentFacts, getDeployment, getJson, type PageSettings, type StatusAnswer } from "./api";
import { AppContextProvider, type Chain, readPageSettings } from "./context";
import { Notice } from "./ui/blocks";
import { type Reading, useChainLink, useNames, useReading, useTick } from "./state/reading";
import { useCallback, useMemo, useReducer, useState } from "preact/hooks";
import { contractsOf } from "../chain/contracts";
import { describeLink, type ReadSource } from "./state/chainLink";
import { nextSession, nobody, type Session } from "./wallet/session";
import { Shell } from "./shell";

const settings = readPageSettings(document.documentElement);

/** The deployment never changes, so it is requested until it arrives, and then no more. */
let known: Promise<DeploymentFacts> | undefined;

function knownDeployment(): Promise<DeploymentFacts> {
  known ??= getDeployment().catch((error: unknown) => {
    known = undefined;
    throw error;
  });
  return known;
}

/** Learns what the page is about, then shows it. */
function Start() {
  const deployment = useReading("deployment", useTick(5_000), knownDeployment);
  switch (deployment.kind) {
    case "loading":
      return <p class="page muted">Loading the network's details from the server …</p>;
    case "failed":
      return (
        <main class="page">
          <h1>ModernTensor</h1>
          <Notice tone="bad">{deployment.trouble} The page retries every few seconds.</Notice>
        </main>
      );
    case "ready":
      return <App settings={settings} deployment={deployment.value} />;
  }
}

render(<Start />, document.body);

/** How long a reading counts as the newest if no new block arrives. */
const freshForMilliseconds = 4_000;

/** The page about one network: holds what all views share. */
function App({ settings, deployment }: { readonly settings: PageSettings; readonly deployment: DeploymentFacts }) {
  const [session, report] = useReducer(nextSession, nobody);
  const source = useReadSource(settings, session);
  const { link, reader } = useChainLink(source, deployment);
  const contracts = useMemo(() => reader && contractsOf(reader, deployment.contracts), [reader, deployment]);
  const [refreshes, setRefreshes] = useState(0);
  const [everyDigit, showEveryDigit] = useState(false);
  const tick = useTick(freshForMilliseconds);
  const head = link.kind === "following" || link.kind === "lost" ? link.head : null;
  const version = `${head?.blockNumber ?? "none"}-${refreshes}-${tick}`;
  const status = useReading("status", version, () => getJson<StatusAnswer>("/v1/status"));
  const nameOf = useNames(`${Math.floor(tick / ticksPerNames)}-${refreshes}`);
  const [announcement, announce] = useState("");
  const refresh = useCallback(() => {
    setRefreshes((count) => count + 1);
  }, []);
  const chain: Chain | null = reader && contracts && head && { reader, contracts, head };
  return (
    <AppContextProvider
      value={{
        settings,
        deployment,
        chain,
        status: status.kind === "ready" ? status.value : null,
        trouble: describeLink(link, deployment.chainId) ?? describeServer(status),
        version,
        refresh,
        everyDigit,
        showEveryDigit,
        session,
        nameOf,
        report,
        announce,
      }}
    >
      <Shell announcement={announcement} />
    </AppContextProvider>
  );
}

/** Why the page's server can't be asked, and what that means for what is shown; null if it can. */
function describeServer(status: Reading<StatusAnswer>): string | null {
  if (status.kind === "failed") return status.trouble;
  if (status.kind === "loading" || status.trouble === null) return null;
  return `${status.trouble} The page shows the last known state.`;
}

/** Ticks until names, which seldom change, are read again. */
const ticksPerNames = 15;

/** The page's own endpoint if it has one, otherwise a connected wallet. */
function useReadSource({ rpcUrl }: PageSettings, session: Session): ReadSource | null {
  const provider = session.kind === "connected" ? session.wallet.provider : undefined;
  return useMemo(() => {
    if (rpcUrl !== null) return { kind: "endpoint", url: rpcUrl };
    return provider === undefined ? null : { kind: "wallet", provider };
  }, [rpcUrl, rpcUrl === null ? provider : undefined]);
}
