import { type Address } from "viem";
import { epochStatus } from "../keeper/facts/epochStatus";
import { type Connection } from "../chain/connection";
import { pageSize } from "../chain/miners";
import { readMiners } from "../keeper/facts/readMiners";

/** A miner as `miner list` shows it. */
export interface MinerSummary {
  readonly minerId: number;
  readonly account: Address;
  /** First epoch in which it may complete tasks. */
  readonly activeFromEpoch: number;
  /** Completed tasks that count for the running epoch so far, and for the one before; 0 where there is none. */
  readonly completedThisEpoch: number;
  readonly completedLastEpoch: number;
}

/** Every miner, by id, with its latest work. */
export async function listMinersAtWork(connection: Connection): Promise<readonly MinerSummary[]> {
  const { epoch } = await epochStatus(connection);
  const [miners, running, last] = await Promise.all([
    readMiners(connection),
    completedIn(connection, epoch),
    completedIn(connection, epoch === null ? null : epoch - 1),
  ]);
  return miners.map(({ minerId, account, activeFromEpoch }) => ({
    minerId,
    account,
    activeFromEpoch,
    completedThisEpoch: running[minerId - 1] ?? 0,
    completedLastEpoch: last[minerId - 1] ?? 0,
  }));
}

/** Completed tasks in the order of miners' ids; nothing for an epoch that never was. */
async function completedIn({ contracts }: Connection, epoch: number | null): Promise<readonly number[]> {
  const { taskRegistry } = contracts;
  if (epoch === null || epoch < 0) return [];
  const count = await taskRegistry.read.minerCount();
  const pages = await Promise.all(
    Array.from({ length: Math.ceil(count / pageSize) }, (_, page) =>
      taskRegistry.read.minerWork([BigInt(epoch), BigInt(page * pageSize + 1), BigInt(pageSize)]),
    ),
  );
  return pages.flat().map(({ completedTasks }) => completedTasks);
}
