import { type Address } from "viem";
import { nodeAt, type RewardTree } from "./buildRewardTree";
import { NODE_BYTES, type RewardDomain } from "./hashing";
import { accountAt, amountAt } from "./rewardList";

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
