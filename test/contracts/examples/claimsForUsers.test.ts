import { loadFixture } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import { type AddressLike, type BaseContract } from "ethers";
import { ethers } from "hardhat";
import { deployTreasury } from "../../shared/deployTreasury";
import { settleNext, treeOf } from "../../shared/settlements";

interface Application extends BaseContract {
  serve(user: AddressLike, cumulativeWei: bigint, proof: readonly string[]): Promise<unknown>;
}

/** One settled epoch in which alice earned 100 and bob 200, and the example beside the Treasury. */
async function rewarded() {
  const deployment = await deployTreasury();
  const { alice, bob } = deployment.actors;
  const tree = treeOf(deployment, [
    [alice, 100n],
    [bob, 200n],
  ]);
  await settleNext(deployment, { minerRewards: 300n, rewardsRoot: tree.root });
  const application = (await ethers.deployContract("ClaimsForUsers", [deployment.treasury])) as unknown as Application;
  return { ...deployment, tree, application };
}

describe("ClaimsForUsers", () => {
  it("claims for a user, who is paid directly", async () => {
    const { application, token, tree, actors } = await loadFixture(rewarded);
    const serving = (application.connect(actors.stranger) as Application).serve(
      actors.alice,
      100n,
      tree.proofOf(actors.alice.address),
    );
    await expect(serving).to.changeTokenBalances(token, [actors.alice, application], [100n, 0n]);
    await expect(serving).to.emit(application, "Served").withArgs(actors.alice, 100n);
  });

  it("goes on where somebody has claimed first", async () => {
    const { application, token, treasury, tree, actors } = await loadFixture(rewarded);
    const proof = tree.proofOf(actors.alice.address);
    await treasury.claim(actors.alice, 100n, proof);
    const serving = application.serve(actors.alice, 100n, proof);
    await expect(serving).to.changeTokenBalance(token, actors.alice, 0n);
    await expect(serving).to.emit(application, "Served").withArgs(actors.alice, 0n);
  });

  it("passes on the Treasury's refusal of a wrong amount", async () => {
    const { application, treasury, tree, actors } = await loadFixture(rewarded);
    const proof = tree.proofOf(actors.alice.address);
    await expect(application.serve(actors.alice, 101n, proof)).to.be.revertedWithCustomError(
      treasury,
      "RootNotClaimable",
    );
  });
});
