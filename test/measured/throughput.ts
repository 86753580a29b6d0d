import { type BenchRow } from "../../scripts/lab/bench/measure";
import { throughputRows } from "../../scripts/lab/bench/throughput";
import { startAnvil } from "../shared/anvil";
import { type DevelopmentNode, nodeAccount, startNode } from "../shared/node";

const skip = (): never => {
  throw new Error("anvil is not installed.");
};

/** How many tasks networks with these numbers of miners carry, on Hardhat's node and on anvil. */
export async function rowsOnNodes(
  sizes: readonly number[],
  onProgress: (what: string) => void,
): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  const nodes: readonly (readonly [string, () => Promise<DevelopmentNode>])[] = [
    ["Hardhat's node", startNode],
    ["anvil", () => startAnvil({ skip })],
  ];
  for (const [name, start] of nodes) {
    onProgress(`throughput: tasks on ${name}`);
    const node = await start();
    try {
      const place = { connection: await node.deploy(), funder: nodeAccount(0), client: nodeAccount(11) };
      rows.push(...(await throughputRows(name, { ...place, advanceTo: (to) => node.advanceTo(to) }, sizes)));
    } finally {
      node.stop();
    }
  }
  return rows;
}
