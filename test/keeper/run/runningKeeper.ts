import { join } from "node:path";
import { type Connection, connectionOf, transportOf, type SingleEndpoints } from "../../../scripts/chain/connection";
import { type Pool } from "../../../scripts/chain/rpc/pool";
import { type Signer } from "../../../scripts/chain/signer";
import { openArchive } from "../../../scripts/keeper/archive/epochArchive";
import { type NetworkConfig } from "../../../scripts/config/networkConfig";
import { type KeeperEvent } from "../../../scripts/keeper/run/keeperEvents";
import { acceptedEpochIn } from "../../../scripts/keeper/run/objections";
import { runKeeper } from "../../../scripts/keeper/run/keeper";

/** A keeper that runs in this process, with short pauses, and the events that it reported. */
export interface RunningKeeper {
  readonly events: readonly KeeperEvent[];
  /** The events of one kind. */
  told<K extends KeeperEvent["kind"]>(kind: K): readonly Extract<KeeperEvent, { kind: K }>[];
  /** Waits for `count` events of a kind; epochs that it found final at its start count as such events. */
  until(kind: KeeperEvent["kind"], count?: number): Promise<void>;
  stop(): Promise<void>;
}

/** The settings in which a test's keeper differs from the network's. */
export interface KeeperChanges extends Partial<NetworkConfig["keeper"]> {
  /** The URL of its node, if it doesn't use the transport of `connection`. */
  readonly url?: string;
  readonly signer: Signer;
  readonly dataDirectory: string;
  /** The endpoints that are read one by one; only its own node if omitted. */
  readonly singleEndpoints?: SingleEndpoints;
  /** Its pool, if it has several endpoints. */
  readonly pool?: Pool;
  /** The time in seconds; a clock that stands still if omitted. */
  readonly clock?: () => number;
}

/** Starts a keeper of the deployment of `connection`. */
export async function startTestKeeper(connection: Connection, changes: KeeperChanges): Promise<RunningKeeper> {
  const { url, signer, dataDirectory, clock = () => 0, singleEndpoints, pool, ...settings } = changes;
  const { deployment } = connection;
  const keeper = { ...deployment.config.keeper, pollSeconds: 0.03, ...settings };
  const way = url === undefined ? connection.transport : transportOf(url);
  const own = connectionOf(pool?.transport ?? way, {
    ...deployment,
    config: { ...deployment.config, keeper },
  });
  const events: KeeperEvent[] = [];
  const stopping = new AbortController();
  const ended = runKeeper({
    connection: own,
    singleEndpoints: singleEndpoints ?? (() => [{ endpoint: "its node", connection: own }]),
    endpointCount: pool?.endpoints().length ?? 1,
    accuse: pool?.accuse ?? (() => false),
    archive: await openArchive(own, dataDirectory, (epoch, reason) => {
      events.push({ kind: "failed", during: `writing the files of epoch ${epoch}`, reason, retryInSeconds: 0 });
    }),
    signer,
    acceptedEpoch: () => acceptedEpochIn(join(dataDirectory, connection.deployment.id)),
    tell: (event) => events.push(event),
    stopping: stopping.signal,
    clock,
    random: () => 0.5,
  });
  const told = <K extends KeeperEvent["kind"]>(kind: K) =>
    events.filter((event): event is Extract<KeeperEvent, { kind: K }> => event.kind === kind);
  return {
    events,
    told,
    async until(kind, count = 1) {
      const earlier = () => (kind === "final" ? (told("final")[0]?.earlier ?? 0) : 0);
      while (told(kind).length + earlier() < count) await new Promise((later) => setTimeout(later, 10));
    },
    async stop() {
      stopping.abort("the test is over");
      await ended;
    },
  };
}
