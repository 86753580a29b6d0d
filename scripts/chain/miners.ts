import { type Address } from "viem";
import { type Connection } from "./connection";

/** How many entries one call of a list view asks for: well below what an eth_call may cost. */
export const pageSize = 1_000;

export interface Miner {
  readonly minerId: number;
  readonly account: Address;
  readonly activeFromEpoch: bigint;
}

/** Every miner, by id. */
export async function listMiners({ contracts }: Pick<Connection, "contracts">): Promise<readonly Miner[]> {
  const { taskRegistry } = contracts;
  const count = await taskRegistry.read.minerCount();
  const pages = await Promise.all(
    Array.from({ length: Math.ceil(count / pageSize) }, (_, page) =>
      taskRegistry.read.miners([BigInt(page * pageSize + 1), BigInt(pageSize)]),
    ),
  );
  return pages.flat().map((miner, index) => ({ minerId: index + 1, ...miner }));
}
