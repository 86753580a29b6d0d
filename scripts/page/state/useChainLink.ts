import { useEffect, useMemo, useState } from "preact/hooks";
import { type PublicClient } from "viem";
import { type DeploymentFacts } from "../api/deployment";
import { type ChainLink, linkAfter } from "./chainLink";
import { createReader, type ReadSource } from "./createReader";
import { followChain } from "./followChain";

/** The link to the chain, and the client behind it; null where there is none. */
export interface LinkedReader {
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
