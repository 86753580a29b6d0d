import { type BenchRow } from "./benchRow";
import { growthRows, type SizedSeconds } from "./growth";
import { measuredApart } from "./measure";
import { type TreeMeasurement } from "./treeChild";

const PEER = "OpenZeppelin merkle-tree";

/**
 * Time and peak memory of building the reward tree, beside OpenZeppelin's library, each in a process that does nothing
 * else; then the saved form and a proof, timed apart; and how time grows with size. Throws if the roots differ.
 * @param largestPeerSize How far the peer is taken: at a million accounts it needs minutes and 2.3 GB.
 */
export async function treeRows(sizes: readonly number[], largestPeerSize: number): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  const built: SizedSeconds[] = [];
  for (const size of sizes) {
    const ours = await measuredApart<TreeMeasurement>("treeChild.ts", "ours", size);
    const peer =
      size <= largestPeerSize ? await measuredApart<TreeMeasurement>("treeChild.ts", "peer", size) : undefined;
    if (peer !== undefined && peer.root !== ours.root) throw new Error(`The roots of ${size} accounts differ.`);
    rows.push(...rowsOf(size, ours, peer));
    built.push({ size, cpuSeconds: ours.cpuSeconds });
  }
  return [...rows, ...growthRows("reward tree", built)];
}

function rowsOf(size: number, ours: TreeMeasurement, peer: TreeMeasurement | undefined): readonly BenchRow[] {
  const isMillion = size === 1_000_000;
  const row = (name: string, unit: string, field: keyof Omit<TreeMeasurement, "root">, target: number | null) => ({
    ...{ name: `reward tree: ${name}`, unit, size, target, peer: PEER },
    ours: ours[field]!,
    peerValue: peer?.[field] ?? null,
  });
  return [
    row("build", "s", "seconds", isMillion ? 3 : null),
    row("build, processor time", "s", "cpuSeconds", null),
    row("peak memory", "MB", "peakMegabytes", isMillion ? 400 : null),
    row("proof of one account", "ms", "proofMilliseconds", 1),
    row("saved form", "s", "saveSeconds", null),
    row("proof of one account out of the saved form", "ms", "savedProofMilliseconds", null),
  ];
}
