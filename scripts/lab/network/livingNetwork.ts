/** A living network on this machine: everyone has a place and a process, clients send digits, each epoch is judged. */
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Address } from "viem";
import { startOf } from "../../views/epochTimes";
import { nextTimestamp } from "../../chain/blocks";
import { type Connection } from "../../chain/connection";
import { nodeAccounts } from "../../chain/signer";
import { clockOf } from "../../config/loadNetworkConfig";
import { epochStatus } from "../../keeper/facts/epochStatus";
import { openBlobFinder } from "../../nodes/blobs/finder";
import { openBlobStore } from "../../nodes/blobs/store";
import { TaskClient } from "../../nodes/clients/taskClient";
import { listenOn, type RunningServer } from "../../serve/server";
import {
  type Beginnings,
  behaviourRoutes,
  describePlaces,
  gatewayService,
  keeperService,
  loyalClient,
  minerServices,
  pageService,
  people,
  type Places,
  validators,
  validatorServices,
  watcherService,
} from "./cast";
import { sendDigits } from "./clients";
import { describeEpoch, Ledger, type NetworkResult } from "./ledger";
import { Processes, Warnings } from "./processes";
import {
  type ChainOptions,
  deployTo,
  freePort,
  freeRecord,
  NetworkStartError,
  referenceForMiners,
  requireFreePort,
  startChain,
  takePlaces,
} from "./setting";

/** How a network is started. */
interface NetworkOptions extends ChainOptions {
  /** The project's folder. */
  readonly root: string;
  readonly pagePort: number;
  /** Ends once this many epochs in which everyone took part are settled; null: only when it is stopped. */
  readonly epochs: number | null;
  readonly stopping: AbortSignal;
  /** Called with what happens, in a sentence or a few lines. */
  readonly tell: (text: string) => void;
}

/** How many digits are sent in an epoch. */
const digitsPerEpoch = 30;

const lookEveryMilliseconds = 500;

/** What a network is opened with. */
interface NetworkParts {
  readonly connection: Connection;
  readonly places: Omit<Places, "behavioursUrl" | "validatorPorts" | "crsDirectory">;
  readonly processes: Processes;
  readonly warnings: Warnings;
  readonly options: NetworkOptions;
}

/** A network whose processes run. */
class LivingNetwork {
  readonly #ending = new AbortController();

  private constructor(
    private readonly parts: NetworkParts,
    private readonly accounts: readonly Address[],
    private readonly ledger: Ledger,
    private readonly behaviours: RunningServer,
    private readonly beginnings: Beginnings,
    private readonly gatewayUrl: string,
    private readonly asksForProofs: boolean,
  ) {}

  /** Gives everyone their places, and starts everyone's process. */
  static async open(parts: NetworkParts): Promise<LivingNetwork> {
    const { connection, processes, options } = parts;
    const { rpcUrl } = parts.places;
    const accounts = await nodeAccounts(connection.reader);
    const [beginnings, crsDirectory] = await Promise.all([
      takePlaces(rpcUrl, connection, ({ index }) => accounts[index]!),
      referenceForMiners(connection, options.tell),
    ]);
    const ledger = new Ledger(connection);
    const behaviours = await listenOn(
      { host: "127.0.0.1", port: 0 },
      behaviourRoutes((id) => ledger.agreedOn(id)),
    );
    const validatorPorts = await Promise.all(validators.map(freePort));
    const places = { ...parts.places, behavioursUrl: behaviours.url, validatorPorts, crsDirectory };
    const nodes = [keeperService(places), ...validatorServices(places), ...minerServices(places)];
    const [pageUrl, gatewayUrl] = await Promise.all([
      processes.start(pageService(places)),
      processes.start(gatewayService(places)),
      ...nodes.map((node) => processes.start(node)),
    ]);
    // Waits until epochs that passed during the start are settled: the watcher need not be alarmed by them.
    while ((await epochStatus(connection)).isDue) await sleep(lookEveryMilliseconds);
    await processes.start(watcherService(places));
    options.tell(describePlaces({ pageUrl, rpcUrl, gatewayUrl, accounts, beginnings }));
    return new LivingNetwork(parts, accounts, ledger, behaviours, beginnings, gatewayUrl, crsDirectory !== null);
  }

  /** Lets clients send digits, and judges every epoch, until as many as requested are settled. */
  async live(): Promise<NetworkResult> {
    const { connection, options } = this.parts;
    const { signal } = this.#ending;
    const activeAt = startOf(connection, this.beginnings.miners);
    while (Number(await nextTimestamp(connection.reader)) < activeAt) await sleep(lookEveryMilliseconds);
    const clients = await this.#sendDigits();
    let before = clients.tally();
    const last = options.epochs === null ? Infinity : this.#firstWhole() + options.epochs - 1;
    while (!signal.aborted && this.ledger.epochs.length <= last) {
      for (const judged of await this.ledger.advance()) {
        const now = clients.tally();
        options.tell(describeEpoch(judged, before, now));
        before = now;
      }
      await sleep(lookEveryMilliseconds, undefined, { signal }).catch(() => undefined);
    }
    return this.result();
  }

  /** The figures as of the last epoch that counts. */
  async result(): Promise<NetworkResult> {
    const { epochs: count } = this.parts.options;
    const first = count === null ? 0 : this.#firstWhole();
    const epochs = this.ledger.epochs.slice(first, count === null ? undefined : first + count);
    const last = epochs.at(-1);
    const nothing = { earnedWei: 0n, expectedWei: 0n };
    const rows = people.map(async (person) => {
      const account = this.accounts[person.index]!;
      return { ...person, account, ...(last === undefined ? nothing : await this.ledger.earningsOf(account, last)) };
    });
    return { epochs, people: await Promise.all(rows), warnings: this.parts.warnings.list() };
  }

  /** Ends what runs in this process. */
  async close(): Promise<void> {
    this.#ending.abort();
    await this.behaviours.close();
  }

  /** The first epoch in which validators and miners take part from its beginning. */
  #firstWhole(): number {
    return Math.max(this.beginnings.validators, this.beginnings.miners);
  }

  async #sendDigits() {
    const { connection, places, options, warnings } = this.parts;
    const blobs = await openBlobStore(join(places.folder, loyalClient.name));
    const { signal } = this.#ending;
    const own = { connection, blobs, finder: openBlobFinder(blobs, { allowPrivate: true }) };
    return sendDigits({
      gatewayUrl: this.gatewayUrl,
      asksForProofs: this.asksForProofs,
      loyal: new TaskClient({ ...own, signer: this.accounts[loyalClient.index]!, stopping: signal }),
      secondsBetween: options.epochSeconds / digitsPerEpoch,
      deadlineSeconds: options.epochSeconds,
      stopping: signal,
      onTrouble: (kind, sentence) => {
        warnings.add("Clients", `${kind} ${sentence}`, sentence);
      },
    });
  }
}

/**
 * Runs a network until it is stopped or its epochs are settled; then ends every process, and removes every file.
 * @returns Null if it was stopped before all its processes had started.
 * @throws NetworkStartError, ProcessEndedError, ConfigError
 */
export async function startNetwork(options: NetworkOptions): Promise<NetworkResult | null> {
  const { root, rpcPort, pagePort, epochSeconds, stopping, tell } = options;
  const program = join(root, "dist", "mdt.mjs");
  clockOf("local", epochSeconds);
  if (!existsSync(program)) throw new NetworkStartError('The program is not built: run "node scripts/build.mjs".');
  await requireFreePort(rpcPort, "--rpc-port");
  await requireFreePort(pagePort, "--port");
  const warnings = new Warnings((sentence) => {
    tell(`Warning: ${sentence}`);
  });
  const processes = new Processes(root, warnings);
  const folder = mkdtempSync(join(tmpdir(), "moderntensor-network-"));
  const left = [folder];
  const removeAll = (): void => {
    for (const path of left) rmSync(path, { recursive: true, force: true });
  };
  process.once("exit", removeAll);
  const stopped = once(stopping, "abort").then(() => null);
  let network: LivingNetwork | undefined;
  const live = async (): Promise<NetworkResult | null> => {
    const began = performance.now();
    tell("Starting Hardhat's node and deploying.");
    const url = await startChain(folder, processes, options);
    left.push(await freeRecord(url));
    const connection = await deployTo(url, folder, processes, options);
    const places = { program, rpcUrl: url, folder, pagePort };
    network = await LivingNetwork.open({ connection, places, processes, warnings, options });
    const { bytes, processes: count } = await processes.memory();
    const seconds = (performance.now() - began) / 1_000;
    tell(`Ready after ${seconds.toFixed(0)} s: ${count} processes use ${Math.ceil(bytes / 2 ** 20)} MiB of memory.`);
    return network.live();
  };
  try {
    const living = live();
    living.catch(() => undefined);
    const result = await Promise.race([living, processes.vitalEnd, stopped]);
    return result ?? (await network?.result()) ?? null;
  } finally {
    await network?.close();
    await processes.end();
    removeAll();
    process.off("exit", removeAll);
  }
}
