import { join } from "node:path";
import { type Address } from "viem";
import { type Connection, connectThroughPool } from "../../chain/connection";
import { dataDirectory } from "../../chain/deployment";
import { type EndpointHealth, originOf } from "../../chain/rpc/poolEvents";
import { defaultPoolSettings } from "../../chain/rpc/settings";
import { addressOf, type KeySources, type Signer, signerOf } from "../../chain/signer";
import { tellAll } from "../run/tellAll";
import { runWatch } from "./runWatch";
import { isAlert, type WatchEvent, type WatchListener } from "./watchEvents";

/** How to run a watcher. */
export interface WatchOptions {
  readonly endpoints: readonly string[];
  /** Where the guardian's key is; null where differences are only told. */
  readonly veto: { readonly keys: KeySources; readonly from?: string | undefined } | null;
  readonly knownHolders: readonly Address[] | null;
  readonly once: boolean;
  /** Where its checkpoint is kept: as MDT_DATA; the usual place where it is missing. */
  readonly dataRoot?: string | undefined;
  /** Everybody who is told; logs and metrics are such. */
  readonly listeners: readonly WatchListener[];
  /** Called when everything is in order, before the first look: the place to serve how the watcher is. */
  readonly onReady?: ((ready: ReadyWatcher) => Promise<void>) | undefined;
  readonly stopping: AbortSignal;
}

/** A watcher that is about to look at its chain. */
export interface ReadyWatcher {
  readonly connection: Connection;
  /** Who vetoes; null where differences are only told. */
  readonly guardian: Address | null;
  endpoints(): readonly EndpointHealth[];
}

/** The account that is to veto may not. */
export class NotGuardianError extends Error {
  override readonly name = "NotGuardianError";
}

/**
 * Watches until it is stopped, or once. What can't pass by itself ends it right here, before it has begun.
 * @returns How many alerts there were.
 * @throws NotDeployedError, SignerError, KeystoreError, NotGuardianError
 */
export async function startWatch(options: WatchOptions): Promise<number> {
  const { endpoints, veto, knownHolders, once, stopping } = options;
  let alerts = 0;
  const count = (event: WatchEvent): void => {
    if (isAlert(event)) alerts++;
  };
  const { tell, begin } = tellAll([count, ...options.listeners]);
  const pool = await connectThroughPool(endpoints, defaultPoolSettings, tell);
  try {
    const { connection, witnesses } = pool;
    const guardian = veto === null ? null : await signerOf(connection.reader, veto.from, veto.keys);
    if (guardian !== null) await requireGuardianRole(connection, guardian);
    const { id, chainId } = connection.deployment;
    const checkpointFile = join(dataDirectory(id, options.dataRoot), "watch.json");
    const account = guardian === null ? null : addressOf(guardian);
    await options.onReady?.({ connection, guardian: account, endpoints: () => pool.endpoints() });
    begin({ kind: "started", chainId, deployment: id, guardian: account, endpoints: endpoints.map(originOf) });
    const clock = (): number => performance.now() / 1_000;
    const { random } = Math;
    const watcher = { connection, witnesses, guardian, checkpointFile, knownHolders, once, tell, stopping };
    await runWatch({ ...watcher, clock, random });
    return alerts;
  } finally {
    pool.close();
  }
}

async function requireGuardianRole({ contracts }: Connection, signer: Signer): Promise<void> {
  const { treasury } = contracts;
  if (await treasury.read.hasRole([await treasury.read.GUARDIAN_ROLE(), addressOf(signer)])) return;
  throw new NotGuardianError(
    `${addressOf(signer)} may not veto: give it the guardian's role with "npx hardhat roles handover", or leave --veto away.`,
  );
}
