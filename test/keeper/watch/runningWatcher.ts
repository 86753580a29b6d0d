import { type Connection, connectionOf } from "../../../scripts/chain/connection";
import { type NetworkConfig } from "../../../scripts/config/networkConfig";
import { type Watcher } from "../../../scripts/keeper/watch/memory";
import { type WatchEvent } from "../../../scripts/keeper/watch/watchEvents";
import { runWatch } from "../../../scripts/keeper/watch/watcher";

/** A watcher that runs in this process, with short pauses, and the events that it reported. */
export interface RunningWatcher {
  readonly events: readonly WatchEvent[];
  /** The events of one kind. */
  told<K extends WatchEvent["kind"]>(kind: K): readonly Extract<WatchEvent, { kind: K }>[];
  /** Waits until it has reported `count` events of a kind. */
  until(kind: WatchEvent["kind"], count?: number): Promise<void>;
  /** Waits until it has completed a look at the chain as it is now. */
  untilLooked(): Promise<void>;
  stop(): Promise<void>;
}

/** How the watcher of a test differs from one without a key that runs until it is stopped, and whose clock stands still. */
export type WatcherChanges = Pick<Watcher, "checkpointFile"> &
  Partial<
    Pick<Watcher, "singleEndpoints" | "endpointCount" | "guardian" | "knownHolders" | "staker" | "once" | "clock">
  > &
  Partial<Pick<NetworkConfig["keeper"], "replaceAfterSeconds" | "maxFeePerGasWei">>;

/** A watcher of the deployment of `connection`. */
export function testWatcher(
  connection: Connection,
  changes: WatcherChanges,
  tell: Watcher["tell"],
  stopping: AbortSignal,
) {
  const { replaceAfterSeconds = 10, maxFeePerGasWei, ...given } = changes;
  const { deployment, transport } = connection;
  const settings = maxFeePerGasWei === undefined ? {} : { maxFeePerGasWei };
  const keeper = { ...deployment.config.keeper, pollSeconds: 0.03, replaceAfterSeconds, ...settings };
  const own = connectionOf(transport, { ...deployment, config: { ...deployment.config, keeper } });
  const singleEndpoints = () => [{ endpoint: "its node", connection: own }];
  const ways = { endpointCount: (given.singleEndpoints ?? singleEndpoints)().length, accuse: () => false };
  const usual = {
    ...ways,
    guardian: null,
    knownHolders: null,
    staker: null,
    once: false,
    clock: () => 0,
    random: () => 0.5,
  };
  return { ...usual, connection: own, singleEndpoints, tell, stopping, ...given };
}

/** Starts it. */
export function startTestWatcher(connection: Connection, changes: WatcherChanges): RunningWatcher {
  const events: WatchEvent[] = [];
  const stopping = new AbortController();
  const ended = runWatch(testWatcher(connection, changes, (event) => events.push(event), stopping.signal));
  const told = <K extends WatchEvent["kind"]>(kind: K) =>
    events.filter((event): event is Extract<WatchEvent, { kind: K }> => event.kind === kind);
  const until = async (kind: WatchEvent["kind"], count = 1) => {
    while (told(kind).length < count) await new Promise((later) => setTimeout(later, 10));
  };
  return {
    events,
    told,
    until,
    // The current look may have begun before the change that it is to see.
    untilLooked: () => until("looked", told("looked").length + 2),
    async stop() {
      stopping.abort("the test is over");
      await ended;
    },
  };
}
