import { createPublicClient, defineChain, type EIP1193Parameters, http, type PublicClient, type Transport } from "viem";
import { type OnPending } from "./awaitReceipt";
import { type Contracts, contractsOf } from "./contracts";
import { type OnProgress } from "../core/progress";
import { type Deployment, readDeployment } from "./deployment";
import { type EventKeeping, eventsInMemory } from "./eventKeeping";
import { EventLog } from "./events/eventLog";

/** Reads made together travel in JSON-RPC batches of up to this many calls; nodes commonly refuse more than 1,000. */
const callsPerBatch = 500;

/** The slowest honest answer we know is a year of logs from a busy node; whatever takes longer hangs. */
const answerTimeoutMilliseconds = 60_000;

/** A chain with a deployment on it, ready to be read and to be sent to. */
export interface Connection {
  /**
   * The way to the chain, for anyone who reads or sends; it decides itself what is repeated, so clients on it retry
   * nothing.
   */
  readonly transport: Transport;
  readonly reader: PublicClient;
  readonly deployment: Deployment;
  readonly contracts: Contracts;
  readonly events: EventLog;
  /** Told how what is sent waits for its block. */
  readonly onPending?: OnPending;
}

/** The way to a node of one's own behind one URL. It repeats nothing: to endpoints that may fail, a pool leads. */
export function transportOf(url: string): Transport {
  return http(url, { batch: { batchSize: callsPerBatch }, retryCount: 0, timeout: answerTimeoutMilliseconds });
}

/** A client that reads through the node behind one URL. */
export function readerOf(url: string): PublicClient {
  return readerThrough(transportOf(url));
}

/** A deployment of Multicall3, which turns calls that are made together into one. */
interface Multicall {
  readonly chainId: number;
  readonly address: `0x${string}`;
}

/** A client that reads, and caches nothing. */
export function readerThrough(transport: Transport, multicall?: Multicall): PublicClient {
  // A contract's answer must not make this machine fetch some URL (EIP-3668).
  const reading = { transport, cacheTime: 0, pollingInterval: 100, ccipRead: false as const };
  if (multicall === undefined) return forgetful(createPublicClient(reading));
  const chain = defineChain({
    id: multicall.chainId,
    name: `chain ${multicall.chainId}`,
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [] } },
    contracts: { multicall3: { address: multicall.address } },
  });
  return forgetful(createPublicClient({ ...reading, chain, batch: { multicall: true } }));
}

/**
 * viem remembers the newest block of every client for ever, and anyone who follows a chain makes a client for each
 * block.
 */
function forgetful(client: PublicClient): PublicClient {
  const getBlockNumber = async (): Promise<bigint> => BigInt(await client.request({ method: "eth_blockNumber" }));
  return Object.assign(client, { getBlockNumber });
}

function multicallOf({ chainId, config }: Deployment): Multicall | undefined {
  const { multicall3 } = config.keeper;
  return multicall3 === null ? undefined : { chainId, address: multicall3 };
}

/**
 * The connection to the deployment on the chain that `transport` leads to.
 * @throws NotDeployedError where there is none.
 */
export async function connectThrough(transport: Transport, { storeOf, onProgress }: EventKeeping): Promise<Connection> {
  const deployment = await readDeployment(readerThrough(transport));
  return connectionOf(transport, deployment, storeOf(deployment, "events"), onProgress);
}

/** The connection to a deployment that is known already. @param store Where its events are kept; memory where it is missing. */
export function connectionOf(
  transport: Transport,
  deployment: Deployment,
  store = eventsInMemory.storeOf(deployment, "events"),
  onProgress?: OnProgress,
): Connection {
  const reader = readerThrough(transport, multicallOf(deployment));
  const { addresses, choices, config } = deployment;
  const { confirmations } = config.keeper;
  const followed = { live: reader, store, addresses, fromBlock: choices.fromBlock, confirmations, onProgress };
  const events = new EventLog(followed);
  return { transport, reader, deployment, contracts: contractsOf(reader, addresses), events };
}

/** The same deployment with its events as of now: whatever is read of them belongs together, and the chain is asked once. */
export async function withEventsAsOfNow(connection: Connection): Promise<Connection> {
  return { ...connection, events: connection.events.at(await connection.reader.getBlockNumber()) };
}

/** Nothing answers at the endpoint. */
class UnreachableError extends Error {
  override readonly name = "UnreachableError";
}

/** @throws UnreachableError saying how to start a node, where nothing answers. */
export async function requireReachable(reader: PublicClient, url: string): Promise<void> {
  try {
    await reader.getChainId();
  } catch {
    throw new UnreachableError(
      `No node answers at ${new URL(url).origin}: check MDT_RPC_URL, or start a development chain with "npx hardhat node".`,
    );
  }
}

/**
 * The same connection, which reports each call that is made through it, whether it succeeds or not.
 * @param onCall Called with the method, as `eth_call`; must not throw.
 */
export function countCalls(
  { transport, deployment, events }: Connection,
  onCall: (method: string) => void,
): Connection {
  const counting: Transport = (options) => {
    const live = transport(options);
    const request = (call: EIP1193Parameters, requestOptions?: object): Promise<unknown> => {
      onCall(call.method);
      return live.request(call, requestOptions);
    };
    return { ...live, request: request as typeof live.request };
  };
  const counted = connectionOf(counting, deployment);
  return { ...counted, events: events.through(counted.reader) };
}
