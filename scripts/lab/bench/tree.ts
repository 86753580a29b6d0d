import {
  type BenchRow,
  type Duration,
  growthRows,
  type SizedSeconds,
  type ChildMeasurement,
  manyAccounts,
  measuredApart,
  peakMegabytes,
  report,
  row,
  timed,
} from "./measure";
import { inTemporaryFolder } from "../temporaryFolder";
import { join } from "node:path";
import { createKeccak } from "hash-wasm";
import { type Address, type Hex } from "viem";
import { BLOCK_WORDS, compileKeccak, openKeccakBatch } from "../../core/keccak/keccakBatch";
import { BATCH } from "../../core/keccak/keccakBatch";
import { openParallelHasher } from "../../keeper/compute/parallelHasher";
import { buildRewardTree } from "../../core/rewardTree/buildRewardTree";
import { type RewardDomain } from "../../core/rewardTree/hashing";
import { proofOf } from "../../core/rewardTree/proofs";
import { type CumulativeReward } from "../../core/rewardTree/rewardList";
import { proofFromFile, saveRewardTree } from "../../keeper/archive/treeFile";
import { writeWhole } from "../../keeper/archive/textFile";

const PEER = "OpenZeppelin merkle-tree";

/**
 * Time and peak memory of building the reward tree, beside OpenZeppelin's library, each in a process that does nothing
 * else; then the saved form and a proof, timed separately; and how time grows with size. Throws if the roots differ.
 * @param largestPeerSize The largest size for the peer: at a million accounts it needs minutes and 2.3 GB.
 */
export async function treeRows(sizes: readonly number[], largestPeerSize: number): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  const built: SizedSeconds[] = [];
  for (const size of sizes) {
    const ours = await measuredApart<TreeMeasurement>("tree.ts", "tree", "ours", size);
    const peer =
      size <= largestPeerSize ? await measuredApart<TreeMeasurement>("tree.ts", "tree", "peer", size) : undefined;
    if (peer !== undefined && peer.root !== ours.root) throw new Error(`The roots of ${size} accounts differ.`);
    rows.push(...rowsOf(size, ours, peer));
    built.push({ size, cpuSeconds: ours.cpuSeconds });
  }
  return [...rows, ...growthRows("reward tree", built)];
}

function rowsOf(size: number, ours: TreeMeasurement, peer: TreeMeasurement | undefined): readonly BenchRow[] {
  const isMillion = size === 1_000_000;
  const rows: readonly (readonly [string, string, keyof Omit<TreeMeasurement, "root">, number | null])[] = [
    ["build", "s", "seconds", isMillion ? 3 : null],
    ["build, processor time", "s", "cpuSeconds", null],
    ["peak memory", "MB", "peakMegabytes", isMillion ? 400 : null],
    ["proof of one account", "ms", "proofMilliseconds", 1],
    ["saved form", "s", "saveSeconds", null],
    ["proof of one account from the saved form", "ms", "savedProofMilliseconds", null],
  ];
  return rows.map(([name, unit, field, target]) =>
    row(`reward tree: ${name}`, unit, size, ours[field]!, { target, peer: PEER, peerValue: peer?.[field] ?? null }),
  );
}

/** Duration and memory are those of building. */
interface TreeMeasurement extends ChildMeasurement {
  readonly root: Hex;
  readonly proofMilliseconds: number;
  readonly saveSeconds: number;
  /** For one account, from the saved form; missing for the peer, which would have to build its tree again. */
  readonly savedProofMilliseconds?: number;
}

const domain: RewardDomain = { chainId: 1n, treasury: "0x00000000000000000000000000000000000000cc" };
const PROOFS = 1000;

/** Rewards created only when they are read, as from a file or a computation. */
function rewardStream(size: number): Iterable<CumulativeReward> & { length: number } {
  const accountAt = manyAccounts(size);
  return {
    length: size,
    *[Symbol.iterator]() {
      for (let i = 0; i < size; i++) yield rewardAt(accountAt, i);
    },
  };
}

function rewardAt(accountAt: (i: number) => Address, i: number): CumulativeReward {
  return { account: accountAt(i), cumulativeWei: BigInt(i) * 1_234_567_890_123_456_789n };
}

async function measureOurTree(size: number): Promise<TreeMeasurement> {
  const rewards = rewardStream(size);
  const { result: tree, duration } = await timed(() => buildRewardTree(domain, rewards, openParallelHasher));
  const peak = peakMegabytes();
  const accountAt = manyAccounts(size);
  const proofMilliseconds = await timedProofs(size, (i) => proofOf(tree, accountAt(i)));
  const saved = await inTemporaryFolder(async (folder) => {
    const path = join(folder, "tree.json");
    const saving = await timed(() => saveRewardTree(tree, path));
    const proving = await timed(() => proofFromFile(path, domain, accountAt(size - 1)));
    return { saveSeconds: saving.duration.seconds, savedProofMilliseconds: proving.duration.seconds * 1_000 };
  });
  return { ...duration, peakMegabytes: peak, root: tree.root, proofMilliseconds, ...saved };
}

async function measurePeersTree(size: number): Promise<TreeMeasurement> {
  const { StandardMerkleTree } = await import("@openzeppelin/merkle-tree");
  const { chainId, treasury } = domain;
  const values = Array.from(rewardStream(size), ({ account, cumulativeWei }) => [
    chainId.toString(),
    treasury,
    account,
    cumulativeWei.toString(),
  ]);
  const encoding = ["uint256", "address", "address", "uint256"];
  const { result: tree, duration } = await timed(() => StandardMerkleTree.of(values, encoding));
  const peak = peakMegabytes();
  const proofMilliseconds = await timedProofs(size, (i) => tree.getProof(values[i]!));
  const saving = await timed(() =>
    inTemporaryFolder((folder) => writeWhole(join(folder, "tree.json"), [JSON.stringify(tree.dump())])),
  );
  const saveSeconds = saving.duration.seconds;
  return { ...duration, peakMegabytes: peak, root: tree.root as Hex, proofMilliseconds, saveSeconds };
}

async function timedProofs(size: number, prove: (i: number) => unknown): Promise<number> {
  const { duration } = await timed(() => {
    for (let k = 0; k < PROOFS; k++) prove((k * 7_919) % size);
  });
  return (duration.seconds * 1_000) / PROOFS;
}

const MESSAGES = 2_000 * 512;

/** Time per hash of a reward tree: ours hashes many messages per call, the peer's library one. */
export async function hashingRows(): Promise<readonly BenchRow[]> {
  const [ours, peerValue] = [await microsecondsEach("ours"), await microsecondsEach("peer")];
  const peer = "hash-wasm, a call per message";
  return [row("keccak-256 of 64 bytes", "µs", MESSAGES, ours, { peer, peerValue })];
}

async function microsecondsEach(who: "ours" | "peer"): Promise<number> {
  const { cpuSeconds } = await measuredApart<Duration>("tree.ts", "hash", who, MESSAGES);
  return (cpuSeconds * 1e6) / MESSAGES;
}

/** Bytes of an inner node of the reward tree. */
const MESSAGE_BYTES = 64;

/** Hashes many messages per call. */
async function hashOurs(count: number): Promise<Duration> {
  const batch = await openKeccakBatch(await compileKeccak(), MESSAGE_BYTES);
  const { duration } = await timed(() => {
    for (let i = 0; i < count; i += BATCH) {
      for (let message = 0; message < BATCH; message++) batch.blocks[message * BLOCK_WORDS] = i;
      batch.digests(BATCH);
    }
  });
  return duration;
}

/** Hashes one message per call. */
async function hashPeers(count: number): Promise<Duration> {
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

/** Runs in a separate process, as `tree.ts tree|hash ours|peer SIZE`. */
async function main(): Promise<void> {
  const [what, who, size] = process.argv.slice(2);
  const [ours, peers] = what === "tree" ? [measureOurTree, measurePeersTree] : [hashOurs, hashPeers];
  report(await (who === "ours" ? ours : peers)(Number(size)));
}

if (require.main === module) void main();
