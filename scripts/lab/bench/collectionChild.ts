/**
 * Reads everybody's positions out of logs, in a process of its own: `collectionChild.ts URL EVENTS` reports a
 * ChildMeasurement.
 */
import { zeroAddress } from "viem";
import { connectionOf, transportOf } from "../../chain/connection";
import { byContractName } from "../../chain/contracts";
import { loadNetworkConfig } from "../../config/loadNetworkConfig";
import { readPositions } from "../../keeper/facts/readPositions";
import { type ChildMeasurement, peakMegabytes, report, timed } from "./measure";
import { LOGS_PER_BLOCK } from "./logServer";

async function main(): Promise<void> {
  const [url, events] = [process.argv[2]!, Number(process.argv[3])];
  const connection = connectionOf(transportOf(url), {
    id: "bench",
    chainId: 1,
    addresses: byContractName(() => zeroAddress),
    choices: { network: "local", genesisTimestamp: 0, dao: zeroAddress, fromBlock: 0, nodeAccounts: [] },
    config: loadNetworkConfig("local"),
  });
  const { duration } = await timed(() => readPositions(connection, 1, BigInt(events / LOGS_PER_BLOCK - 1)));
  report({ ...duration, peakMegabytes: peakMegabytes() } satisfies ChildMeasurement);
}

void main();
