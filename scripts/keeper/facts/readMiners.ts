import { type Address } from "viem";
import { type Connection } from "../../chain/connection";
import { type Fold } from "../../chain/events/eventLog";
import { requireWholeEvents } from "../../chain/contradiction";

/** A miner as it registered. */
export interface RegisteredMiner {
  readonly minerId: number;
  readonly account: Address;
  /** First epoch in which it may complete tasks. */
  readonly activeFromEpoch: number;
}

const registered: Fold<RegisteredMiner[]> = {
  names: ["MinerRegistered"],
  start: () => [],
  copy: (miners) => [...miners],
  apply: (miners, event) => {
    if (event.name !== "MinerRegistered") return;
    const { minerId, account, activeFromEpoch } = event.args;
    miners.push({ minerId, account, activeFromEpoch: Number(activeFromEpoch) });
  },
};

/**
 * Every miner, by id.
 * @throws MissingEventsError where the TaskRegistry has another number of them.
 */
export async function readMiners({ reader, contracts, events }: Connection): Promise<readonly RegisteredMiner[]> {
  const blockNumber = await reader.getBlockNumber();
  const [miners, count] = await Promise.all([
    events.at(blockNumber).fold(registered),
    contracts.taskRegistry.read.minerCount({ blockNumber }),
  ]);
  requireWholeEvents("The number of miners", BigInt(miners.length), BigInt(count));
  return miners;
}
