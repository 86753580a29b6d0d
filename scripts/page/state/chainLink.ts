import { createPublicClient, custom, type EIP1193Provider, http, type PublicClient } from "viem";
import { isOfChain } from "../../chain/blocks";
import { type DeploymentFacts } from "../api";

/** The newest block that the page has seen. */
export interface Head {
  readonly blockNumber: bigint;
  /** Unix seconds. */
  readonly timestamp: number;
  /** When it was seen, by this machine's clock, in milliseconds. */
  readonly seenAtMs: number;
}

/**
 * The chain's time in unix seconds: that of its newest block, plus the time that has passed on this machine since. So a
 * countdown is right even if this machine's clock is wrong, and continues while no block is mined.
 */
export function chainNow({ timestamp, seenAtMs }: Head, nowMs: number): number {
  return timestamp + Math.max(0, Math.floor((nowMs - seenAtMs) / 1_000));
}

/** Why the chain that answers can't be shown. */
type Misfit =
  | { readonly kind: "wrongChain"; readonly chainId: number }
  /** The right chain id, but no contracts: a development node that was restarted. */
  | { readonly kind: "empty" }
  /**
   * Contracts, but another first block than the deployment's: a development node that was restarted and redeployed to.
   */
  | { readonly kind: "replaced" };

/** What one look at the chain found. */
type Look =
  | Misfit
  | { readonly kind: "unreachable" }
  | { readonly kind: "block"; readonly number: bigint; readonly timestamp: bigint };

/** The state of the page's connection to the chain. */
export type ChainLink =
  /** The page has no endpoint, and no wallet is connected that could read for it. */
  | { readonly kind: "noEndpoint" }
  | { readonly kind: "asking" }
  | { readonly kind: "unreachable" }
  | Misfit
  | { readonly kind: "following"; readonly head: Head }
  /** Nothing has answered since `head`. */
  | { readonly kind: "lost"; readonly head: Head };

/**
 * The link after another look at the chain. The same block seen again changes nothing, so that time continues from when
 * it was first seen.
 */
export function linkAfter(before: ChainLink, look: Look, nowMs: number): ChainLink {
  switch (look.kind) {
    case "wrongChain":
    case "empty":
    case "replaced":
      return look;
    case "unreachable":
      return before.kind === "following" || before.kind === "lost" ? { kind: "lost", head: before.head } : look;
    case "block": {
      const { number, timestamp } = look;
      if (before.kind === "following" && before.head.blockNumber === number) return before;
      return { kind: "following", head: { blockNumber: number, timestamp: Number(timestamp), seenAtMs: nowMs } };
    }
  }
}

/**
 * What is wrong with the link, what still works, and what to do; null if nothing is.
 * @param chainId Chain id of the page's network.
 */
export function describeLink(link: ChainLink, chainId: number): string | null {
  switch (link.kind) {
    case "asking":
    case "following":
      return null;
    case "noEndpoint":
      return "This page reads the chain through your wallet: connect one to see the current state. It shows settled epochs without it.";
    case "unreachable":
      return "The chain does not answer: start the node, or check its URL. The page shows the settled epochs that the server knows, and keeps trying.";
    case "lost":
      return `The chain has stopped answering. The page shows the state of block ${link.head.blockNumber} and keeps trying.`;
    case "wrongChain":
      return `The chain that answers has id ${link.chainId}, but this network has id ${chainId}: switch your wallet, or start the dashboard with the right --rpc-url.`;
    case "empty":
      return 'The contracts are not on this chain, because the node was restarted. Run "npx hardhat deploy --network localhost", restart the dashboard, and reload this page.';
    case "replaced":
      return "The node was restarted and has a new deployment; this page still shows the old chain. Restart the dashboard, and reload this page.";
  }
}

/**
 * The newest block, if the chain is the deployment's.
 * @param trustedNumber Newest block of an earlier look that found the right chain: it and later blocks need no check.
 */
export async function lookAtChain(
  reader: PublicClient,
  deployment: DeploymentFacts,
  trustedNumber: bigint | undefined,
): Promise<Look> {
  try {
    const { number, timestamp } = await reader.getBlock({ blockTag: "latest" });
    const isTrusted = trustedNumber !== undefined && number >= trustedNumber;
    const misfit = isTrusted ? undefined : await misfitOf(reader, deployment);
    return misfit ?? { kind: "block", number, timestamp };
  } catch {
    return { kind: "unreachable" };
  }
}

async function misfitOf(reader: PublicClient, deployment: DeploymentFacts): Promise<Misfit | undefined> {
  const [chainId, code, block0] = await Promise.all([
    reader.getChainId(),
    reader.getCode({ address: deployment.contracts.Treasury }),
    reader.getBlock({ blockNumber: 0n }),
  ]);
  if (chainId !== deployment.chainId) return { kind: "wrongChain", chainId };
  if (code === undefined) return { kind: "empty" };
  return isOfChain(deployment.id, block0.hash) ? undefined : { kind: "replaced" };
}

/** Reads made together travel in one JSON-RPC batch of up to this many calls. */
const callsPerBatch = 200;

/** How the page reads the chain. */
export type ReadSource =
  { readonly kind: "endpoint"; readonly url: string } | { readonly kind: "wallet"; readonly provider: EIP1193Provider };

/** A client that only reads. */
export function createReader(source: ReadSource): PublicClient {
  const transport =
    source.kind === "endpoint"
      ? http(source.url, { batch: { batchSize: callsPerBatch }, retryCount: 1, timeout: 20_000 })
      : custom(source.provider, { retryCount: 0 });
  return createPublicClient({ transport, cacheTime: 0, pollingInterval: 500 });
}

/** Time between two looks for a new block. */
const pollMilliseconds = 1_000;

/**
 * Looks at the chain repeatedly. Checks which chain it is at the first look, after a failed look, and if the block
 * number falls: a restarted development node is another chain.
 * @returns A function that ends it.
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
