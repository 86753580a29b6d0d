import { loadFixture, time } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import { ZeroAddress, ZeroHash, id } from "ethers";
import { BASE_REWARD_WEI, HALVING_INTERVAL_EPOCHS, deployTreasury, type Deployment } from "../../shared/deployTreasury";
import { RewardTree } from "../../shared/rewardTree";
import { makeDue, settleNext, settlement, type Settlement } from "../../shared/settlements";

const TRANSACTION_FEES = 4;
const RETURNED = 3;
const ROOT = id("root");

/** Epoch 0 is due. */
async function dueEpoch() {
  return prepare(await deployTreasury());
}

/** Epoch 0 is due, and the DAO is paid 20 % of an emission at most. */
async function dueEpochWithModestDao() {
  return prepare(await deployTreasury(0n, 2_000));
}

async function prepare(deployment: Deployment) {
  await makeDue(deployment, 0n);
  await deployment.token.connect(deployment.actors.whale).approve(deployment.pool, BASE_REWARD_WEI);
  return deployment;
}

async function settle({ treasury, actors }: Deployment, fields: Partial<Settlement>) {
  return treasury.connect(actors.keeper).settleEpoch(settlement(fields));
}

async function recycle({ pool, actors }: Deployment, amountWei: bigint) {
  await pool.connect(actors.whale).deposit(TRANSACTION_FEES, amountWei);
}

describe("Treasury.settleEpoch", () => {
  describe("refuses", () => {
    it("any caller but the keeper", async () => {
      const { treasury, actors } = await loadFixture(dueEpoch);
      for (const caller of [actors.stranger, actors.admin, actors.guardian, actors.dao]) {
        await expect(treasury.connect(caller).settleEpoch(settlement()))
          .to.be.revertedWithCustomError(treasury, "AccessControlUnauthorizedAccount")
          .withArgs(caller, await treasury.KEEPER_ROLE());
      }
    });

    it("to settle while paused", async () => {
      const deployment = await loadFixture(dueEpoch);
      await deployment.treasury.connect(deployment.actors.guardian).pause();
      await expect(settle(deployment, {}))
        .to.be.revertedWithCustomError(deployment.treasury, "TreasuryPaused")
        .withArgs();
    });

    it("an epoch that is already settled, and one that would leave a gap", async () => {
      const deployment = await loadFixture(dueEpoch);
      const { treasury } = deployment;
      await expect(settle(deployment, { epoch: 1n }))
        .to.be.revertedWithCustomError(treasury, "NotNextEpoch")
        .withArgs(1n, 0n);
      await settle(deployment, {});
      await expect(settle(deployment, { epoch: 0n }))
        .to.be.revertedWithCustomError(treasury, "NotNextEpoch")
        .withArgs(0n, 1n);
    });

    it("an epoch until its reveal window is over, to the second", async () => {
      const deployment = await loadFixture(dueEpoch);
      const { treasury } = deployment;
      await settle(deployment, {});
      const dueAt = await treasury.revealEnd(1n);
      await time.setNextBlockTimestamp(dueAt - 1n);
      await expect(settle(deployment, { epoch: 1n }))
        .to.be.revertedWithCustomError(treasury, "EpochNotDue")
        .withArgs(1n, dueAt, dueAt - 1n);
      await time.setNextBlockTimestamp(dueAt);
      await settle(deployment, { epoch: 1n });
      expect(await treasury.nextEpochToSettle()).to.equal(2n);
    });

    it("epoch 0 before genesis", async () => {
      const deployment = await loadFixture(deployTreasury);
      const { treasury, actors } = deployment;
      const timestamp = (await time.latest()) + 1;
      await time.setNextBlockTimestamp(timestamp);
      await expect(treasury.connect(actors.keeper).settleEpoch(settlement()))
        .to.be.revertedWithCustomError(treasury, "EpochNotDue")
        .withArgs(0n, await treasury.revealEnd(0n), timestamp);
    });

    it("an emission of one wei above the schedule", async () => {
      const deployment = await loadFixture(dueEpoch);
      await expect(settle(deployment, { daoShare: BASE_REWARD_WEI + 1n }))
        .to.be.revertedWithCustomError(deployment.treasury, "EmissionAboveCeiling")
        .withArgs(BASE_REWARD_WEI + 1n, BASE_REWARD_WEI);
      await settle(deployment, { daoShare: BASE_REWARD_WEI });
    });

    it("an emission one wei above half the base reward after the first halving", async () => {
      const deployment = await loadFixture(dueEpoch);
      for (let epoch = 0n; epoch < HALVING_INTERVAL_EPOCHS; ++epoch) {
        await settleNext(deployment, { daoShare: BASE_REWARD_WEI });
      }
      const halved = BASE_REWARD_WEI / 2n;
      await expect(settleNext(deployment, { daoShare: halved + 1n }))
        .to.be.revertedWithCustomError(deployment.treasury, "EmissionAboveCeiling")
        .withArgs(halved + 1n, halved);
      await settleNext(deployment, { daoShare: halved });
    });

    for (const part of [
      "burnedUnmetQuota",
      "burnedQualityPenalty",
      "minerRewards",
      "validatorRewards",
      "daoShare",
      "returned",
    ] as const) {
      it(`parts whose sum is one wei below or above the emission, by ${part}`, async () => {
        const deployment = await loadFixture(dueEpoch);
        const parts = {
          burnedUnmetQuota: 10n,
          burnedQualityPenalty: 10n,
          minerRewards: 30n,
          validatorRewards: 30n,
          daoShare: 15n,
          returned: 5n,
          emission: 100n,
          rewardsRoot: ROOT,
        };
        for (const difference of [-1n, 1n]) {
          await expect(settle(deployment, { ...parts, [part]: parts[part] + difference }))
            .to.be.revertedWithCustomError(deployment.treasury, "PartsMismatch")
            .withArgs(100n + difference, 100n);
        }
        await settle(deployment, parts);
      });
    }

    it("parts whose sum would match only by overflowing 128 bits", async () => {
      const deployment = await loadFixture(dueEpoch);
      const largest = 2n ** 128n - 1n;
      await expect(settle(deployment, { emission: 1n, minerRewards: largest, validatorRewards: 2n, rewardsRoot: ROOT }))
        .to.be.revertedWithCustomError(deployment.treasury, "PartsMismatch")
        .withArgs(largest + 2n, 1n);
    });

    for (const [emission, limit] of [
      [100n, 70n],
      [101n, 70n],
      [9n, 6n],
      [1n, 0n],
    ] as const) {
      it(`to burn more than ${limit.toString()} of ${emission.toString()}: 70 %, rounded down`, async () => {
        const deployment = await loadFixture(dueEpoch);
        const burning = (burned: bigint) => ({
          burnedUnmetQuota: burned / 2n,
          burnedQualityPenalty: burned - burned / 2n,
          daoShare: emission - burned,
        });
        await expect(settle(deployment, burning(limit + 1n)))
          .to.be.revertedWithCustomError(deployment.treasury, "BurnAboveLimit")
          .withArgs(limit + 1n, limit);
        await settle(deployment, burning(limit));
        expect(await deployment.token.totalBurned()).to.equal(limit);
      });
    }

    for (const rewarded of ["minerRewards", "validatorRewards"] as const) {
      it(`${rewarded} without a root`, async () => {
        const deployment = await loadFixture(dueEpoch);
        await expect(settle(deployment, { [rewarded]: 1n }))
          .to.be.revertedWithCustomError(deployment.treasury, "RootMissing")
          .withArgs(0n, 1n);
        await settle(deployment, { [rewarded]: 1n, rewardsRoot: ROOT });
      });
    }

    for (const [emission, limit] of [
      [100n, 20n],
      [104n, 20n],
      [4n, 0n],
    ] as const) {
      it(`to pay the DAO more than ${limit.toString()} of ${emission.toString()}: its maximum of 20 %, rounded down`, async () => {
        const deployment = await loadFixture(dueEpochWithModestDao);
        const { treasury, token, actors } = deployment;
        const paying = (daoShare: bigint) => settle(deployment, { daoShare, returned: emission - daoShare });
        await expect(paying(limit + 1n))
          .to.be.revertedWithCustomError(treasury, "DaoShareAboveLimit")
          .withArgs(limit + 1n, limit);
        await expect(paying(limit)).to.changeTokenBalance(token, actors.dao, limit);
      });
    }
  });

  describe("with valid amounts", () => {
    it("mints, burns, pays the DAO, returns to the pool and keeps the rewards, exactly as stated", async () => {
      const deployment = await loadFixture(dueEpoch);
      const { treasury, token, pool, actors } = deployment;
      const supply = await token.totalSupply();
      const fields = {
        burnedUnmetQuota: 100n,
        burnedQualityPenalty: 23n,
        minerRewards: 400n,
        validatorRewards: 300n,
        daoShare: 170n,
        returned: 7n,
        rewardsRoot: ROOT,
      };
      const settling = settle(deployment, fields);
      await expect(settling).to.changeTokenBalances(token, [treasury, pool, actors.dao], [700n, 7n, 170n]);
      await expect(settling)
        .to.emit(treasury, "EpochSettled")
        .withArgs(0n, Object.values(inOrder(settlement(fields))), 1_000n, 0n, supply + 877n);
      await expect(settling).to.emit(pool, "Drawn").withArgs(0n, 7n);
      await expect(settling).to.emit(token, "Transfer").withArgs(ZeroAddress, treasury, 1_000n);
      await expect(settling).to.emit(token, "Transfer").withArgs(treasury, ZeroAddress, 123n);
      expect(await token.totalBurned()).to.equal(123n);
      expect(await pool.totalBySource(RETURNED)).to.equal(7n);
      expect(await treasury.nextEpochToSettle()).to.equal(1n);
    });

    for (const [title, recycled, emission, returned] of [
      ["a pool with less than the emission", 300n, 1_000n, 40n],
      ["a pool with exactly the emission", 1_000n, 1_000n, 40n],
      ["a pool with more than the emission", 1_500n, 1_000n, 40n],
      ["as much returned as drawn", 300n, 1_000n, 300n],
      ["more returned than drawn", 300n, 1_000n, 301n],
      ["everything returned", 300n, 1_000n, 1_000n],
      ["everything returned to an empty pool", 0n, 1_000n, 1_000n],
      ["an emission of zero", 300n, 0n, 0n],
    ] as const) {
      it(`spends recycled tokens first: ${title}`, async () => {
        const deployment = await loadFixture(dueEpoch);
        const { treasury, token, pool, actors } = deployment;
        if (recycled > 0n) await recycle(deployment, recycled);
        const supply = await token.totalSupply();
        const drawn = recycled < emission ? recycled : emission;
        const minted = emission - drawn;
        const daoShare = emission - returned;
        const settling = settle(deployment, { daoShare, returned });
        await expect(settling).to.changeTokenBalances(
          token,
          [treasury, pool, actors.dao],
          [0n, returned - drawn, daoShare],
        );
        await expect(settling)
          .to.emit(treasury, "EpochSettled")
          .withArgs(0n, Object.values(inOrder(settlement({ daoShare, returned }))), minted, drawn, supply + minted);
        expect(await pool.totalOut()).to.equal(drawn);
        expect(await pool.totalBySource(RETURNED)).to.equal(returned);
        expect(await pool.totalIn()).to.equal(recycled + returned);
        expect(await pool.other()).to.equal(0n);
        expect(await token.totalMinted()).to.equal(supply + minted);
      });
    }

    it("nets the drawn and the returned amount into one transfer", async () => {
      const deployment = await loadFixture(dueEpoch);
      const { token, pool, treasury } = deployment;
      await recycle(deployment, 300n);
      const receipt = await (await settle(deployment, { minerRewards: 960n, returned: 40n, rewardsRoot: ROOT })).wait();
      const transfers = await token.queryFilter(token.filters.Transfer(), receipt!.blockNumber, receipt!.blockNumber);
      expect(transfers.map(({ args }) => [args.from, args.to, args.value])).to.deep.equal([
        [await pool.getAddress(), await treasury.getAddress(), 260n],
        [ZeroAddress, await treasury.getAddress(), 700n],
      ]);
    });

    it("burns up to 70 % even if all tokens are recycled, so that the supply falls", async () => {
      const deployment = await loadFixture(dueEpoch);
      await recycle(deployment, 1_000n);
      const supply = await deployment.token.totalSupply();
      await settle(deployment, { burnedUnmetQuota: 700n, daoShare: 300n });
      expect(await deployment.token.totalSupply()).to.equal(supply - 700n);
    });

    it("leaves the rewards of earlier epochs in the Treasury", async () => {
      const deployment = await loadFixture(dueEpoch);
      const { treasury, token } = deployment;
      await settleNext(deployment, { minerRewards: 500n, rewardsRoot: ROOT });
      await settleNext(deployment, { burnedUnmetQuota: 70n, daoShare: 20n, returned: 10n, rewardsRoot: ROOT });
      expect(await token.balanceOf(treasury)).to.equal(500n);
    });
  });

  it("catches up epoch by epoch after an outage, each with its own scheduled emission", async () => {
    const deployment = await loadFixture(dueEpoch);
    const { treasury, token } = deployment;
    await makeDue(deployment, 2n * HALVING_INTERVAL_EPOCHS);
    const supply = await token.totalSupply();
    let emitted = 0n;
    for (let epoch = 0n; epoch <= 2n * HALVING_INTERVAL_EPOCHS; ++epoch) {
      const emission = BASE_REWARD_WEI >> (epoch / HALVING_INTERVAL_EPOCHS);
      await settle(deployment, { epoch, daoShare: emission });
      emitted += emission;
    }
    expect(await token.totalSupply()).to.equal(supply + emitted);
    expect(await treasury.nextEpochToSettle()).to.equal(2n * HALVING_INTERVAL_EPOCHS + 1n);
  });

  it("can be combined with `claimMany` in one transaction", async () => {
    const deployment = await loadFixture(dueEpoch);
    const { treasury, token, actors, domain } = deployment;
    const rewards = [actors.alice, actors.bob, actors.carol].map(({ address }, index) => {
      return { account: address, cumulativeWei: 100n * BigInt(index + 1) };
    });
    const tree = new RewardTree(domain, rewards);
    const settling = settlement({ minerRewards: 600n, rewardsRoot: tree.root });
    const paying = tree.multiproofOf(rewards.map(({ account }) => account));
    const both = treasury
      .connect(actors.keeper)
      .multicall([
        treasury.interface.encodeFunctionData("settleEpoch", [settling]),
        treasury.interface.encodeFunctionData("claimMany", paying),
      ]);
    await expect(both).to.changeTokenBalances(
      token,
      [treasury, actors.alice, actors.bob, actors.carol],
      [0n, 100n, 200n, 300n],
    );
  });

  it("records utility, quality and hashes as given", async () => {
    const deployment = await loadFixture(dueEpoch);
    const fields = { utilityWad: 1n, qualityWad: 2n ** 64n - 1n, policyHash: ZeroHash, inputsHash: id("other") };
    const supply = await deployment.token.totalSupply();
    await expect(settle(deployment, fields))
      .to.emit(deployment.treasury, "EpochSettled")
      .withArgs(0n, Object.values(inOrder(settlement(fields))), 0n, 0n, supply);
  });
});

/** The fields in the order of the contract's struct. */
function inOrder(whole: Settlement) {
  const { epoch, emission, ...rest } = whole;
  return { epoch, emission, ...rest };
}
