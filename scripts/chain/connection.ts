import { createPublicClient, http, type PublicClient } from "viem";
import { type Contracts, contractsOf } from "./contracts";
import { type Deployment, readDeployment } from "./deployment";

/** Reads made together travel in JSON-RPC batches of up to so many calls; nodes commonly refuse more than 1,000. */
const callsPerBatch = 500;

/** A chain with a deployment on it, ready to be read. */
export interface Connection {
  readonly url: string;
  readonly reader: PublicClient;
  readonly deployment: Deployment;
  readonly contracts: Contracts;
}

/** A client that reads; it retries nothing, because only the caller knows what may be repeated. */
export function readerOf(url: string): PublicClient {
  return createPublicClient({
    transport: http(url, { batch: { batchSize: callsPerBatch }, retryCount: 0, timeout: 60_000 }),
    cacheTime: 0,
    pollingInterval: 100,
  });
}

/**
 * Connects to the deployment on the chain behind `url`.
 * @throws NotDeployedError where there is none; UnreachableError where nothing answers.
 */
export async function connect(url: string): Promise<Connection> {
  const reader = readerOf(url);
  await requireReachable(reader, url);
  const deployment = await readDeployment(reader);
  return { url, reader, deployment, contracts: contractsOf(reader, deployment.addresses) };
}

/** Nothing answers at the endpoint. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";
}

/** @throws UnreachableError saying how to start a node, where nothing answers. */
export async function requireReachable(reader: PublicClient, url: string): Promise<void> {
  try {
    await reader.getChainId();
  } catch {
    throw new UnreachableError(`No chain answers at ${new URL(url).origin}: start one with "npx hardhat node".`);
  }
}
