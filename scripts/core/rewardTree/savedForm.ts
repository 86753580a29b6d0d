import { type Address } from "viem";
import { nodeAt, type RewardTree } from "./buildRewardTree";
import { NODE_BYTES, type RewardDomain } from "./hashing";
import { accountAt, amountAt, ACCOUNT_BYTES, type CumulativeReward, InvalidRewardError } from "./rewardList";
import { ADDRESS, hasBothCases, wrongChecksum } from "../address";
import { compileKeccak, openKeccakBatch } from "../keccak/keccakBatch";

/*
 * A saved tree is one line of JSON, to the letter what JSON.stringify makes of the `dump()` of OpenZeppelin's
 * StandardMerkleTree for lower-case addresses and decimal amounts. As nodes have one width and each value begins with
 * its account, a node is found by its number and a value by its account, without parsing what is between.
 */
export const BEFORE_NODES = `{"format":"standard-v1","leafEncoding":["uint256","address","address","uint256"],"tree":[`;
const CHUNK_ITEMS = 4096;

/** What stands between the nodes and the values. */
export const BEFORE_VALUES = '],"values":';
/** Characters of a node: 0x and 64 digits. */
export const NODE_LENGTH = 2 + 2 * NODE_BYTES;

/** The text of a saved tree, in pieces of bounded length. */
export function* savedForm(tree: RewardTree): Generator<string> {
  const { list, nodes, leafNodes } = tree;
  yield BEFORE_NODES;
  yield* joined(nodes.length / NODE_BYTES, (node) => `"${nodeAt(nodes, node)}"`);
  yield `${BEFORE_VALUES}[`;
  yield* joined(list.count, (i) => {
    const start = valueStart(tree.domain, accountAt(list, i));
    return `${start}${amountAt(list, i).toString()}"],"treeIndex":${leafNodes[i]!}}`;
  });
  yield "]}";
}

/** Where in a saved tree a node's `NODE_LENGTH` characters begin. */
export function nodeOffset(node: number): number {
  return BEFORE_NODES.length + node * `"0x${"00".repeat(NODE_BYTES)}",`.length + 1;
}

/** How the value of an account begins, up to its amount. */
export function valueStart({ chainId, treasury }: RewardDomain, account: Address): string {
  return `{"value":["${chainId.toString()}","${treasury.toLowerCase()}","${account.toLowerCase()}","`;
}

/** The rest of a value, from its amount on, whatever follows it; undefined if the text is none. */
export function parseValueEnd(text: string): { readonly cumulativeWei: bigint; readonly leafNode: number } | undefined {
  const [, amountWei, treeIndex] = /^(\d+)"\],"treeIndex":(\d+)\}/.exec(text) ?? [];
  if (amountWei === undefined || treeIndex === undefined) return undefined;
  return { cumulativeWei: BigInt(amountWei), leafNode: Number(treeIndex) };
}

function* joined(count: number, textOf: (i: number) => string): Generator<string> {
  for (let start = 0; start < count; start += CHUNK_ITEMS) {
    const length = Math.min(CHUNK_ITEMS, count - start);
    const texts = Array.from({ length }, (_, i) => textOf(start + i));
    yield (start === 0 ? "" : ",") + texts.join(",");
  }
}

/** Bytes of what a checksum hashes: an address's digits in lower case, without 0x. */
const DIGITS = 2 * ACCOUNT_BYTES;

/** The digit from which on a digit of the hash makes a letter upper case. */
const UPPER_FROM = 8;

/** Passes rewards on that somebody wrote, while their accounts' checksums are right. */
type JudgeChecksums = (rewards: Iterable<CumulativeReward>) => Generator<CumulativeReward>;

/**
 * Prepares to judge lists of any length: compiled, Keccak takes a tenth of the time that `addressProblem` does. Whether
 * an account is well-formed is judged when it is packed. What it returns throws InvalidRewardError.
 */
export async function openChecksums(): Promise<JudgeChecksums> {
  const keccak = await openKeccakBatch(await compileKeccak(), DIGITS);
  const message = Buffer.from(keccak.blocks.buffer, keccak.blocks.byteOffset, DIGITS);
  const isRight = (digits: string): boolean => {
    const lower = digits.toLowerCase();
    message.write(lower, "latin1");
    const { buffer, byteOffset } = keccak.digests(1);
    const hash = Buffer.from(buffer, byteOffset, ACCOUNT_BYTES).toString("hex");
    return Array.prototype.every.call(
      digits,
      (digit, i) => (digit === lower[i]) !== (digit > "9" && parseInt(hash[i]!, 16) >= UPPER_FROM),
    );
  };
  return function* (rewards) {
    let position = 0;
    for (const reward of rewards) {
      const { account } = reward;
      if (hasBothCases(account) && ADDRESS.test(account) && !isRight(account.slice(2))) {
        throw new InvalidRewardError(position, account, wrongChecksum);
      }
      position++;
      yield reward;
    }
  };
}
