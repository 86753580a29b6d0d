/** What miners and validators have in common: how a node opens, and runs until it is stopped. */
import { join } from "node:path";
import { type Hono } from "hono";
import { addressOf, type KeySources, type Signer, signerOf } from "../../chain/signer";
import { askingRulesOf } from "../../keeper/quorum/gather";
import { type ReadyService, type Service, type ServiceOptions, takeTurns, withService } from "../../keeper/run/service";
import { reasonOf } from "../../keeper/run/serviceEvents";
import { type BlobFinder, openBlobFinder } from "../blobs/finder";
import { type BlobStore, openBlobStore } from "../blobs/store";
import { type NodeEvent } from "./nodeEvents";
import { type NodeView, viewChain } from "./nodeView";
import { Outbox } from "./outbox";
import { type Duty } from "./rehearsals";

/** How to run a node, whatever it does. */
export interface NodeOptions<E> extends Omit<ServiceOptions<E | NodeEvent>, "onReady"> {
  readonly keys: KeySources;
  /** Which of a development node's accounts signs if there is no key. */
  readonly from?: string | undefined;
  /** Ends when nothing is left to do. */
  readonly once: boolean;
  /** Only reports what it would send. */
  readonly dryRun: boolean;
  /**
   * The URL at which others reach this node, which it publishes in the Directory; if missing, the published one stays.
   */
  readonly publicUrl?: string | undefined;
  /** Called when everything is in order, before the first look: the place to serve the node and its health. */
  readonly onReady?: ((ready: ReadyNode) => Promise<void>) | undefined;
}

/** A node that is about to look at its chain. */
export interface ReadyNode extends ReadyService {
  /** What it serves to everyone: its blobs, and what a validator signed. */
  readonly routes: Hono;
}

/** What a node works with, whatever it does. */
export interface Node<E> extends Service<E | NodeEvent> {
  readonly signer: Signer;
  /** The folder for this deployment's files. */
  readonly directory: string;
  readonly blobs: BlobStore;
  readonly finder: BlobFinder;
  /** Reports why something could not be stored or served: strangers get only a 503. */
  readonly onServingFailure: (error: unknown) => void;
}

/** What a node of one kind does. */
export interface Role {
  readonly name: "miner" | "validator";
  /** The miner's id, or the validator's address. */
  readonly id: string;
  readonly routes: Hono;
  /** Looks at what concerns it and decides. */
  readonly look: (view: NodeView) => Promise<Decided>;
  /** Called when the node ends, for whatever reason. */
  readonly close: () => Promise<void>;
}

/** What to do on chain now, the most urgent first. */
export interface Decided {
  readonly duties: readonly Duty[];
  /** Whether work continues beside the chain, or the node waits for a time that comes soon. */
  readonly isWorking: boolean;
}

/** Most seconds between two looks at the chain while a transaction is in flight or work continues. */
const busyPollSeconds = 1;

/**
 * Runs a node until it is stopped. An error that can't pass by itself ends it here, before it has begun.
 * @param open Finds out for whom the node acts, and opens its role.
 * @throws NotDeployedError, SignerError, KeystoreError; what `open` throws.
 */
export function startNode<E extends object>(
  options: NodeOptions<E>,
  open: (node: Node<E>) => Promise<Role>,
): Promise<void> {
  return withService<E | NodeEvent>(options, async ({ service, directory, ready, started, begin }) => {
    const { connection } = service;
    const signer = await signerOf(connection.reader, options.from, options.keys);
    const blobs = await openBlobStore(join(directory, "blobs"));
    const onServingFailure = servingFailures(service);
    const finder = openBlobFinder(blobs, { ...askingRulesOf(connection), onFailure: onServingFailure });
    const node: Node<E> = { ...service, signer, directory, blobs, finder, onServingFailure };
    const role = await open(node);
    try {
      const account = addressOf(signer);
      await options.onReady?.({ ...ready, account, routes: role.routes });
      begin({ ...started, role: role.name, id: role.id, account });
      await runNode(node, options, role);
    } finally {
      await role.close();
    }
  });
}

async function runNode<E extends object>(
  node: Node<E>,
  { once, dryRun, publicUrl }: Pick<NodeOptions<E>, "once" | "dryRun" | "publicUrl">,
  role: Role,
): Promise<void> {
  const { connection, signer, tell } = node;
  const { pollSeconds } = connection.deployment.config.keeper;
  const outbox = new Outbox({ ...node, dryRun });
  const memory = { doing: "looking at the chain" };
  const pruneOnce = pruning(node);
  const turn = async (): Promise<number | null> => {
    memory.doing = "looking at the chain";
    const view = await viewChain(connection, addressOf(signer));
    const { headBlock, headTimestamp, epoch, balanceWei } = view;
    tell({ kind: "looked", headBlock, headTimestamp, epoch, balanceWei });
    await pruneOnce(epoch);
    const { duties, isWorking } = await role.look(view);
    const all = [...duties, ...(await publishing(node, view, publicUrl))];
    memory.doing = all.length === 0 ? "looking at the chain" : `sending: ${all.map(({ name }) => name).join(", ")}`;
    await outbox.advance(view, all);
    const isBusy = isWorking || outbox.isBusyWith(all);
    if (once && !isBusy) return null;
    return isBusy ? Math.min(busyPollSeconds, pollSeconds) : pollSeconds;
  };
  await takeTurns(node, { memory, turn, blamesEndpoint: true });
}

/** Reports failures at most once a minute, because strangers' requests can repeat them. */
export function servingFailures({ tell, clock }: Pick<Service<NodeEvent>, "tell" | "clock">): (error: unknown) => void {
  let reportedAt = -Infinity;
  return (error) => {
    if (clock() - reportedAt < 60) return;
    reportedAt = clock();
    tell({
      kind: "failed",
      during: "storing or serving blobs and signatures",
      reason: reasonOf(error),
      retryInSeconds: 0,
    });
  };
}

/** Blobs are served for this many epochs after they were last put. */
const keptEpochs = 31;

/** Removes old blobs, once per epoch. */
function pruning<E extends object>({ blobs, connection, tell }: Node<E>): (epoch: number | null) => Promise<void> {
  const { slotSeconds, slotsPerEpoch } = connection.deployment.config.clock;
  let prunedIn: number | null = null;
  return async (epoch) => {
    if (epoch === prunedIn) return;
    prunedIn = epoch;
    try {
      await blobs.prune(Date.now() / 1_000 - keptEpochs * slotsPerEpoch * slotSeconds);
    } catch (error) {
      tell({ kind: "failed", during: "removing old blobs", reason: reasonOf(error), retryInSeconds: 0 });
    }
  };
}

/** The duty to publish this node's URL, if the Directory has another one. */
async function publishing<E>(
  { signer }: Node<E>,
  { chain }: NodeView,
  publicUrl: string | undefined,
): Promise<readonly Duty[]> {
  if (publicUrl === undefined) return [];
  const { directory } = chain.contracts;
  if ((await directory.read.endpointOf([addressOf(signer)])) === publicUrl) return [];
  const call = { ...directory, functionName: "setEndpoint", args: [publicUrl] };
  return [{ name: `publish ${publicUrl}`, call }];
}
