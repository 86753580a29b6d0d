import { loadFixture } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { type AddressLike, ZeroAddress, ZeroHash, concat, id, keccak256 } from "ethers";
import { ethers } from "hardhat";
import { WAD, deployTreasury, type Deployment } from "../../shared/deployTreasury";
import { leafHash, RewardTree } from "../../shared/rewardTree";
import { claimFrom, settleNext, treeOf } from "../../shared/settlements";

/** One settled epoch: alice has earned 100, bob 200, carol 300; dora nothing. */
async function rewarded() {
  const deployment = await deployTreasury();
  const { alice, bob, carol } = deployment.actors;
  const tree = treeOf(deployment, [
    [alice, 100n],
    [bob, 200n],
    [carol, 300n],
  ]);
  await settleNext(deployment, { minerRewards: 400n, validatorRewards: 200n, rewardsRoot: tree.root });
  return { ...deployment, tree };
}

/** As `rewarded`, and a validator with 32 MDT at stake. */
async function withValidator() {
  const deployment = await rewarded();
  const { token, staking, actors } = deployment;
  await token.connect(actors.whale).transfer(actors.dora, 100n * WAD);
  await token.connect(actors.dora).approve(staking, 100n * WAD);
  await staking.connect(actors.dora).registerValidator(actors.dora, 0n, 32n * WAD, 50n * WAD);
  return deployment;
}

/** Settles one more epoch with `rewards` as everyone's cumulative rewards. */
async function settleRewards(deployment: Deployment, rewards: readonly (readonly [AddressLike, bigint])[]) {
  const tree = treeOf(deployment, rewards);
  await settleNext(deployment, { minerRewards: 600n, rewardsRoot: tree.root });
  return tree;
}

describe("Treasury.claim", () => {
  it("pays an account its rewards, regardless of the sender", async () => {
    const deployment = await loadFixture(rewarded);
    const { treasury, token, actors, tree } = deployment;
    const claiming = claimFrom(deployment, tree, actors.alice);
    await expect(claiming).to.changeTokenBalances(token, [treasury, actors.alice, actors.stranger], [-100n, 100n, 0n]);
    await expect(claiming).to.emit(treasury, "Claimed").withArgs(actors.alice, actors.alice, 100n, 100n);
    expect(await treasury.claimedOf(actors.alice)).to.equal(100n);
  });

  it("pays only what was added since the last claim", async () => {
    const deployment = await loadFixture(rewarded);
    const { treasury, token, actors, tree } = deployment;
    await claimFrom(deployment, tree, actors.alice);
    const next = await settleRewards(deployment, [
      [actors.alice, 101n],
      [actors.bob, 900n],
    ]);
    await expect(claimFrom(deployment, next, actors.alice)).to.changeTokenBalance(token, actors.alice, 1n);
    await expect(claimFrom(deployment, next, actors.bob))
      .to.emit(treasury, "Claimed")
      .withArgs(actors.bob, actors.bob, 900n, 900n);
  });

  it("refuses a second claim", async () => {
    const deployment = await loadFixture(rewarded);
    const { treasury, actors, tree } = deployment;
    await claimFrom(deployment, tree, actors.alice);
    await expect(claimFrom(deployment, tree, actors.alice))
      .to.be.revertedWithCustomError(treasury, "NothingToClaim")
      .withArgs(actors.alice, 100n, 100n);
  });

  it("refuses the previous root's smaller amount after the current root's amount was paid", async () => {
    const deployment = await loadFixture(rewarded);
    const { treasury, actors, tree } = deployment;
    const next = await settleRewards(deployment, [[actors.alice, 150n]]);
    await claimFrom(deployment, next, actors.alice);
    await expect(claimFrom(deployment, tree, actors.alice))
      .to.be.revertedWithCustomError(treasury, "NothingToClaim")
      .withArgs(actors.alice, 100n, 150n);
  });

  it("pays only the account of a tree with one leaf, with an empty proof", async () => {
    const deployment = await loadFixture(rewarded);
    const { treasury, token, actors, domain } = deployment;
    const tree = await settleRewards(deployment, [[actors.dora, 5n]]);
    const stolen = { account: actors.stranger.address, cumulativeWei: 5n };
    await expect(treasury.claim(stolen.account, stolen.cumulativeWei, []))
      .to.be.revertedWithCustomError(treasury, "RootNotClaimable")
      .withArgs(leafHash(domain, stolen));
    expect(tree.proofOf(actors.dora.address)).to.deep.equal([]);
    await expect(claimFrom(deployment, tree, actors.dora)).to.changeTokenBalance(token, actors.dora, 5n);
  });

  it("refuses a wrong amount, a wrong account and another account's proof", async () => {
    const deployment = await loadFixture(rewarded);
    const { treasury, actors, tree } = deployment;
    const proof = tree.proofOf(actors.alice.address);
    for (const [account, cumulative] of [
      [actors.alice, 101n],
      [actors.alice, 99n],
      [actors.stranger, 100n],
      [actors.bob, 200n],
    ] as const) {
      await expect(treasury.claim(account, cumulative, proof)).to.be.revertedWithCustomError(
        treasury,
        "RootNotClaimable",
      );
    }
  });

  it("refuses proofs of another chain and of another Treasury", async () => {
    const deployment = await loadFixture(rewarded);
    const { treasury, actors, domain } = deployment;
    const rewards = [{ account: actors.alice.address, cumulativeWei: 100n }];
    for (const other of [
      { ...domain, chainId: domain.chainId + 1n },
      { ...domain, treasury: actors.stranger.address },
    ]) {
      const tree = new RewardTree(other, rewards);
      await settleNext(deployment, { minerRewards: 100n, rewardsRoot: tree.root });
      await expect(treasury.claim(actors.alice, 100n, []))
        .to.be.revertedWithCustomError(treasury, "RootNotClaimable")
        .withArgs(leafHash(domain, rewards[0]!));
    }
  });

  it("refuses an inner node instead of a leaf", async () => {
    const deployment = await loadFixture(rewarded);
    const { treasury, actors, domain } = deployment;
    const tree = await settleRewards(deployment, [
      [actors.alice, 1n],
      [actors.bob, 2n],
      [actors.carol, 3n],
      [actors.dora, 4n],
    ]);
    // Alice's proof without its first sibling would prove her parent node, if that could pass for a leaf.
    const proof = tree.proofOf(actors.alice.address).slice(1);
    const leaf = leafHash(domain, { account: actors.alice.address, cumulativeWei: 1n });
    const sorted = [leaf, proof[0]!].sort();
    await expect(treasury.claim(actors.alice, 1n, proof))
      .to.be.revertedWithCustomError(treasury, "RootNotClaimable")
      .withArgs(keccak256(concat(sorted)));
  });

  it("accepts no proof under a zero root", async () => {
    const deployment = await loadFixture(deployTreasury);
    await settleNext(deployment);
    const { treasury, actors, domain } = deployment;
    const leaf = leafHash(domain, { account: actors.alice.address, cumulativeWei: 1n });
    await expect(treasury.claim(actors.alice, 1n, []))
      .to.be.revertedWithCustomError(treasury, "RootNotClaimable")
      .withArgs(leaf);
    await expect(treasury.claim(actors.alice, 1n, [ZeroHash])).to.be.revertedWithCustomError(
      treasury,
      "RootNotClaimable",
    );
  });

  it("refuses an amount of 2^96 or more, which the token's cap rules out", async () => {
    const deployment = await loadFixture(rewarded);
    const { treasury, actors } = deployment;
    const tree = await settleRewards(deployment, [[actors.alice, 2n ** 96n]]);
    await expect(claimFrom(deployment, tree, actors.alice))
      .to.be.revertedWithCustomError(treasury, "CumulativeTooLarge")
      .withArgs(actors.alice, 2n ** 96n);
  });

  it("never pays more than the Treasury holds, even if a root promises more than was funded", async () => {
    const deployment = await loadFixture(rewarded);
    const { treasury, token, actors } = deployment;
    const tree = await settleRewards(deployment, [[actors.alice, 2n ** 96n - 1n]]);
    await expect(claimFrom(deployment, tree, actors.alice))
      .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
      .withArgs(treasury, 1_200n, 2n ** 96n - 1n);
  });

  it("accepts the proofs of OpenZeppelin's library for every leaf, in trees of 1 to 33 leaves", async () => {
    const deployment = await loadFixture(rewarded);
    const { treasury, token } = deployment;
    for (const size of [1, 2, 3, 5, 7, 8, 13, 33]) {
      const accounts = Array.from({ length: size }, (_, index) => {
        return ethers.getAddress(id(`${size.toString()}-${index.toString()}`).slice(0, 42));
      });
      const tree = await settleRewards(
        deployment,
        accounts.map((account, index) => [account, BigInt(index + 1)] as const),
      );
      for (const account of accounts) {
        await claimFrom(deployment, tree, account);
        expect(await token.balanceOf(account)).to.equal(tree.cumulativeOf(account));
        expect(await treasury.claimedOf(account)).to.equal(tree.cumulativeOf(account));
      }
    }
  });

  it("refuses a proof with any byte changed", async () => {
    const deployment = await loadFixture(rewarded);
    const { treasury, actors, tree } = deployment;
    const proof = tree.proofOf(actors.alice.address);
    const anyChange = fc.record({
      sibling: fc.nat(proof.length - 1),
      byte: fc.nat(31),
      by: fc.integer({ min: 1, max: 255 }),
    });
    await fc.assert(
      fc.asyncProperty(anyChange, async ({ sibling, byte, by }) => {
        const bytes = ethers.getBytes(proof[sibling]!);
        bytes[byte] = bytes[byte]! ^ by;
        const changed = proof.with(sibling, ethers.hexlify(bytes));
        await expect(treasury.claim.staticCall(actors.alice, 100n, changed)).to.be.revertedWithCustomError(
          treasury,
          "RootNotClaimable",
        );
      }),
      { numRuns: 40, seed: 1 },
    );
  });
});

describe("Treasury.setClaimRecipient", () => {
  it("makes later claims pay the recipient, and emits an event", async () => {
    const deployment = await loadFixture(rewarded);
    const { treasury, token, actors, tree } = deployment;
    await expect(treasury.connect(actors.alice).setClaimRecipient(actors.dora))
      .to.emit(treasury, "ClaimRecipientSet")
      .withArgs(actors.alice, actors.dora);
    expect(await treasury.claimRecipientOf(actors.alice)).to.equal(actors.dora);
    const claiming = claimFrom(deployment, tree, actors.alice);
    await expect(claiming).to.changeTokenBalances(token, [actors.alice, actors.dora], [0n, 100n]);
    await expect(claiming).to.emit(treasury, "Claimed").withArgs(actors.alice, actors.dora, 100n, 100n);
  });

  it("keeps the claimed amount; the zero address makes the account its own recipient again", async () => {
    const deployment = await loadFixture(rewarded);
    const { treasury, actors, tree } = deployment;
    await claimFrom(deployment, tree, actors.alice);
    await treasury.connect(actors.alice).setClaimRecipient(actors.dora);
    expect(await treasury.claimedOf(actors.alice)).to.equal(100n);
    await treasury.connect(actors.alice).setClaimRecipient(ZeroAddress);
    expect(await treasury.claimedOf(actors.alice)).to.equal(100n);
    expect(await treasury.claimRecipientOf(actors.alice)).to.equal(actors.alice);
  });

  it("keeps the recipient after a claim, and changes no other account's", async () => {
    const deployment = await loadFixture(rewarded);
    const { treasury, actors, tree } = deployment;
    await treasury.connect(actors.alice).setClaimRecipient(actors.dora);
    await claimFrom(deployment, tree, actors.alice);
    expect(await treasury.claimRecipientOf(actors.alice)).to.equal(actors.dora);
    expect(await treasury.claimRecipientOf(actors.bob)).to.equal(actors.bob);
  });

  it("refuses the Treasury itself", async () => {
    const { treasury, actors } = await loadFixture(rewarded);
    await expect(treasury.connect(actors.alice).setClaimRecipient(treasury))
      .to.be.revertedWithCustomError(treasury, "InvalidRecipient")
      .withArgs(treasury);
  });
});

describe("Treasury.claimMany", () => {
  it("pays many accounts with one proof, each to its recipient", async () => {
    const { treasury, token, actors, tree } = await loadFixture(rewarded);
    await treasury.connect(actors.bob).setClaimRecipient(actors.dora);
    const batch = tree.multiproofOf([actors.alice.address, actors.bob.address, actors.carol.address]);
    const claiming = treasury.connect(actors.stranger).claimMany(...batch);
    await expect(claiming).to.changeTokenBalances(
      token,
      [treasury, actors.alice, actors.bob, actors.carol, actors.dora],
      [-600n, 100n, 0n, 300n, 200n],
    );
    await expect(claiming).to.emit(treasury, "Claimed").withArgs(actors.bob, actors.dora, 200n, 200n);
    expect(await treasury.claimedOf(actors.carol)).to.equal(300n);
  });

  it("pays one account alone, even in a tree of one leaf", async () => {
    const deployment = await loadFixture(rewarded);
    const { treasury, token, actors, tree } = deployment;
    await expect(treasury.claimMany(...tree.multiproofOf([actors.bob.address]))).to.changeTokenBalance(
      token,
      actors.bob,
      200n,
    );
    const single = await settleRewards(deployment, [[actors.dora, 9n]]);
    await expect(treasury.claimMany(...single.multiproofOf([actors.dora.address]))).to.changeTokenBalance(
      token,
      actors.dora,
      9n,
    );
  });

  it("skips accounts that are already paid, so that nobody can block a batch by claiming first", async () => {
    const deployment = await loadFixture(rewarded);
    const { treasury, token, actors, tree } = deployment;
    await claimFrom(deployment, tree, actors.bob);
    const batch = tree.multiproofOf([actors.alice.address, actors.bob.address, actors.carol.address]);
    await expect(treasury.claimMany(...batch)).to.changeTokenBalances(
      token,
      [actors.alice, actors.bob, actors.carol],
      [100n, 0n, 300n],
    );
    await expect(treasury.claimMany(...batch)).not.to.emit(treasury, "Claimed");
  });

  it("pays an account that appears twice in a tree only its higher amount, in either order", async () => {
    const deployment = await loadFixture(rewarded);
    const { treasury, token, actors, domain } = deployment;
    const twice = [70n, 50n].map((cumulativeWei) => ({ account: actors.dora.address, cumulativeWei }));
    for (const [high, low] of [twice, twice.toReversed()] as const) {
      const before = await treasury.claimedOf(actors.dora);
      const leaves = [high!, low!].map((reward) => leafHash(domain, reward));
      const root = keccak256(concat([...leaves].sort()));
      await settleNext(deployment, { minerRewards: 70n, rewardsRoot: root });
      const amounts = [high!.cumulativeWei, low!.cumulativeWei];
      await expect(treasury.claimMany([actors.dora, actors.dora], amounts, [], [true])).to.changeTokenBalance(
        token,
        actors.dora,
        70n - before,
      );
    }
    expect(await treasury.claimedOf(actors.dora)).to.equal(70n);
  });

  it("refuses an empty batch, even with the root as its proof", async () => {
    const { treasury, tree } = await loadFixture(rewarded);
    for (const proof of [[], [tree.root], [ZeroHash]]) {
      await expect(treasury.claimMany([], [], proof, []))
        .to.be.revertedWithCustomError(treasury, "EmptyBatch")
        .withArgs();
    }
  });

  it("refuses lists of different length", async () => {
    const { treasury, actors } = await loadFixture(rewarded);
    await expect(treasury.claimMany([actors.alice, actors.bob], [100n], [], []))
      .to.be.revertedWithCustomError(treasury, "BatchLengthMismatch")
      .withArgs(2n, 1n);
    await expect(treasury.claimMany([actors.alice], [100n, 200n], [], []))
      .to.be.revertedWithCustomError(treasury, "BatchLengthMismatch")
      .withArgs(1n, 2n);
  });

  it("refuses a proof of the wrong shape, accounts or amounts in the wrong order, and wrong amounts", async () => {
    const { treasury, actors, tree } = await loadFixture(rewarded);
    const [accounts, amounts, proof, flags] = tree.multiproofOf([actors.alice.address, actors.bob.address]);
    await expect(treasury.claimMany(accounts, amounts, proof, [...flags, true])).to.be.revertedWithCustomError(
      treasury,
      "MerkleProofInvalidMultiproof",
    );
    for (const [who, what] of [
      [accounts.toReversed(), amounts],
      [accounts, amounts.toReversed()],
      [accounts, amounts.map((amount) => amount + 1n)],
    ] as const) {
      await expect(treasury.claimMany(who, what, proof, flags)).to.be.revertedWithCustomError(
        treasury,
        "RootNotClaimable",
      );
    }
  });

  it("refuses an amount of 2^96 or more", async () => {
    const deployment = await loadFixture(rewarded);
    const { treasury, actors } = deployment;
    const tree = await settleRewards(deployment, [[actors.alice, 2n ** 96n]]);
    await expect(treasury.claimMany(...tree.multiproofOf([actors.alice.address])))
      .to.be.revertedWithCustomError(treasury, "CumulativeTooLarge")
      .withArgs(actors.alice, 2n ** 96n);
  });
});

describe("Treasury.claimAndStake", () => {
  it("stakes the caller's rewards in the caller's name, even if it has another recipient", async () => {
    const { treasury, token, staking, actors, tree } = await loadFixture(withValidator);
    await treasury.connect(actors.alice).setClaimRecipient(actors.bob);
    const proof = tree.proofOf(actors.alice.address);
    const epoch = await staking.addedCountsFrom();
    const staking100 = treasury.connect(actors.alice).claimAndStake(100n, proof, actors.dora);
    await expect(staking100).to.changeTokenBalances(
      token,
      [treasury, staking, actors.alice, actors.bob],
      [-100n, 100n, 0n, 0n],
    );
    await expect(staking100).to.emit(treasury, "Claimed").withArgs(actors.alice, staking, 100n, 100n);
    expect(await treasury.claimedOf(actors.alice)).to.equal(100n);
    expect(await staking.delegationAt(actors.dora, actors.alice, epoch)).to.equal(100n);
  });

  it("stakes only what was earned since the last claim, and reports it with the cumulative amount", async () => {
    const deployment = await loadFixture(withValidator);
    const { treasury, staking, actors } = deployment;
    await claimFrom(deployment, deployment.tree, actors.alice);
    const tree = await settleRewards(deployment, [[actors.alice, 130n]]);
    await expect(treasury.connect(actors.alice).claimAndStake(130n, tree.proofOf(actors.alice.address), actors.dora))
      .to.emit(treasury, "Claimed")
      .withArgs(actors.alice, staking, 30n, 130n);
  });

  it("refuses another account's rewards, and rewards that are already paid", async () => {
    const deployment = await loadFixture(withValidator);
    const { treasury, actors, tree } = deployment;
    const proof = tree.proofOf(actors.alice.address);
    await expect(treasury.connect(actors.bob).claimAndStake(100n, proof, actors.dora)).to.be.revertedWithCustomError(
      treasury,
      "RootNotClaimable",
    );
    await claimFrom(deployment, tree, actors.alice);
    await expect(treasury.connect(actors.alice).claimAndStake(100n, proof, actors.dora))
      .to.be.revertedWithCustomError(treasury, "NothingToClaim")
      .withArgs(actors.alice, 100n, 100n);
  });

  it("claims nothing if Staking refuses the validator", async () => {
    const { treasury, staking, actors, tree } = await loadFixture(withValidator);
    const proof = tree.proofOf(actors.alice.address);
    await expect(treasury.connect(actors.alice).claimAndStake(100n, proof, actors.carol))
      .to.be.revertedWithCustomError(staking, "NotAValidator")
      .withArgs(actors.carol);
    expect(await treasury.claimedOf(actors.alice)).to.equal(0n);
  });

  it("reverts if someone has already claimed for the account, which can then delegate the payment itself", async () => {
    const deployment = await loadFixture(withValidator);
    const { treasury, token, staking, actors, tree } = deployment;
    await claimFrom(deployment, tree, actors.alice);
    await expect(treasury.connect(actors.alice).claimAndStake(100n, tree.proofOf(actors.alice.address), actors.dora))
      .to.be.revertedWithCustomError(treasury, "NothingToClaim")
      .withArgs(actors.alice, 100n, 100n);
    await token.connect(actors.alice).approve(staking, 100n);
    await staking.connect(actors.alice).delegate(actors.dora, 100n);
    expect(await staking.delegationAt(actors.dora, actors.alice, 2n ** 64n - 1n)).to.equal(100n);
  });
});
