import { type Address, type Hex, isHash, zeroHash } from "viem";
import { counted, noProgress } from "../../core/progress";
import { openParallelHasher } from "../compute/parallelHasher";
import { buildRewardTree, type RewardTree } from "../../core/rewardTree/buildRewardTree";
import {
  openChecksums,
  BEFORE_NODES,
  BEFORE_VALUES,
  NODE_LENGTH,
  nodeOffset,
  parseValueEnd,
  savedForm,
  valueStart,
  MalformedJsonError,
  parseRewards,
  parseSavedRewards,
} from "../../core/rewardTree/rewardJson";
import { type RewardDomain } from "../../core/rewardTree/hashing";
import { type CumulativeReward, InvalidRewardError, type Rewards } from "../../core/rewardTree/rewardList";
import { type RewardProof, siblingsOf, UnknownAccountError, verifyProof } from "../../core/rewardTree/proofs";
import { fileBytes, findText, readPart, readPieces, writeWhole } from "./textFile";

/** Fewest characters of a reward, in a list and among the values of a saved tree. */
const SHORTEST_PAIR = 50;
const SHORTEST_VALUE = 123;

/** More bytes than a saved tree of 2^24 accounts has, the most that an epoch is computed for. */
const MOST_BYTES = 2 ** 24 * 512;

const REWARDS_PER_REPORT = 1 << 14;
const PARTS_PER_REPORT = 8;

/** A file without a complete tree of the chain and Treasury asked for. */
export class DamagedTreeError extends Error {
  override readonly name = "DamagedTreeError";
  readonly problem = "does not hold a complete reward tree of this chain and Treasury";

  constructor(readonly path: string) {
    super(`${path} does not hold a complete reward tree of this chain and Treasury.`);
  }
}

/** The rewards of a file `[["0x…account","amountWei"], …]` that someone wrote, read on demand. */
export async function readRewards(path: string, onProgress = noProgress): Promise<Rewards> {
  const written = (await openChecksums())(parseRewards(readPieces(path)));
  const rewards = counted(written, "rewards read", REWARDS_PER_REPORT, onProgress);
  return withLength(rewards, fileBytes(path) / SHORTEST_PAIR);
}

/** Saves a tree as JSON that OpenZeppelin's `StandardMerkleTree.load` reads, all or nothing. */
export function saveRewardTree(tree: RewardTree, path: string, onProgress = noProgress): Promise<void> {
  return writeWhole(path, counted(savedForm(tree), "parts of the tree saved", PARTS_PER_REPORT, onProgress));
}

/**
 * Loads a tree that saveRewardTree saved. It is built again from its rewards and must have the root of the file, so
 * nothing in the file is taken on trust. Throws DamagedTreeError.
 */
export async function loadRewardTree(path: string, domain: RewardDomain): Promise<RewardTree> {
  const root = savedRoot(path);
  if (fileBytes(path) > MOST_BYTES) throw new DamagedTreeError(path);
  const valuesStart = findText(path, BEFORE_VALUES);
  if (valuesStart === undefined) throw new DamagedTreeError(path);
  const start = valuesStart + BEFORE_VALUES.length;
  const rewards = parseSavedRewards(readPieces(path, start));
  const expectedCount = (fileBytes(path) - start) / SHORTEST_VALUE;
  const tree = await buildRewardTree(domain, withLength(rewards, expectedCount), openParallelHasher).catch(
    (error: unknown) => {
      throw isDamage(error) ? new DamagedTreeError(path) : error;
    },
  );
  if (tree.root !== root) throw new DamagedTreeError(path);
  return tree;
}

function isDamage(error: unknown): boolean {
  return error instanceof MalformedJsonError || error instanceof InvalidRewardError;
}

/**
 * The proof of one account from a saved tree, without loading it: one search for the account's text, then one read per
 * node of the proof. For many proofs load the tree. Throws UnknownAccountError, and DamagedTreeError if what it found
 * does not lead to the root of the file.
 */
export function proofFromFile(path: string, domain: RewardDomain, account: Address): RewardProof {
  const start = valueStart(domain, account);
  const position = findText(path, start);
  if (position === undefined) throw new UnknownAccountError(account);
  const value = parseValueEnd(readPart(path, position + start.length, 128));
  if (value === undefined) throw new DamagedTreeError(path);
  const { cumulativeWei, leafNode } = value;
  const proof = Array.from(siblingsOf(leafNode), (node) => readNode(path, node));
  const reward: RewardProof = { account: account.toLowerCase() as Address, cumulativeWei, proof };
  if (!verifyProof(domain, reward, readNode(path, 0))) throw new DamagedTreeError(path);
  return reward;
}

/** The root that a saved tree states, taken on trust: zero if nobody has a reward. Throws DamagedTreeError. */
export function savedRoot(path: string): Hex {
  if (readPart(path, 0, BEFORE_NODES.length) !== BEFORE_NODES) throw new DamagedTreeError(path);
  return readPart(path, BEFORE_NODES.length, 1) === "]" ? zeroHash : readNode(path, 0);
}

/** Adds an estimated length, for which the tree prepares its memory and threads. */
function withLength(rewards: Iterable<CumulativeReward>, count: number): Rewards {
  return { length: Math.ceil(count), [Symbol.iterator]: () => rewards[Symbol.iterator]() };
}

function readNode(path: string, node: number): Hex {
  const text = readPart(path, nodeOffset(node), NODE_LENGTH);
  if (!isHash(text)) throw new DamagedTreeError(path);
  return text;
}
