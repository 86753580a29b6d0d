import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import fc from "fast-check";
import { zeroHash } from "viem";
import { buildRewardTree } from "../../scripts/core/rewardTree/buildRewardTree";
import { InvalidRewardError, type CumulativeReward, sortedOrder } from "../../scripts/core/rewardTree/rewardList";
import {
  multiProofOf,
  proofOf,
  RepeatedAccountError,
  UnknownAccountError,
  verifyProof,
} from "../../scripts/core/rewardTree/proofs";
import { savedForm } from "../../scripts/core/rewardTree/rewardJson";
import { accountOf, domain, openZeppelinTree, rewardLists, rewardsOf } from "../shared/rewardLists";

const runs = { numRuns: 30 };

async function refusalOf(rewards: readonly CumulativeReward[]): Promise<InvalidRewardError> {
  try {
    await buildRewardTree(domain, rewards);
  } catch (error) {
    if (error instanceof InvalidRewardError) return error;
    throw error;
  }
  throw new Error("The list was accepted.");
}

describe("A reward tree's", () => {
  describe("root", () => {
    it("equals OpenZeppelin's for any list", async () => {
      await fc.assert(
        fc.asyncProperty(rewardLists(200, 1), async (rewards) => {
          const tree = await buildRewardTree(domain, rewards);
          expect(tree.root).to.equal(openZeppelinTree(rewards).root);
        }),
        runs,
      );
    });

    for (const count of [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 127, 129]) {
      it(`equals OpenZeppelin's for ${count} accounts in sequence`, async () => {
        const rewards = rewardsOf(count);
        expect((await buildRewardTree(domain, rewards)).root).to.equal(openZeppelinTree(rewards).root);
      });
    }

    it("depends on chain, treasury, accounts and amounts, but not on their order", async () => {
      const rewards = rewardsOf(5);
      const { root } = await buildRewardTree(domain, rewards);
      const others = [
        await buildRewardTree({ ...domain, chainId: 1n }, rewards),
        await buildRewardTree({ ...domain, treasury: accountOf(9) }, rewards),
        await buildRewardTree(domain, rewards.slice(1)),
        await buildRewardTree(domain, [{ account: accountOf(1), cumulativeWei: 1n }, ...rewards.slice(1)]),
      ];
      for (const other of others) expect(other.root).to.not.equal(root);
      expect((await buildRewardTree(domain, rewards.reverse())).root).to.equal(root);
    });

    it("is the same for accounts and treasury in any letter case", async () => {
      const lower = "0xd8da6bf26964af9d7eed9e03e53415d37aa96045";
      const mixed = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045";
      const upper = "0xD8DA6BF26964AF9D7EED9E03E53415D37AA96045";
      const spellings = [lower, mixed, upper] as const;
      const roots = spellings.flatMap((account) =>
        spellings.map(async (treasury) => {
          const tree = await buildRewardTree({ chainId: 1n, treasury }, [{ account, cumulativeWei: 1n }]);
          return tree.root;
        }),
      );
      expect(new Set(await Promise.all(roots)).size).to.equal(1);
    });

    it("is the same for an array and for an iterable of unknown or understated length", async () => {
      const rewards = rewardsOf(2_500);
      const iterate = () => rewards.values();
      const { root } = await buildRewardTree(domain, rewards);
      expect((await buildRewardTree(domain, { [Symbol.iterator]: iterate })).root).to.equal(root);
      expect((await buildRewardTree(domain, { [Symbol.iterator]: iterate, length: 0 })).root).to.equal(root);
    });

    it("is zero without rewards", async () => {
      const tree = await buildRewardTree(domain, []);
      expect(tree.root).to.equal(zeroHash);
      expect(tree.list.count).to.equal(0);
      expect(tree.list.totalWei).to.equal(0n);
    });

    it("of one reward is its leaf, with an empty proof", async () => {
      const tree = await buildRewardTree(domain, rewardsOf(1));
      expect(tree.root).to.equal(openZeppelinTree(rewardsOf(1)).dump().tree[0]);
      expect(proofOf(tree, accountOf(1)).proof).to.deep.equal([]);
    });

    it("comes with the exact sum of the amounts", async () => {
      const max = 2n ** 256n - 1n;
      const rewards = [1, 2].map((id) => ({ account: accountOf(id), cumulativeWei: max }));
      expect((await buildRewardTree(domain, rewards)).list.totalWei).to.equal(2n * max);
    });
  });

  describe("list of rewards", () => {
    const good = rewardsOf(2);

    for (const account of ["", "0x", "0x12", `0x${"1".repeat(41)}`, `0x${"g".repeat(40)}`, "1".repeat(42)]) {
      it(`is refused for the malformed account "${account}"`, async () => {
        const error = await refusalOf([...good, { account: account as `0x${string}`, cumulativeWei: 1n }]);
        expect(error).to.include({ position: 2, account });
        expect(error.reason).to.include("malformed");
      });
    }

    it("is refused for the zero account", async () => {
      const error = await refusalOf([{ account: accountOf(0), cumulativeWei: 1n }]);
      expect(error).to.include({ position: 0, account: accountOf(0), reason: "the zero address can't claim" });
    });

    it("is refused for an account named twice, in any letter case", async () => {
      const account = "0xABCDEF0000000000000000000000000000000001";
      const lower = account.toLowerCase() as `0x${string}`;
      const error = await refusalOf([{ account: lower, cumulativeWei: 1n }, ...good, { account, cumulativeWei: 2n }]);
      expect(error).to.include({ position: 3, account: lower, reason: "a duplicate of reward 1" });
    });

    for (const cumulativeWei of [-1n, 2n ** 256n]) {
      it(`is refused for the amount ${cumulativeWei.toString()}`, async () => {
        const error = await refusalOf([...good, { account: accountOf(7), cumulativeWei }]);
        expect(error).to.include({ position: 2, account: accountOf(7) });
        expect(error.reason).to.include(cumulativeWei.toString());
      });
    }

    it("may hold amounts of 0 and of 2^256 - 1", async () => {
      const rewards = [0n, 2n ** 256n - 1n].map((cumulativeWei, i) => ({ account: accountOf(i + 1), cumulativeWei }));
      const tree = await buildRewardTree(domain, rewards);
      expect(tree.root).to.equal(openZeppelinTree(rewards).root);
      expect(rewards.map(({ account }) => proofOf(tree, account).cumulativeWei)).to.deep.equal([0n, 2n ** 256n - 1n]);
    });
  });

  describe("proof of one account", () => {
    it("equals OpenZeppelin's for every account of any list, and verifies", async () => {
      await fc.assert(
        fc.asyncProperty(rewardLists(60, 1), async (rewards) => {
          const tree = await buildRewardTree(domain, rewards);
          const peer = openZeppelinTree(rewards);
          for (const [i, reward] of rewards.entries()) {
            const proof = proofOf(tree, reward.account);
            expect(proof).to.deep.equal({ ...reward, proof: peer.getProof(i) });
            expect(verifyProof(domain, proof, tree.root)).to.equal(true);
          }
        }),
        runs,
      );
    });

    it("is found for an account in any letter case", async () => {
      const account = "0xABCDEF0000000000000000000000000000000001";
      const tree = await buildRewardTree(domain, [...rewardsOf(3), { account, cumulativeWei: 5n }]);
      expect(proofOf(tree, account)).to.deep.equal(proofOf(tree, account.toLowerCase() as `0x${string}`));
    });

    it("is refused for an account without a reward", async () => {
      const tree = await buildRewardTree(domain, rewardsOf(3));
      for (const account of [accountOf(4), "0x12", `0x${"f".repeat(42)}`] as const) {
        expect(() => proofOf(tree, account))
          .to.throw(UnknownAccountError)
          .with.property("account", account);
      }
    });

    it("verifies with account and treasury in any letter case", async () => {
      const lower = "0xd8da6bf26964af9d7eed9e03e53415d37aa96045";
      const upper = "0xD8DA6BF26964AF9D7EED9E03E53415D37AA96045";
      const tree = await buildRewardTree({ chainId: 1n, treasury: lower }, [{ account: lower, cumulativeWei: 1n }]);
      const proof = proofOf(tree, lower);
      for (const treasury of [lower, upper] as const) {
        for (const account of [lower, upper] as const) {
          expect(verifyProof({ chainId: 1n, treasury }, { ...proof, account }, tree.root)).to.equal(true);
        }
      }
    });

    it("doesn't verify with another amount, account, chain, treasury, path or root", async () => {
      const tree = await buildRewardTree(domain, rewardsOf(9));
      const proof = proofOf(tree, accountOf(5));
      expect(verifyProof(domain, { ...proof, cumulativeWei: proof.cumulativeWei + 1n }, tree.root)).to.equal(false);
      expect(verifyProof(domain, { ...proof, account: accountOf(6) }, tree.root)).to.equal(false);
      expect(verifyProof({ ...domain, chainId: 1n }, proof, tree.root)).to.equal(false);
      expect(verifyProof({ ...domain, treasury: accountOf(1) }, proof, tree.root)).to.equal(false);
      expect(verifyProof(domain, { ...proof, proof: proof.proof.slice(1) }, tree.root)).to.equal(false);
      expect(verifyProof(domain, { ...proof, proof: [] }, zeroHash)).to.equal(false);
    });
  });

  describe("proof of many accounts", () => {
    it("equals OpenZeppelin's for any accounts of any list, in the order that the proof needs", async () => {
      const listAndChoice = rewardLists(60, 1).chain((rewards) =>
        fc.tuple(fc.constant(rewards), fc.shuffledSubarray(rewards)),
      );
      await fc.assert(
        fc.asyncProperty(listAndChoice, async ([rewards, chosen]) => {
          const tree = await buildRewardTree(domain, rewards);
          const peer = openZeppelinTree(rewards).getMultiProof(chosen.map((reward) => rewards.indexOf(reward)));
          const ours = multiProofOf(
            tree,
            chosen.map(({ account }) => account),
          );
          expect(ours).to.deep.equal({
            accounts: peer.leaves.map((leaf) => leaf[2]),
            cumulativesWei: peer.leaves.map((leaf) => BigInt(leaf[3]!)),
            proof: peer.proof,
            proofFlags: peer.proofFlags,
          });
        }),
        runs,
      );
    });

    it("of all accounts needs no hashes except the leaves", async () => {
      const rewards = rewardsOf(11);
      const tree = await buildRewardTree(domain, rewards);
      const { proof, proofFlags } = multiProofOf(
        tree,
        rewards.map(({ account }) => account),
      );
      expect(proof).to.deep.equal([]);
      expect(proofFlags).to.deep.equal(Array(10).fill(true));
    });

    it("is refused for an account without a reward, and for one named twice", async () => {
      const tree = await buildRewardTree(domain, rewardsOf(3));
      expect(() => multiProofOf(tree, [accountOf(1), accountOf(4)]))
        .to.throw(UnknownAccountError)
        .with.property("account", accountOf(4));
      expect(() => multiProofOf(tree, [accountOf(1), accountOf(2), accountOf(1)]))
        .to.throw(RepeatedAccountError)
        .with.property("account", accountOf(1));
    });
  });

  describe("saved form", () => {
    it("equals OpenZeppelin's dump to the letter, and loads there", async () => {
      await fc.assert(
        fc.asyncProperty(rewardLists(60, 1), async (rewards) => {
          const saved = [...savedForm(await buildRewardTree(domain, rewards))].join("");
          const peer = openZeppelinTree(rewards);
          expect(saved).to.equal(JSON.stringify(peer.dump()));
          const loaded = StandardMerkleTree.load(JSON.parse(saved) as ReturnType<typeof peer.dump>);
          expect(loaded.root).to.equal(peer.root);
        }),
        runs,
      );
    });

    it("comes in pieces of less than a million characters", async () => {
      const rewards = rewardsOf(10_000);
      const pieces = [...savedForm(await buildRewardTree(domain, rewards))];
      expect(pieces.length).to.be.greaterThan(7);
      expect(Math.max(...pieces.map((piece) => piece.length))).to.be.lessThan(1_000_000);
      expect((JSON.parse(pieces.join("")) as { values: unknown[] }).values).to.have.lengthOf(10_000);
    });
  });
});

describe("The order of records", () => {
  it("is by their bytes, after any common prefix; equal ones keep their order", () => {
    const byteArrays = fc.array(fc.array(fc.constantFrom(0, 1, 255), { minLength: 8, maxLength: 8 }), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(byteArrays, (records) => {
        const expected = records
          .map((bytes, position) => ({ text: Buffer.from(bytes).toString("hex"), position }))
          .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : a.position - b.position))
          .map(({ position }) => position);
        expect(Array.from(sortedOrder(Uint8Array.from(records.flat()), 8))).to.deep.equal(expected);
      }),
    );
  });
});
