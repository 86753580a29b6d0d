import { closeSync, openSync, readSync } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { type RewardTree } from "./rewardTree/buildRewardTree";
import { parseRewards } from "./rewardTree/parseRewards";
import { type Reward } from "./rewardTree/rewardList";
import { savedForm } from "./rewardTree/savedForm";

const CHUNK_BYTES = 1 << 20;

/** The rewards of a file `[["0x…account","amountWei"], …]`, read as they are asked for, in bounded memory. */
export function readRewards(path: string): Generator<Reward> {
  return parseRewards(textOf(path));
}

/**
 * Saves a tree as JSON that OpenZeppelin's `StandardMerkleTree.load` reads. Written piece by piece to a file beside it
 * and then renamed, so that whoever reads `path` finds the old tree or the new one, whole.
 */
export async function saveRewardTree(tree: RewardTree, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}.unfinished`;
  const file = await open(unfinished, "w");
  try {
    for (const text of savedForm(tree)) await file.writeFile(text);
    await file.sync();
    await file.close();
    await rename(unfinished, path);
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(unfinished, { force: true });
    throw error;
  }
}

function* textOf(path: string): Generator<string> {
  const decoder = new TextDecoder();
  for (const chunk of chunksOf(path)) yield decoder.decode(chunk, { stream: true });
}

function* chunksOf(path: string): Generator<Buffer> {
  const file = openSync(path, "r");
  try {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    for (;;) {
      const length = readSync(file, chunk);
      if (length === 0) return;
      yield chunk.subarray(0, length);
    }
  } finally {
    closeSync(file);
  }
}
