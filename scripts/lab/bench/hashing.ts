import { type BenchRow } from "./benchRow";
import { type Duration, measuredApart } from "./measure";

const MESSAGES = 2_000 * 512;

/** What a hash of a reward tree takes: many messages in a call, beside a library that takes one in a call. */
export async function hashingRows(): Promise<readonly BenchRow[]> {
  const [ours, peerValue] = [await microsecondsEach("ours"), await microsecondsEach("peer")];
  const peer = "hash-wasm, a call per message";
  return [{ name: "keccak-256 of 64 bytes", unit: "µs", size: MESSAGES, ours, target: null, peer, peerValue }];
}

async function microsecondsEach(who: "ours" | "peer"): Promise<number> {
  const { cpuSeconds } = await measuredApart<Duration>("hashingChild.ts", who, MESSAGES);
  return (cpuSeconds * 1e6) / MESSAGES;
}
