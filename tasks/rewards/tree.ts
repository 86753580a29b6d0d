import { command } from "../shared/command";
import { progressOnStderr } from "../shared/progress";

command({
  scope: "rewards",
  name: "tree",
  description: "Build the reward tree of a list of accounts and cumulative amounts, and save it",
  params: {
    input: { kind: "required", description: 'A file of [["0x…account","amountWei"], …]' },
    chainId: { kind: "required", description: "The chain on which the rewards are claimed" },
    treasury: { kind: "required", description: "The Treasury that pays them" },
    out: { kind: "optional", description: "Where to save the tree, readable by OpenZeppelin's StandardMerkleTree" },
  },
  async run({ input, chainId, treasury, out }) {
    const { formatEther } = await import("viem");
    const { buildRewardTree } = await import("../../scripts/core/rewardTree/buildRewardTree");
    const { openParallelHasher } = await import("../../scripts/keeper/compute/parallelHasher");
    const { parseDomain } = await import("../../scripts/core/rewardTree/parseRewards");
    const { readRewards, saveRewardTree } = await import("../../scripts/keeper/archive/treeFile");
    const onProgress = await progressOnStderr();
    const tree = await buildRewardTree(
      parseDomain(chainId, treasury),
      readRewards(input, onProgress),
      (expectedCount) => openParallelHasher(expectedCount, onProgress),
    );
    if (out !== undefined) await saveRewardTree(tree, out, onProgress);
    const { root, list } = tree;
    const text = `root ${root}\n${list.count} ${list.count === 1 ? "leaf" : "leaves"}, ${formatEther(list.totalWei)} MDT in all`;
    return { json: { root, leaves: list.count, totalWei: list.totalWei }, text };
  },
});
