import { formatEther } from "viem";
import { buildRewardTree } from "../core/rewardTree/buildRewardTree";
import { parseDomain } from "../core/rewardTree/parseRewards";
import { readRewards, saveRewardTree } from "../keeper/archive/treeFile";
import { openParallelHasher } from "../keeper/compute/parallelHasher";
import { consensusCases } from "./consensusCases";
import { previewEpochs } from "./previewEpochs";
import { progressOnStderr } from "./progress";
import { type Run } from "./table";

/** What needs no chain: everything comes from a file. */
export const preview: Run<"epoch", "preview"> = ({ input }) =>
  Promise.resolve(previewEpochs(input, progressOnStderr()));

export const consensus: Run<"score", "consensus"> = ({ input }) => Promise.resolve(consensusCases(input));

export const tree: Run<"rewards", "tree"> = async ({ input, chainId, treasury, out }) => {
  const onProgress = progressOnStderr();
  const domain = parseDomain(chainId, treasury);
  const rewards = await readRewards(input, onProgress);
  const built = await buildRewardTree(domain, rewards, (count) => openParallelHasher(count, onProgress));
  if (out !== undefined) await saveRewardTree(built, out, onProgress);
  const { root, list } = built;
  const text = `root ${root}\n${list.count} ${list.count === 1 ? "leaf" : "leaves"}, ${formatEther(list.totalWei)} MDT in all`;
  return { json: { root, leaves: list.count, totalWei: list.totalWei }, text };
};
