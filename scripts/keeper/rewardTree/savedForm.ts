import { nodeAt, type RewardTree } from "./buildRewardTree";
import { accountAt, amountAt } from "./rewardList";

const CHUNK_RECORDS = 4096;

/**
 * The text of a saved tree, piece by piece: the same as JSON.stringify of the `dump()` of OpenZeppelin's
 * StandardMerkleTree for lower-case accounts and decimal amounts, and so readable by its `load`.
 */
export function* savedForm(tree: RewardTree): Generator<string> {
  const { chainId, treasury } = tree.domain;
  const valueStart = `{"value":["${chainId.toString()}","${treasury.toLowerCase()}","`;
  yield SAVED_FORM_START;
  yield* joined(tree.nodes.length / 32, (node) => `"${nodeAt(tree.nodes, node)}"`);
  yield `],"values":[`;
  yield* joined(tree.list.count, (position) => {
    const amountWei = amountAt(tree.list, position).toString();
    return `${valueStart}${accountAt(tree.list, position)}","${amountWei}"],"treeIndex":${tree.leafNodes[position]!}}`;
  });
  yield "]}";
}
/** How every saved tree begins. The nodes follow, each as `"0x…64 digits…",`, so node i has a known place in the file. */
export const SAVED_FORM_START = `{"format":"standard-v1","leafEncoding":["uint256","address","address","uint256"],"tree":[`;

function* joined(count: number, textOf: (i: number) => string): Generator<string> {
  for (let start = 0; start < count; start += CHUNK_RECORDS) {
    const length = Math.min(CHUNK_RECORDS, count - start);
    const texts = Array.from({ length }, (_, i) => textOf(start + i));
    yield (start === 0 ? "" : ",") + texts.join(",");
  }
}
