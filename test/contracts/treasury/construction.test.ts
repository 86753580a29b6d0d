import { loadFixture } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import { MaxUint256, ZeroAddress, getCreateAddress } from "ethers";
import { ethers } from "hardhat";
import { BASE_REWARD_WEI, HALVING_INTERVAL_EPOCHS, deployTreasury, type Deployment } from "../../shared/deployTreasury";

async function deployed() {
  return deployTreasury(20n);
}

async function deployWith({ clock, parameters }: Deployment, changed: object) {
  return ethers.deployContract("Treasury", [clock, { ...parameters, ...changed }]);
}

/** Where the deployer's next contract will be. */
async function nextAddress({ actors }: Deployment): Promise<string> {
  return getCreateAddress({ from: actors.deployer.address, nonce: await actors.deployer.getNonce() });
}

describe("Treasury at construction", () => {
  it("keeps its parameters and gives each role to its holder", async () => {
    const { treasury, token, pool, staking, parameters, actors, clock } = await loadFixture(deployed);
    expect(await treasury.token()).to.equal(token);
    expect(await treasury.pool()).to.equal(pool);
    expect(await treasury.staking()).to.equal(staking);
    expect(await treasury.dao()).to.equal(actors.dao);
    expect(await treasury.baseRewardWei()).to.equal(parameters.baseRewardWei);
    expect(await treasury.halvingIntervalEpochs()).to.equal(parameters.halvingIntervalEpochs);
    expect(await treasury.claimDelaySeconds()).to.equal(20n);
    expect(await treasury.genesisTimestamp()).to.equal(clock.genesisTimestamp);
    expect(await treasury.MAX_BURN_BPS()).to.equal(7_000n);
    for (const [role, holder] of [
      [await treasury.DEFAULT_ADMIN_ROLE(), actors.admin],
      [await treasury.KEEPER_ROLE(), actors.keeper],
      [await treasury.GUARDIAN_ROLE(), actors.guardian],
    ] as const) {
      expect(await treasury.getRoleMembers(role)).to.deep.equal([holder.address]);
    }
  });

  it("lets Staking take what claimAndStake hands to it", async () => {
    const { treasury, token, staking } = await loadFixture(deployed);
    expect(await token.allowance(treasury, staking)).to.equal(MaxUint256);
  });

  it("begins with epoch 0 to settle, without a root, not paused", async () => {
    const { treasury } = await loadFixture(deployed);
    const none = `0x${"00".repeat(32)}`;
    expect(await treasury.nextEpochToSettle()).to.equal(0n);
    expect(await treasury.paused()).to.equal(false);
    expect(await treasury.pendingRoot()).to.deep.equal([none, 0n, 0n]);
    expect(await treasury.currentRoot()).to.deep.equal([none, 0n]);
    expect(await treasury.previousRoot()).to.deep.equal([none, 0n]);
    expect(await treasury.vetoedSettlement()).to.deep.equal([false, 0n, 0n]);
  });

  for (const parameter of ["token", "pool", "staking", "dao", "admin", "keeper", "guardian"]) {
    it(`refuses zero or itself as ${parameter}`, async () => {
      const deployment = await loadFixture(deployed);
      await expect(deployWith(deployment, { [parameter]: ZeroAddress }))
        .to.be.revertedWithCustomError(deployment.treasury, "InvalidAddress")
        .withArgs(parameter, ZeroAddress);
      const self = await nextAddress(deployment);
      await expect(deployWith(deployment, { [parameter]: self }))
        .to.be.revertedWithCustomError(deployment.treasury, "InvalidAddress")
        .withArgs(parameter, self);
    });
  }

  it("takes a base reward from 1 wei to below 2^128 and no other", async () => {
    const deployment = await loadFixture(deployed);
    for (const baseRewardWei of [1n, 2n ** 128n - 1n]) {
      const treasury = await deployWith(deployment, { baseRewardWei });
      expect(await treasury.emissionCeiling(0n)).to.equal(baseRewardWei);
    }
    for (const baseRewardWei of [0n, 2n ** 128n]) {
      await expect(deployWith(deployment, { baseRewardWei }))
        .to.be.revertedWithCustomError(deployment.treasury, "BaseRewardOutOfRange")
        .withArgs(baseRewardWei);
    }
  });

  it("refuses a halving interval without epochs", async () => {
    const deployment = await loadFixture(deployed);
    await expect(deployWith(deployment, { halvingIntervalEpochs: 0n }))
      .to.be.revertedWithCustomError(deployment.treasury, "EmptyHalvingInterval")
      .withArgs();
  });

  it("refuses a pool that recycles another token", async () => {
    const deployment = await loadFixture(deployed);
    const otherToken = await ethers.deployContract("ModernTensorToken", [[], 1n]);
    const otherPool = await ethers.deployContract("RecyclingPool", [otherToken]);
    await expect(deployWith(deployment, { pool: await otherPool.getAddress() }))
      .to.be.revertedWithCustomError(deployment.treasury, "TokenMismatch")
      .withArgs(otherToken, deployment.token);
  });

  it("refuses a Staking with another clock", async () => {
    const deployment = await loadFixture(deployed);
    const { clock, parameters, staking, treasury } = deployment;
    const otherClock = { ...clock, slotSeconds: BigInt(clock.slotSeconds) + 1n };
    await expect(ethers.deployContract("Treasury", [otherClock, parameters]))
      .to.be.revertedWithCustomError(treasury, "ClockMismatch")
      .withArgs(staking);
  });

  it("halves the ceiling of an epoch's emission at each interval, rounding down, down to nothing", async () => {
    const { treasury } = await loadFixture(deployed);
    const last = HALVING_INTERVAL_EPOCHS - 1n;
    for (let halvings = 0n; halvings < 75n; ++halvings) {
      const first = halvings * HALVING_INTERVAL_EPOCHS;
      const ceiling = BASE_REWARD_WEI / 2n ** halvings;
      expect(await treasury.emissionCeiling(first)).to.equal(ceiling);
      expect(await treasury.emissionCeiling(first + last)).to.equal(ceiling);
    }
    expect(await treasury.emissionCeiling(2n ** 64n - 1n)).to.equal(0n);
  });
});
