/** Measures one tree in a process of its own: `treeChild.ts ours|peer SIZE` prints a TreeMeasurement. */
import { createCipheriv } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Address, type Hex } from "viem";
import { openParallelHasher } from "../keeper/parallelHasher";
import { buildRewardTree } from "../keeper/core/rewardTree/buildRewardTree";
import { type RewardDomain } from "../keeper/core/rewardTree/hashing";
import { proofOf } from "../keeper/core/rewardTree/proofs";
import { ACCOUNT_BYTES, type Reward } from "../keeper/core/rewardTree/rewardList";
import { saveRewardTree } from "../keeper/treeFile";
import { writeWhole } from "../keeper/textFile";

export interface TreeMeasurement {
  readonly root: Hex;
  readonly buildSeconds: number;
  /** Of the whole process, after building. */
  readonly peakMegabytes: number;
  readonly proofMilliseconds: number;
  readonly saveSeconds: number;
}

const domain: RewardDomain = { chainId: 1n, treasury: "0x00000000000000000000000000000000000000cc" };
const PROOFS = 1000;

/** Accounts that look like any others, and the same in every run. */
function accountBytes(size: number): Buffer {
  const key = Buffer.alloc(16);
  return createCipheriv("aes-128-ctr", key, key).update(Buffer.alloc(size * ACCOUNT_BYTES));
}

function rewardAt(accounts: Buffer, i: number): Reward {
  const account: Address = `0x${accounts.toString("hex", i * ACCOUNT_BYTES, (i + 1) * ACCOUNT_BYTES)}`;
  return { account, cumulativeWei: BigInt(i) * 1_234_567_890_123_456_789n };
}

/** Rewards that are made as they are asked for, as from a file or a computation. */
function rewardStream(size: number): Iterable<Reward> & { length: number } {
  const accounts = accountBytes(size);
  return {
    length: size,
    *[Symbol.iterator]() {
      for (let i = 0; i < size; i++) yield rewardAt(accounts, i);
    },
  };
}

async function measureOurs(size: number): Promise<TreeMeasurement> {
  const rewards = rewardStream(size);
  const [tree, buildSeconds] = await timed(() => buildRewardTree(domain, rewards, openParallelHasher));
  const peakMegabytes = peak();
  const accounts = accountBytes(size);
  const proofSeconds = await timedProofs(size, (i) => proofOf(tree, rewardAt(accounts, i).account));
  const [, saveSeconds] = await timed(() => inFolder((path) => saveRewardTree(tree, path)));
  return { root: tree.root, buildSeconds, peakMegabytes, ...proofSeconds, saveSeconds };
}

async function measurePeer(size: number): Promise<TreeMeasurement> {
  const { StandardMerkleTree } = await import("@openzeppelin/merkle-tree");
  const { chainId, treasury } = domain;
  const values = Array.from(rewardStream(size), ({ account, cumulativeWei }) => [
    chainId.toString(),
    treasury,
    account,
    cumulativeWei.toString(),
  ]);
  const encoding = ["uint256", "address", "address", "uint256"];
  const [tree, buildSeconds] = await timed(() => Promise.resolve(StandardMerkleTree.of(values, encoding)));
  const peakMegabytes = peak();
  const proofSeconds = await timedProofs(size, (i) => tree.getProof(values[i]!));
  const [, saveSeconds] = await timed(() => inFolder((path) => writeWhole(path, [JSON.stringify(tree.dump())])));
  return { root: tree.root as Hex, buildSeconds, peakMegabytes, ...proofSeconds, saveSeconds };
}

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const start = performance.now();
  const result = await work();
  return [result, (performance.now() - start) / 1000];
}

async function timedProofs(size: number, prove: (i: number) => unknown): Promise<{ proofMilliseconds: number }> {
  const [, seconds] = await timed(() => {
    for (let k = 0; k < PROOFS; k++) prove((k * 7919) % size);
    return Promise.resolve();
  });
  return { proofMilliseconds: (seconds * 1000) / PROOFS };
}

async function inFolder(use: (path: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "reward-tree-"));
  try {
    await use(join(folder, "tree.json"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function peak(): number {
  return process.resourceUsage().maxRSS / 1024;
}

async function main(): Promise<void> {
  const [who, size] = process.argv.slice(2);
  const measure = who === "ours" ? measureOurs : measurePeer;
  process.stdout.write(JSON.stringify(await measure(Number(size))));
}

void main();
