import {
  eventsIn,
  connectThroughPool,
  type Connection,
  countCalls,
  readerOf,
  requireReachable,
} from "../chain/connection";
import { isContradiction } from "../chain/badAnswers";
import { type Pool } from "../chain/rpc/pool";
import { type PoolListener } from "../chain/rpc/endpointState";
import { defaultPoolSettings } from "../chain/rpc/settings";
import { type Signer } from "../chain/signer";
import { RefusedError } from "../chain/transact";
import { fileSentence } from "../keeper/archive/jsonFile";
import { describePoolEvent } from "../show/describeEvent";
import { pendingLines } from "../show/progress";
import { refusalSentence, sentenceOf } from "../show/refusalSentences";
import { senderOf, type Sending } from "./drafts";
import { type Context } from "./commandLine";
import { progressOnStderr, tell } from "./terminal";

/** A command's open connection to a chain. */
interface OpenWay {
  readonly connection: Connection;
  readonly pool: Pick<Pool, "accuse" | "endpoints">;
  /** Whether the command has sent anything: then it is not run again. */
  hasSent: boolean;
  contradictions: number;
}

const openWays = new WeakMap<object, OpenWay>();

/**
 * Connects to the deployment that the command is about; errors say how to start a node or how to deploy. A command that
 * is run again continues through the same endpoints.
 * @param onPoolEvent Called with what happens to the endpoints, if there are several.
 */
export async function chainOf(context: Context, onPoolEvent: PoolListener = () => undefined): Promise<Connection> {
  const known = openWays.get(context);
  if (known !== undefined) return known.connection;
  const { endpoints } = context;
  const keeping = eventsIn(process.env.MDT_DATA, tell, progressOnStderr());
  const [only, ...others] = endpoints;
  // A node that was not started is reported at once: a pool would wait for it to come back.
  if (only?.startsWith("http") === true && URL.canParse(only) && others.length === 0) {
    await requireReachable(readerOf(only), only);
  }
  const pool = await connectThroughPool(
    endpoints,
    defaultPoolSettings,
    (event) => {
      onPoolEvent(event);
      if (event.kind === "endpointDisabled") process.stderr.write(`${describePoolEvent(event)}\n`);
    },
    keeping,
  );
  const counted = countCalls(pool.connection, (method) => {
    if (method.startsWith("eth_send")) way.hasSent = true;
  });
  const connection = { ...counted, onPending: pendingLines((line) => process.stderr.write(line)) };
  const way: OpenWay = { connection, pool, hasSent: false, contradictions: 0 };
  openWays.set(context, way);
  return connection;
}

/**
 * Whether to run a failed command again: what it read contradicts itself, another endpoint can be asked, and nothing
 * was sent. The endpoint that answered last is then disabled, and stored events are read again.
 */
export function shouldFailOver(context: object, error: unknown): boolean {
  const way = openWays.get(context);
  if (way === undefined || way.hasSent || !isContradiction(error)) return false;
  return readsElsewhere(way, error) && way.contradictions <= 2 * way.pool.endpoints().length;
}

function readsElsewhere(way: OpenWay, error: unknown): boolean {
  way.connection.events.distrust();
  // The first time, events that once proved right are kept. If they are wrong too, the next endpoint is not to blame.
  return ++way.contradictions % 2 === 0 || way.pool.accuse(sentenceOf(error));
}

/** Failures within this time are taken to have one cause. */
const sameReasonMilliseconds = 5_000;

/**
 * For commands that continue after any failure: once what they read contradicts itself, they read from another endpoint
 * (failover), once for failures at about the same time.
 */
export function failoverAfter(context: object): (error: unknown) => void {
  let last = -Infinity;
  return (error) => {
    const way = openWays.get(context);
    const now = performance.now();
    if (way === undefined || !isContradiction(error) || now - last < sameReasonMilliseconds) return;
    last = now;
    readsElsewhere(way, error);
  };
}

/** Connects, and finds the sender: `--from`, or the environment's key. With --dry-run or --safe nothing is sent. */
export async function chainAndSignerOf(
  context: Context,
  sending: Sending,
): Promise<{ readonly chain: Connection; readonly signer: Signer }> {
  const chain = await chainOf(context);
  return { chain, signer: await senderOf(chain, sending) };
}

/**
 * What a failed command says, in one line.
 * @param forPrograms Whether a contract's refusal is reported with its name and raw values, amounts in wei; for people
 * it says what it means, in MDT.
 */
export function errorSentence(error: unknown, forPrograms: boolean): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof RefusedError && !forPrograms) return refusalSentence(error);
  return fileSentence(error) ?? sentenceOf(error);
}
