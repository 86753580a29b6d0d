import { type BenchRow } from "./benchRow";
import { type EpochMeasurement } from "./epochChild";
import { growthRows } from "./growth";
import { type ChildMeasurement, measuredApart } from "./measure";

const RUNS = 3;

/** Time and peak memory of computing an epoch and of hashing its inputs, and how time grows with size. */
export async function epochRows(sizes: readonly number[]): Promise<readonly BenchRow[]> {
  const measured: (EpochMeasurement & { readonly size: number })[] = [];
  for (const size of sizes) measured.push({ size, ...(await quickestEpoch(size)) });
  return [
    ...measured.flatMap(({ size, compute, hash }) => [
      ...rowsOf("epoch computation", size, compute, size === 1_000_000 ? [8, 1_500] : [null, null]),
      ...rowsOf("inputs hash", size, hash, [null, null]),
    ]),
    ...growthRows(
      "epoch computation",
      measured.map(({ size, compute }) => ({ size, ...compute })),
    ),
    ...growthRows(
      "inputs hash",
      measured.map(({ size, hash }) => ({ size, ...hash })),
    ),
  ];
}

/** The quickest of a few runs: what else the machine does only adds to one, and growth is told from two. */
async function quickestEpoch(size: number): Promise<EpochMeasurement> {
  let quickest = await measuredApart<EpochMeasurement>("epochChild.ts", size);
  for (let run = 1; run < RUNS; run++) {
    const another = await measuredApart<EpochMeasurement>("epochChild.ts", size);
    if (another.compute.cpuSeconds < quickest.compute.cpuSeconds) quickest = another;
  }
  return quickest;
}

/** Consensus of a hundred validators over the largest set of miners that subtensor would allow. */
export async function consensusRows(): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const rule of ["stake", "yuma2", "yuma3"]) {
    const measurement = await measuredApart<ChildMeasurement>("yumaChild.ts", rule, 100, 4_096);
    rows.push(...rowsOf(`consensus, rule ${rule}, 100 validators`, 4_096, measurement, [1, null]));
  }
  return rows;
}

function rowsOf(
  name: string,
  size: number,
  { seconds, cpuSeconds, peakMegabytes }: ChildMeasurement,
  [secondsTarget, megabytesTarget]: readonly [number | null, number | null],
): readonly BenchRow[] {
  const noPeer = { peer: null, peerValue: null };
  return [
    { name, unit: "s", size, ours: seconds, target: secondsTarget, ...noPeer },
    { name: `${name}, processor time`, unit: "s", size, ours: cpuSeconds, target: null, ...noPeer },
    { name: `${name}: peak memory`, unit: "MB", size, ours: peakMegabytes, target: megabytesTarget, ...noPeer },
  ];
}
