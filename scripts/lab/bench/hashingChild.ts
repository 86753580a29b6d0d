/** Measures hashing in a process of its own: `hashingChild.ts ours|peer COUNT` reports a Duration. */
import { createKeccak } from "hash-wasm";
import { compileKeccak, BLOCK_WORDS, openKeccakBatch, BATCH } from "../../core/keccak/keccakBatch";
import { type Duration, report, timed } from "./measure";

/** As many as an inner node of the reward tree has. */
const MESSAGE_BYTES = 64;

/** Hashes many messages in a call. */
async function measureOurs(count: number): Promise<Duration> {
  const batch = await openKeccakBatch(await compileKeccak(), MESSAGE_BYTES);
  const { duration } = await timed(() => {
    for (let i = 0; i < count; i += BATCH) {
      for (let message = 0; message < BATCH; message++) batch.blocks[message * BLOCK_WORDS] = i;
      batch.digests(BATCH);
    }
  });
  return duration;
}

/** Hashes a message in each call. */
async function measurePeer(count: number): Promise<Duration> {
  const hasher = await createKeccak(256);
  const message = new Uint8Array(MESSAGE_BYTES);
  const { duration } = await timed(() => {
    for (let i = 0; i < count; i++) {
      message[0] = i;
      hasher.init().update(message).digest("binary");
    }
  });
  return duration;
}

async function main(): Promise<void> {
  const [who, count] = process.argv.slice(2);
  const measure = who === "ours" ? measureOurs : measurePeer;
  report(await measure(Number(count)));
}

void main();
