import { mnemonicToAccount } from "viem/accounts";
import { type Connection, connectionOf, singleEndpointsOf } from "../../../scripts/chain/connection";
import { dataDirectory as dataDirectoryOf, type Deployment } from "../../../scripts/chain/deployment";
import { openPool } from "../../../scripts/chain/rpc/pool";
import { defaultPoolSettings } from "../../../scripts/chain/rpc/settings";
import { EpochArchive } from "../../../scripts/keeper/archive/epochArchive";
import { type KeeperEvent } from "../../../scripts/keeper/run/keeperEvents";
import { runKeeper } from "../../../scripts/keeper/run/keeper";

/** How a keeper is to run. */
export interface KeeperOptions {
  readonly endpoints: readonly string[];
  readonly deployment: Deployment;
  /** Which of the node's accounts signs; its key is held by the keeper. */
  readonly accountIndex: number;
  readonly dataDirectory: string;
}

/** By how much a campaign's chain is faster than a real one; endpoints are out of rotation for times that much shorter. */
const poolSpeed = 20;

const poolSettings = { ...defaultPoolSettings, timeoutMilliseconds: 2_000, lookTimeoutMilliseconds: 1_000 };

/**
 * Runs a keeper in this process.
 * @param tell Called with every event.
 */
export async function keepSettling(
  { endpoints, deployment, accountIndex, dataDirectory }: KeeperOptions,
  tell: (event: KeeperEvent) => void,
  stopping: AbortSignal,
): Promise<void> {
  const poolChance = { now: () => performance.now() * poolSpeed, random: Math.random };
  const pool = openPool(endpoints, poolSettings, tell, poolChance);
  try {
    const connection = connectionOf(pool.transport, deployment);
    const archive = archiveOf(connection, dataDirectory, tell);
    const signer = mnemonicToAccount("test test test test test test test test test test test junk", {
      addressIndex: accountIndex,
    });
    const clock = (): number => performance.now() / 1_000;
    const chance = { clock, random: Math.random };
    const singleEndpoints = singleEndpointsOf(pool, deployment);
    const { accuse } = pool;
    const ways = { connection, singleEndpoints, endpointCount: pool.endpoints().length, accuse };
    await runKeeper({ ...ways, archive, signer, acceptedEpoch: () => undefined, tell, stopping, ...chance });
  } finally {
    pool.close();
  }
}

/** Opened without a question to the chain, because a keeper in a campaign may be born while no endpoint answers. */
function archiveOf(
  { deployment, contracts }: Connection,
  root: string,
  tell: (event: KeeperEvent) => void,
): EpochArchive {
  const domain = { chainId: BigInt(deployment.chainId), treasury: contracts.treasury.address };
  return new EpochArchive(dataDirectoryOf(deployment.id, root), domain, (epoch, reason) => {
    tell({ kind: "failed", during: `writing the files of epoch ${epoch}`, reason, retryInSeconds: 0 });
  });
}
