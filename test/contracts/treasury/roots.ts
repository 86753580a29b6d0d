import { time } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import { ZeroHash } from "ethers";
import { deployTreasury, type Deployment } from "../../shared/deployTreasury";
import { type RewardTree } from "../../shared/rewardTree";
import { claimFrom, settleNext, treeOf } from "../../shared/settlements";

export const DELAY_SECONDS = 20n;
export const NO_ROOT = [ZeroHash, 0n] as const;
export const NO_PENDING_ROOT = [ZeroHash, 0n, 0n] as const;

export async function deployed() {
  return deployTreasury(DELAY_SECONDS);
}

export async function withoutDelay() {
  return deployTreasury(0n);
}

/** Settles the next epoch with a root of its own: alice has earned 100 more. */
export async function settle(deployment: Deployment): Promise<RewardTree> {
  const epoch = await deployment.treasury.nextEpochToSettle();
  const tree = treeOf(deployment, [[deployment.actors.alice, 100n * (epoch + 1n)]]);
  await settleNext(deployment, { minerRewards: 100n, rewardsRoot: tree.root });
  return tree;
}

export async function settleAndMature(deployment: Deployment): Promise<RewardTree> {
  const tree = await settle(deployment);
  await time.increase(DELAY_SECONDS);
  return tree;
}

/** Funds the Treasury, if a test's roots promise more than its settlements posted. */
export async function donate({ token, treasury, actors }: Deployment) {
  await token.connect(actors.whale).transfer(treasury, 1_000n);
}

export async function expectClaimable(deployment: Deployment, ...trees: RewardTree[]) {
  const { treasury, actors } = deployment;
  for (const tree of trees) {
    await treasury.claim.staticCall(actors.alice, tree.cumulativeOf(actors.alice.address), []);
  }
}

export async function expectNotClaimable(deployment: Deployment, ...trees: RewardTree[]) {
  const { treasury } = deployment;
  for (const tree of trees) {
    await expect(claimFrom(deployment, tree, deployment.actors.alice))
      .to.be.revertedWithCustomError(treasury, "RootNotClaimable")
      .withArgs(tree.root);
  }
}

/** Epochs 0, 1 and 2 are settled, their roots previous, current and pending. */
export async function threeRoots() {
  const deployment = await deployed();
  const previous = await settleAndMature(deployment);
  const current = await settleAndMature(deployment);
  const pending = await settle(deployment);
  return { ...deployment, previous, current, pending };
}

/** As `threeRoots`, paused by the guardian. */
export async function pausedWithThreeRoots() {
  const network = await threeRoots();
  await network.treasury.connect(network.actors.guardian).pause();
  return network;
}

/** As `threeRoots`, but the third root has matured, and the first has expired, when the guardian pauses. */
export async function pausedAfterThreeMatured() {
  const network = await threeRoots();
  await time.increase(DELAY_SECONDS);
  await network.treasury.connect(network.actors.guardian).pause();
  return network;
}

/** As `threeRoots`, and the pending root is vetoed. */
export async function vetoed() {
  const network = await threeRoots();
  await network.treasury.connect(network.actors.guardian).vetoRoot(2n);
  return network;
}
