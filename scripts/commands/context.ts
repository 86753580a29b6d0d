import { type Connection, connect } from "../chain/connection";
import { eventsIn } from "../chain/eventKeeping";
import { connectThroughPool } from "../chain/pooledConnection";
import { type PoolListener } from "../chain/rpc/poolEvents";
import { defaultPoolSettings } from "../chain/rpc/settings";
import { type Signer, signerOf } from "../chain/signer";
import { describePoolEvent } from "../show/describeEvent";
import { type Context } from "./network";
import { progressOnStderr } from "./progress";

/**
 * Connects to the deployment that the command is about; errors say how to start a node or how to deploy.
 * @param onPoolEvent Told what happens to the endpoints, where there are several.
 */
export async function chainOf(
  { endpoints }: Context,
  onPoolEvent: PoolListener = () => undefined,
): Promise<Connection> {
  const keeping = eventsIn(
    process.env.MDT_DATA,
    (sentence) => process.stderr.write(`${sentence}\n`),
    progressOnStderr(),
  );
  const [only, ...others] = endpoints;
  if (only?.startsWith("http") === true && URL.canParse(only) && others.length === 0) return connect(only, keeping);
  const pool = await connectThroughPool(
    endpoints,
    defaultPoolSettings,
    (event) => {
      onPoolEvent(event);
      if (event.kind === "endpointLeftAside") process.stderr.write(`${describePoolEvent(event)}\n`);
    },
    keeping,
  );
  return pool.connection;
}

/** Connects, and finds who sends: `--from`, or the key that the environment holds. */
export async function chainAndSignerOf(
  context: Context,
  from: string | undefined,
): Promise<{ readonly chain: Connection; readonly signer: Signer }> {
  const chain = await chainOf(context);
  return { chain, signer: await signerOf(chain.reader, from, process.env) };
}
