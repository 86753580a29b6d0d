import { useCallback, useMemo, useReducer, useState } from "preact/hooks";
import { type DeploymentFacts, type StatusAnswer } from "../api/answers";
import { getJson } from "../api/getJson";
import { AppContextProvider, type Chain, type PageSettings } from "../context";
import { contractsOf } from "../../chain/contracts";
import { describeLink } from "../state/chainLink";
import { type ReadSource, useChainLink } from "../state/useChainLink";
import { useTick } from "../state/hooks";
import { type Reading, useReading } from "../state/useReading";
import { useNames } from "../state/useNames";
import { nextSession, nobody, type Session } from "../wallet/session";
import { Shell } from "./shell";

/** How long what was read is taken for the newest where no new block says otherwise. */
const freshForMilliseconds = 4_000;

/** The page about one network: holds what all views share. */
export function App({
  settings,
  deployment,
}: {
  readonly settings: PageSettings;
  readonly deployment: DeploymentFacts;
}) {
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

/** Why the page's server can't be asked, and what that means for what is shown; null where it can. */
function describeServer(status: Reading<StatusAnswer>): string | null {
  if (status.kind === "failed") return status.trouble;
  if (status.kind === "loading" || status.trouble === null) return null;
  return `${status.trouble} The page shows the last known state.`;
}

/** Names change seldom: they are read again every so many ticks. */
const ticksPerNames = 15;

/** The page's own endpoint where it has one, else a connected wallet. */
function useReadSource({ rpcUrl }: PageSettings, session: Session): ReadSource | null {
  const provider = session.kind === "connected" ? session.wallet.provider : undefined;
  return useMemo(() => {
    if (rpcUrl !== null) return { kind: "endpoint", url: rpcUrl };
    return provider === undefined ? null : { kind: "wallet", provider };
  }, [rpcUrl, rpcUrl === null ? provider : undefined]);
}
