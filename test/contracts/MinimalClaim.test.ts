import { loadFixture } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import { type BaseContract } from "ethers";
import { ethers } from "hardhat";
import { RewardTree } from "../shared/rewardTree";

interface BareClaims extends BaseContract {
  setRoot(root: string): Promise<unknown>;
  claim(account: string, cumulativeWei: bigint, proof: readonly string[]): Promise<unknown>;
}

/** A token with a bare claim contract that holds some of it, and a tree of the Treasury's leaves. */
async function deploy() {
  const [holder, alice, bob, treasury] = await ethers.getSigners();
  const token = await ethers.deployContract("ModernTensorToken", [[{ account: holder!, amountWei: 1_000n }], 2_000n]);
  const bare = (await ethers.deployContract("MinimalClaim", [token, treasury!])) as unknown as BareClaims;
  await token.transfer(bare, 1_000n);
  const { chainId } = await ethers.provider.getNetwork();
  const accounts = [alice!.address, bob!.address] as const;
  const treeOf = (cumulativeWei: bigint) =>
    new RewardTree(
      { chainId, treasury: treasury!.address },
      accounts.map((account) => ({ account, cumulativeWei })),
    );
  return { token, bare, treeOf, alice: accounts[0] };
}

describe("MinimalClaim, the benchmark's floor", () => {
  it("pays what is left of a cumulative reward", async () => {
    const { token, bare, treeOf, alice } = await loadFixture(deploy);
    for (const cumulativeWei of [100n, 250n]) {
      const tree = treeOf(cumulativeWei);
      await bare.setRoot(tree.root);
      await bare.claim(alice, cumulativeWei, tree.proofOf(alice));
      expect(await token.balanceOf(alice)).to.equal(cumulativeWei);
    }
  });

  it("refuses what the root does not say", async () => {
    const { bare, treeOf, alice } = await loadFixture(deploy);
    await bare.setRoot(treeOf(100n).root);
    await expect(bare.claim(alice, 101n, treeOf(100n).proofOf(alice)))
      .to.be.revertedWithCustomError(bare, "InvalidProof")
      .withArgs(alice, 101n);
  });
});
