import { type BenchRow } from "./rows";
import { consensusRows, epochRows } from "./epoch";
import { treeRows } from "./tree";
import { type Duration, measuredApart } from "./measure";

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

const MESSAGES = 2_000 * 512;

/** What a hash of a reward tree takes: many messages in a call, beside a library that takes one in a call. */
async function hashingRows(): Promise<readonly BenchRow[]> {
  const [ours, peerValue] = [await microsecondsEach("ours"), await microsecondsEach("peer")];
  const peer = "hash-wasm, a call per message";
  return [{ name: "keccak-256 of 64 bytes", unit: "µs", size: MESSAGES, ours, target: null, peer, peerValue }];
}

async function microsecondsEach(who: "ours" | "peer"): Promise<number> {
  const { cpuSeconds } = await measuredApart<Duration>("hashingChild.ts", who, MESSAGES);
  return (cpuSeconds * 1e6) / MESSAGES;
}
