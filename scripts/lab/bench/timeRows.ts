import { type BenchRow } from "./benchRow";
import { consensusRows, epochRows } from "./epoch";
import { hashingRows } from "./hashing";
import { treeRows } from "./tree";

const SIZES = [1_000, 10_000, 100_000, 1_000_000];
/** What still fits into 4 GB. */
const LARGEST = 10_000_000;

/**
 * Time and memory of what the keeper's machine does.
 * @param onProgress Told what is measured next.
 * @param isFull Takes the peers to a million accounts too, and ours to ten million.
 */
export async function timeRows(
  { onProgress, isFull }: { readonly onProgress: (what: string) => void; readonly isFull: boolean },
  sizes: readonly number[] = isFull ? [...SIZES, LARGEST] : SIZES,
): Promise<readonly BenchRow[]> {
  onProgress("time: trees");
  const trees = await treeRows(sizes, isFull ? 1_000_000 : 100_000);
  onProgress("time: epochs");
  const epochs = await epochRows(sizes);
  onProgress("time: consensus");
  return [...trees, ...(await hashingRows()), ...epochs, ...(await consensusRows())];
}
