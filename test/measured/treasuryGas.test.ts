import { loadFixture, time } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import { type ContractTransactionResponse, concat, getAddress, id, keccak256 } from "ethers";
import { WAD, deployTreasury, type Deployment } from "../shared/deployTreasury";
import { leafHash } from "../shared/rewardTree";
import { settleNext, treeOf } from "../shared/settlements";

const LEVELS = 14; // a tree of 2^14 leaves
const DELAY_SECONDS = 20n;
const TRANSACTION_FEES = 4;

const FIRST_CLAIM = 94_000n;
const REPEAT_CLAIM = 59_500n;

async function withDelay() {
  return deployTreasury(DELAY_SECONDS);
}

async function withoutDelay() {
  return deployTreasury(0n);
}

async function gasOf(sending: Promise<ContractTransactionResponse>): Promise<bigint> {
  return (await (await sending).wait())!.gasUsed;
}

/** Settles with everything on: pool drawn, rest minted, burn, dust returned, DAO paid. Repeat it until no slot is fresh. */
async function settleEverything(deployment: Deployment, burned: bigint, rewardsRoot = id(burned.toString())) {
  const { token, pool, actors } = deployment;
  await token.connect(actors.whale).approve(pool, 100n * WAD);
  await pool.connect(actors.whale).deposit(TRANSACTION_FEES, 100n * WAD);
  return settleNext(deployment, {
    burnedUnmetQuota: burned / 3n,
    burnedQualityPenalty: burned - burned / 3n,
    minerRewards: 45_123_456_789_012_345_678n,
    validatorRewards: 45_123_456_789_012_345_678n,
    daoShare: 22_561_728_394_506_172_839n,
    returned: 1_234_567n,
    rewardsRoot,
  });
}

/** A claim against a tree of 2^14 leaves; only the siblings on the path to the root need to exist. */
function pathUp({ domain }: Deployment, account: string, cumulativeWei: bigint) {
  const proof = Array.from({ length: LEVELS }, (_, level) => id(`${cumulativeWei.toString()}-${level.toString()}`));
  const root = proof.reduce(
    (node, sibling) => keccak256(concat([node, sibling].sort())),
    leafHash(domain, { account, cumulativeWei }),
  );
  return { root, call: [account, cumulativeWei, proof] as const };
}

describe("Treasury: gas", () => {
  for (const [title, fixture, burned, most] of [
    ["at most 110,000", withoutDelay, 0n, 110_000n],
    ["at most 110,000, a burn included", withoutDelay, WAD, 110_000n],
    ["at most 120,000 with a claim delay, a burn included", withDelay, WAD, 120_000n],
  ] as const) {
    it(`settles an epoch in the steady state for ${title}`, async () => {
      const deployment = await loadFixture(fixture);
      for (let epoch = 0; epoch < 4; ++epoch) await settleEverything(deployment, burned, id(epoch.toString()));
      expect(await gasOf(settleEverything(deployment, burned))).to.be.at.most(most);
    });
  }

  it("claims at 2^14 leaves, first time, for at most 94,000 against the current and the previous root", async () => {
    const deployment = await loadFixture(withDelay);
    const { treasury, actors } = deployment;
    const previous = pathUp(deployment, actors.bob.address, 45n * WAD + 123_456_789n);
    const current = pathUp(deployment, actors.alice.address, 45n * WAD + 123_456_789n);
    for (const { root } of [previous, current]) {
      await settleEverything(deployment, 0n, root);
      await time.increase(DELAY_SECONDS);
    }
    await settleEverything(deployment, 0n); // pending
    expect(await gasOf(treasury.claim(...current.call))).to.be.at.most(FIRST_CLAIM);
    expect(await gasOf(treasury.claim(...previous.call))).to.be.at.most(FIRST_CLAIM);
  });

  for (const hasRecipient of [false, true]) {
    for (const isNewerPending of [false, true]) {
      const title = `${hasRecipient ? "to a recipient" : "to the account"}${isNewerPending ? ", a newer root pending" : ""}`;
      it(`claims at 2^14 leaves, repeated, ${title}, for at most 59,500 against either root`, async () => {
        const deployment = await loadFixture(withDelay);
        const { treasury, token, actors } = deployment;
        const claims = [];
        for (const account of [actors.alice, actors.bob]) {
          if (hasRecipient) await treasury.connect(account).setClaimRecipient(actors.dora);
          await token.connect(actors.whale).transfer(account, 1n);
          await token.connect(actors.whale).transfer(actors.dora, 1n);
          const first = pathUp(deployment, account.address, WAD + 1n);
          await settleEverything(deployment, 0n, first.root);
          await time.increase(DELAY_SECONDS);
          await treasury.claim(...first.call);
          claims.push(pathUp(deployment, account.address, 45n * WAD + 123_456_789n));
        }
        for (const { root } of claims) {
          await settleEverything(deployment, 0n, root);
          await time.increase(DELAY_SECONDS);
        }
        if (isNewerPending) await settleEverything(deployment, 0n);
        for (const { call } of claims) expect(await gasOf(treasury.claim(...call))).to.be.at.most(REPEAT_CLAIM);
      });
    }
  }

  it("pays 250 accounts in one call, repeated, for at most 32,000 each", async () => {
    const deployment = await loadFixture(withoutDelay);
    const { treasury } = deployment;
    const accounts = Array.from({ length: 250 }, (_, index) => getAddress(id(index.toString()).slice(0, 42)));
    for (const each of [WAD / 7n, WAD / 5n]) {
      const tree = treeOf(
        deployment,
        accounts.map((account) => [account, each] as const),
      );
      await settleEverything(deployment, 0n, tree.root);
      const gas = await gasOf(treasury.claimMany(...tree.multiproofOf(accounts)));
      if (each === WAD / 5n) expect(gas / 250n).to.be.at.most(32_000n);
    }
  });
});
