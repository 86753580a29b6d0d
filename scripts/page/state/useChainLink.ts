import { useEffect, useMemo, useState } from "preact/hooks";
import { createPublicClient, custom, type EIP1193Provider, http, type PublicClient } from "viem";
import { type DeploymentFacts } from "../api/answers";
import { type ChainLink, linkAfter, type Look } from "./chainLink";
import { lookAtChain } from "./lookAtChain";

/** The link to the chain, and the client behind it; null where there is none. */
interface LinkedReader {
  readonly link: ChainLink;
  readonly reader: PublicClient | null;
}

/** Follows the chain for as long as the component is there. */
export function useChainLink(source: ReadSource | null, deployment: DeploymentFacts): LinkedReader {
  const [link, setLink] = useState<ChainLink>({ kind: "asking" });
  const reader = useMemo(() => source && createReader(source), [source]);
  useEffect(() => {
    if (reader === null) {
      setLink({ kind: "noEndpoint" });
      return;
    }
    setLink({ kind: "asking" });
    return followChain(reader, deployment, (look) => {
      setLink((before) => linkAfter(before, look, Date.now()));
    });
  }, [reader, deployment]);
  return { link, reader };
}

/** Reads made together travel in one JSON-RPC batch of up to this many calls. */
const callsPerBatch = 200;

/** Through what the page reads the chain. */
export type ReadSource =
  { readonly kind: "endpoint"; readonly url: string } | { readonly kind: "wallet"; readonly provider: EIP1193Provider };

/** A client that only reads. */
function createReader(source: ReadSource): PublicClient {
  const transport =
    source.kind === "endpoint"
      ? http(source.url, { batch: { batchSize: callsPerBatch }, retryCount: 1, timeout: 20_000 })
      : custom(source.provider, { retryCount: 0 });
  return createPublicClient({ transport, cacheTime: 0, pollingInterval: 500 });
}

/** How often a new block is looked for. */
const pollMilliseconds = 1_000;

/**
 * Looks at the chain again and again. What it is, is checked at the first look and whenever blocks went missing: a
 * development node that was started again is another chain.
 * @returns Ends it.
 */
function followChain(reader: PublicClient, deployment: DeploymentFacts, report: (look: Look) => void): () => void {
  let isOver = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const lookOnFrom = async (trustedNumber: bigint | undefined): Promise<void> => {
    const look = await lookAtChain(reader, deployment, trustedNumber);
    if (isOver) return;
    report(look);
    timer = setTimeout(() => void lookOnFrom(look.kind === "block" ? look.number : undefined), pollMilliseconds);
  };
  void lookOnFrom(undefined);
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
