import { zeroAddress } from "viem";
import { type BenchRow } from "./benchRow";
import { openLogServer } from "./logServer";
import { type ChildMeasurement, measuredWithin } from "./measure";

/** How many accounts have stake; each changes it over and over again. */
const ACCOUNTS = 10_000;
const SIZES = [10_000, 100_000];
/** What may live at once: one range of logs as text and as objects, the positions, and the program itself. */
const HEAP_MEGABYTES = 160;

/**
 * Time and peak memory of collecting the positions of 10,000 accounts out of ever more changes of stake, which a node in
 * this process serves over JSON-RPC: memory is bounded by the positions and one range of logs, not by the events. Fails
 * where more than 160 MB have to live at once.
 * @param sizes How many events.
 */
export async function collectionRows(sizes: readonly number[] = SIZES): Promise<readonly BenchRow[]> {
  const server = await openLogServer(ACCOUNTS, zeroAddress);
  const rows: BenchRow[] = [];
  try {
    for (const size of sizes) {
      const { seconds, peakMegabytes } = await measuredWithin<ChildMeasurement>(
        HEAP_MEGABYTES,
        "collectionChild.ts",
        server.url,
        size,
      );
      const shared = { size, peer: null, peerValue: null };
      rows.push({ ...shared, name: "positions from logs", unit: "s", ours: seconds, target: null });
      const memory = { name: "positions from logs: peak memory", unit: "MB", ours: peakMegabytes };
      rows.push({ ...shared, ...memory, target: null });
    }
  } finally {
    server.close();
  }
  return rows;
}
