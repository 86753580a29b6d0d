import { type Connection, connectionOf, connectThrough } from "./connection";
import { type Deployment } from "./deployment";
import { eventsInMemory } from "./eventKeeping";
import { type LoneEndpoint, openPool, type Pool } from "./rpc/pool";
import { type PoolListener } from "./rpc/poolEvents";
import { type PoolSettings } from "./rpc/settings";

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

/** The endpoints that are in use at the moment, each alone: where they contradict each other, one of them is wrong. */
export type SingleEndpoints = () => readonly SingleEndpoint[];

/**
 * Connects through several endpoints of one chain, where each stands in for the others.
 * @param urls http, https, ws or wss.
 * @param onEvent Called whenever an endpoint errs, is disabled, and comes back.
 * @throws NotDeployedError where there is no deployment.
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

/** Each of a pool's endpoints that is in use, with a connection of its own to one deployment. */
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
