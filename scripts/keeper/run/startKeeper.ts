import { type Connection, connectThroughPool, countCalls } from "../../chain/connection";
import { defaultPoolSettings } from "../../chain/rpc/settings";
import { type EndpointHealth, originOf } from "../../chain/rpc/poolEvents";
import { addressOf, type KeySources, type Signer, signerOf } from "../../chain/signer";
import { openArchive } from "../archive/openArchive";
import { type EpochArchive } from "../archive/epochArchive";
import { type Listener } from "./keeperEvents";
import { runKeeper } from "./runKeeper";
import { tellAll } from "./tellAll";

/** How to run a keeper. */
export interface StartOptions {
  readonly endpoints: readonly string[];
  readonly keys: KeySources;
  /** Which of a development node's accounts signs where there is no key. */
  readonly from?: string | undefined;
  /** The epoch that a human has looked at and wants signed. */
  readonly acceptedEpoch?: number | undefined;
  /** Where files are kept; the usual place where it is missing. */
  readonly dataDirectory?: string | undefined;
  /** Everybody who is told; logs and metrics are such. */
  readonly listeners: readonly Listener[];
  /** Told the method of each call to the chain. */
  readonly onCall?: ((method: string) => void) | undefined;
  /** Called when everything is in order, before the first look: the place to serve what the keeper knows. */
  readonly onReady?: ((ready: ReadyKeeper) => Promise<void>) | undefined;
  readonly stopping: AbortSignal;
}

/** A keeper that is about to look at its chain. */
export interface ReadyKeeper {
  readonly connection: Connection;
  readonly archive: EpochArchive;
  endpoints(): readonly EndpointHealth[];
}

/** The account that is to sign may not settle. */
export class NotKeeperError extends Error {
  override readonly name = "NotKeeperError";
}

/**
 * Runs a keeper until it is stopped. What can't pass by itself ends it right here, before it has begun.
 * @throws NotDeployedError, SignerError, KeystoreError, NotKeeperError
 */
export async function startKeeper(options: StartOptions): Promise<void> {
  const { endpoints, listeners, acceptedEpoch, stopping } = options;
  const { tell, begin } = tellAll(listeners);
  const pool = await connectThroughPool(endpoints, defaultPoolSettings, tell);
  try {
    const connection = countCalls(pool.connection, options.onCall ?? (() => undefined));
    const signer = await signerOf(connection.reader, options.from, options.keys);
    await requireKeeperRole(connection, signer);
    const archive = await openArchive(connection, options.dataDirectory, (epoch, reason) => {
      tell({ kind: "failed", during: `writing the files of epoch ${epoch}`, reason, retryInSeconds: 0 });
    });
    await options.onReady?.({ connection, archive, endpoints: () => pool.endpoints() });
    const { id, chainId } = connection.deployment;
    const keeper = addressOf(signer);
    begin({ kind: "started", chainId, deployment: id, keeper, endpoints: endpoints.map(originOf) });
    const clock = (): number => performance.now() / 1_000;
    const { witnesses } = pool;
    const { random } = Math;
    await runKeeper({ connection, witnesses, archive, signer, acceptedEpoch, tell, stopping, clock, random });
  } finally {
    pool.close();
  }
}

async function requireKeeperRole({ contracts }: Connection, signer: Signer): Promise<void> {
  const { treasury } = contracts;
  if (await treasury.read.hasRole([await treasury.read.KEEPER_ROLE(), addressOf(signer)])) return;
  throw new NotKeeperError(
    `${addressOf(signer)} may not settle: give it the keeper's role with "npx hardhat roles handover", or sign with the key that has it.`,
  );
}
