import { createPublicClient, defineChain, type EIP1193Parameters, http, type PublicClient, type Transport } from "viem";
import { type Contracts, contractsOf } from "./contracts";
import { type OnProgress } from "../core/progress";
import { type Deployment, readDeployment, dataDirectory } from "./deployment";
import { EventLog } from "./events/eventLog";
import { type LoneEndpoint, openPool, type Pool } from "./rpc/pool";
import { type PoolListener } from "./rpc/endpointState";
import { type PoolSettings } from "./rpc/settings";
import { type OnPending } from "./transact";
import { join } from "node:path";
import { inMemory } from "../store/storeFile";
import { EventStore } from "../store/eventStore";

/** Reads made together travel in JSON-RPC batches of up to this many calls; nodes commonly refuse more than 1,000. */
const callsPerBatch = 500;

/** The slowest honest answer we know of is a year of logs from a busy node; anything slower hangs. */
const answerTimeoutMilliseconds = 60_000;

/** A chain with a deployment, ready for reading and sending. */
export interface Connection {
  /** The transport for all reads and sends. It decides itself what to repeat, so its clients retry nothing. */
  readonly transport: Transport;
  readonly reader: PublicClient;
  readonly deployment: Deployment;
  readonly contracts: Contracts;
  readonly events: EventLog;
  /** Called while a sent transaction waits for its block. */
  readonly onPending?: OnPending;
}

/** A transport to your own node at one URL. It repeats nothing; for endpoints that may fail, use a pool. */
export function transportOf(url: string): Transport {
  return http(url, { batch: { batchSize: callsPerBatch }, retryCount: 0, timeout: answerTimeoutMilliseconds });
}

/** A client that reads through the node behind one URL. */
export function readerOf(url: string): PublicClient {
  return readerThrough(transportOf(url));
}

/**
 * A client that only reads, and caches nothing.
 * @param deployment If its network names a Multicall3, calls made together become one.
 */
export function readerThrough(transport: Transport, deployment?: Deployment): PublicClient {
  // A contract's answer must not make this machine fetch some URL (EIP-3668).
  const reading = { transport, cacheTime: 0, pollingInterval: 100, ccipRead: false as const };
  const address = deployment?.config.keeper.multicall3 ?? null;
  if (deployment === undefined || address === null) return forgetful(createPublicClient(reading));
  const { chainId } = deployment;
  const chain = defineChain({
    id: chainId,
    name: `chain ${chainId}`,
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [] } },
    contracts: { multicall3: { address } },
  });
  return forgetful(createPublicClient({ ...reading, chain, batch: { multicall: true } }));
}

/** viem remembers the newest block of every client for ever, and code that follows a chain makes a client per block. */
function forgetful(client: PublicClient): PublicClient {
  const getBlockNumber = async (): Promise<bigint> => BigInt(await client.request({ method: "eth_blockNumber" }));
  return Object.assign(client, { getBlockNumber });
}

/**
 * The connection to the deployment on the chain that `transport` leads to.
 * @throws NotDeployedError if there is none.
 */
export async function connectThrough(transport: Transport, { storeOf, onProgress }: EventKeeping): Promise<Connection> {
  const deployment = await readDeployment(readerThrough(transport));
  return connectionOf(transport, deployment, storeOf(deployment, "events"), onProgress);
}

/** The connection to a known deployment. @param store Where its events are kept; in memory if omitted. */
export function connectionOf(
  transport: Transport,
  deployment: Deployment,
  store = eventsInMemory.storeOf(deployment, "events"),
  onProgress?: OnProgress,
): Connection {
  const reader = readerThrough(transport, deployment);
  const { addresses, choices, config } = deployment;
  const { confirmations } = config.keeper;
  const followed = { live: reader, store, addresses, fromBlock: choices.fromBlock, confirmations, onProgress };
  const events = new EventLog(followed);
  return { transport, reader, deployment, contracts: contractsOf(reader, addresses), events };
}

/** The same deployment with its events as of now: all reads of them are consistent, and the chain is asked once. */
export async function withEventsAsOfNow(connection: Connection): Promise<Connection> {
  return { ...connection, events: connection.events.at(await connection.reader.getBlockNumber()) };
}

/** Nothing answers at the endpoint. */
class UnreachableError extends Error {
  override readonly name = "UnreachableError";
}

/** @throws UnreachableError saying how to start a node, if nothing answers. */
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
 * The same connection, but it reports each call made through it, successful or not.
 * @param onCall Called with the method, like `eth_call`; must not throw.
 */
export function countCalls(
  { transport, deployment, events }: Connection,
  onCall: (method: string) => void,
): Connection {
  const counting = intercepted(transport, (call, send) => {
    onCall(call.method);
    return send(call);
  });
  const counted = connectionOf(counting, deployment);
  return { ...counted, events: events.through(counted.reader) };
}

/** The same transport, but `answer` handles each call; `send` asks the chain. */
export function intercepted(
  transport: Transport,
  answer: (call: EIP1193Parameters, send: (call: EIP1193Parameters) => Promise<unknown>) => Promise<unknown>,
): Transport {
  return (options) => {
    const live = transport(options);
    const request = (call: EIP1193Parameters, requestOptions?: object): Promise<unknown> =>
      answer(call, (sent) => live.request(sent, requestOptions));
    return { ...live, request: request as typeof live.request };
  };
}

/** A connection through several endpoints. */
interface PooledConnection extends Pool {
  readonly connection: Connection;
  readonly singleEndpoints: SingleEndpoints;
}

/** The same deployment as one endpoint alone shows it. */
export interface SingleEndpoint {
  /** Origin of its URL. */
  readonly endpoint: string;
  readonly connection: Connection;
}

/** The endpoints that are in use at the moment, each alone: if they contradict each other, one of them is wrong. */
export type SingleEndpoints = () => readonly SingleEndpoint[];

/**
 * Connects through several endpoints of one chain, each a failover for the others.
 * @param urls http, https, ws or wss.
 * @param onEvent Called whenever an endpoint errs, is disabled or comes back.
 * @throws NotDeployedError if there is no deployment.
 */
export async function connectThroughPool(
  urls: readonly string[],
  settings: PoolSettings,
  onEvent: PoolListener,
  keeping = eventsInMemory,
): Promise<PooledConnection> {
  const pool = openPool(urls, settings, onEvent);
  try {
    const connection = await connectThrough(pool.transport, keeping);
    return { ...pool, connection, singleEndpoints: singleEndpointsOf(pool, connection.deployment, keeping) };
  } catch (error) {
    pool.close();
    throw error;
  }
}

/** A pool's endpoints that are in use, each with its own connection to one deployment. */
export function singleEndpointsOf(
  pool: Pick<Pool, "alone">,
  deployment: Deployment,
  { storeOf } = eventsInMemory,
): SingleEndpoints {
  const known = new Map<string, Connection>();
  const connectionTo = ({ id, transport }: LoneEndpoint): Connection => {
    const connection = known.get(id) ?? connectionOf(transport, deployment, storeOf(deployment, `events-of-${id}`));
    known.set(id, connection);
    return connection;
  };
  return () => pool.alone().map((one) => ({ endpoint: one.endpoint, connection: connectionTo(one) }));
}

/** How the events of a deployment are kept. */
export interface EventKeeping {
  /** One store for each transport: what one endpoint shows proves nothing about another. */
  readonly storeOf: (deployment: Deployment, name: string) => EventStore;
  /** Called with the progress of reading the chain. */
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Keeps events in files under `root`, the value of MDT_DATA.
 * @param onProblem Called with one sentence about a file that can't be used.
 */
export function eventsIn(
  root: string | undefined,
  onProblem: (sentence: string) => void,
  onProgress?: OnProgress,
): EventKeeping {
  const storeOf = ({ id }: Deployment, name: string): EventStore =>
    new EventStore(join(dataDirectory(id, root), `${name}.sqlite`), id, onProblem);
  return { storeOf, onProgress };
}

/** Keeps events in memory, as long as the process lives. */
export const eventsInMemory: EventKeeping = { storeOf: ({ id }) => new EventStore(inMemory, id) };
