import { type PublicClient } from "viem";
import { type DeploymentFacts } from "../api/deployment";
import { type Look } from "./chainLink";
import { lookAtChain } from "./lookAtChain";

/** How often a new block is looked for. */
const pollMilliseconds = 1_000;

/**
 * Looks at the chain again and again. What it is, is checked at the first look and whenever blocks went missing: a
 * development node that was started anew is another chain.
 * @returns Ends it.
 */
export function followChain(
  reader: PublicClient,
  deployment: DeploymentFacts,
  report: (look: Look) => void,
): () => void {
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
