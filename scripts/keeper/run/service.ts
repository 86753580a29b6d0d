/** What the keeper and the watcher share: how a service is opened, and how it runs until it is stopped. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Address } from "viem";
import {
  type Connection,
  countCalls,
  eventsIn,
  connectThroughPool,
  type SingleEndpoints,
} from "../../chain/connection";
import { isContradiction } from "../../chain/badAnswers";
import { type EndpointHealth, originOf } from "../../chain/rpc/endpointState";
import { dataDirectory } from "../../chain/deployment";
import { defaultPoolSettings } from "../../chain/rpc/settings";
import { type EpochArchive, openArchive } from "../archive/epochArchive";
import { reasonOf, retrySeconds, type ServiceEvent, type Started, tellAll, type Teller } from "./serviceEvents";

/** How to run any service. */
export interface ServiceOptions<E> {
  readonly endpoints: readonly string[];
  /** All listeners, such as logs and metrics. */
  readonly listeners: readonly ((event: E) => void)[];
  /** Called with the method of each call to the chain. */
  readonly onCall?: ((method: string) => void) | undefined;
  /** Called when everything is in order, before the first look: the place to start serving health and metrics. */
  readonly onReady?: ((ready: ReadyService) => Promise<void>) | undefined;
  /** Where its files are kept. Missing: MDT_DATA. */
  readonly dataRoot?: string | undefined;
  readonly stopping: AbortSignal;
}

/** A service that is about to look at its chain. */
export interface ReadyService {
  readonly connection: Connection;
  /** Who signs; null if nothing is sent. */
  readonly account: Address | null;
  readonly endpoints: () => readonly EndpointHealth[];
  readonly tell: (event: ServiceEvent) => void;
}

/** What every service works with. */
export interface Service<E> {
  readonly connection: Connection;
  /** Each endpoint in use, on its own. */
  readonly singleEndpoints: SingleEndpoints;
  /** How many endpoints it was given, in use or not. */
  readonly endpointCount: number;
  /** As `Pool.accuse`. */
  readonly accuse: (reason: string) => boolean;
  readonly tell: (event: E) => void;
  /** Ends the service at the next safe point; its reason says why. */
  readonly stopping: AbortSignal;
  /** Seconds on a clock that only goes forward, for measuring durations; never for what is due. */
  readonly clock: () => number;
  /** A number from 0 to 1, so that services that failed together don't retry together. */
  readonly random: () => number;
}

/** A service that is connected, and has not begun. */
interface OpenService<E> extends Pick<Teller<E>, "begin"> {
  readonly service: Service<E>;
  /** Where it keeps the files of this deployment. */
  readonly directory: string;
  readonly ready: Omit<ReadyService, "account">;
  readonly started: Started;
}

/**
 * Connects a service to its chain, and disconnects it when it has ended.
 * @throws NotDeployedError; anything that `run` throws.
 */
export async function withService<E extends object>(
  {
    endpoints,
    listeners,
    onCall,
    dataRoot = process.env.MDT_DATA,
    stopping,
  }: Omit<ServiceOptions<E | ServiceEvent>, "onReady">,
  run: (open: OpenService<E | ServiceEvent>) => Promise<void>,
): Promise<void> {
  const { tell, begin } = tellAll(listeners);
  const keeping = eventsIn(dataRoot, (sentence) => {
    tell({ kind: "setAside", sentence });
  });
  const pool = await connectThroughPool(endpoints, defaultPoolSettings, tell, keeping);
  try {
    const connection = onCall === undefined ? pool.connection : countCalls(pool.connection, onCall);
    const clock = (): number => performance.now() / 1_000;
    const { singleEndpoints, accuse } = pool;
    const ways = { connection, singleEndpoints, endpointCount: endpoints.length, accuse };
    const service = { ...ways, tell, stopping, clock, random: Math.random };
    const { id: deployment, chainId } = connection.deployment;
    const directory = dataDirectory(deployment, dataRoot);
    const ready = { connection, endpoints: () => pool.endpoints(), tell };
    const started = { kind: "started", chainId, deployment, endpoints: endpoints.map(originOf) } as const;
    await run({ service, directory, ready, started, begin });
  } finally {
    pool.close();
  }
}

/** The archive of a service, which reports problems with its files. @param dataRoot As in ServiceOptions. */
export function openServiceArchive(
  { connection, tell }: Pick<Service<ServiceEvent>, "connection" | "tell">,
  dataRoot: string | undefined,
): Promise<EpochArchive> {
  return openArchive(
    connection,
    dataRoot,
    (epoch, reason) => {
      tell({ kind: "failed", during: `writing the files of epoch ${epoch}`, reason, retryInSeconds: 0 });
    },
    (sentence) => {
      tell({ kind: "setAside", sentence });
    },
  );
}

/** What a service does over and over, and what happens if it fails. */
export interface Turns {
  /** What it is doing, for reporting what failed. */
  readonly memory: { readonly doing: string };
  /** Looks, decides and acts. @returns Seconds until the next turn; null if there is none. */
  readonly turn: () => Promise<number | null>;
  /** Whether the first failure ends it. */
  readonly endsOnFailure?: boolean;
  /** Called after a failure was reported. */
  readonly onFailure?: (reason: string) => void;
  /** Whether a contradiction in what was read makes the service distrust its stored events, and the endpoint. */
  readonly blamesEndpoint?: boolean;
}

/**
 * Takes turn after turn until the service is stopped. Failures are reported and tried again later, ever more rarely. If
 * what was read contradicts itself, and another endpoint can be asked, the turn is repeated at once, until each
 * endpoint had two: if all of them contradict themselves, the cause is something else.
 * @throws whatever goes wrong, if `endsOnFailure`.
 */
export async function takeTurns(
  { connection, stopping, tell, random, endpointCount, accuse }: Service<ServiceEvent>,
  { memory, turn, endsOnFailure, onFailure, blamesEndpoint = false }: Turns,
): Promise<void> {
  const { pollSeconds } = connection.deployment.config.keeper;
  const hasStopped = (): boolean => stopping.aborted;
  let failures = 0;
  let contradictions = 0;
  while (!hasStopped()) {
    let pauseSeconds: number | null;
    try {
      pauseSeconds = await turn();
      failures = contradictions = 0;
    } catch (error) {
      if (hasStopped()) break;
      const reason = reasonOf(error);
      if (blamesEndpoint && isContradiction(error)) {
        connection.events.distrust();
        // The first time, events that once proved right are kept; if they are wrong too, the next endpoint is not to
        // blame.
        const isRepeated = ++contradictions % 2 === 0 || accuse(reason);
        if (isRepeated && contradictions <= 2 * endpointCount) continue;
      }
      if (endsOnFailure === true) throw error;
      contradictions = 0;
      pauseSeconds = retrySeconds(pollSeconds, failures++, random());
      tell({ kind: "failed", during: memory.doing, reason, retryInSeconds: pauseSeconds });
      onFailure?.(reason);
    }
    if (pauseSeconds === null) return;
    await sleep(pauseSeconds * 1_000, undefined, { signal: stopping }).catch(() => undefined);
  }
  tell({ kind: "stopped", reason: String(stopping.reason) });
}
