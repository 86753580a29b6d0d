import { loadFixture } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import { MaxUint256, ZeroAddress, getCreateAddress } from "ethers";
import { ethers } from "hardhat";
import {
  BASE_REWARD_WEI,
  EPOCH_SECONDS,
  HALVING_INTERVAL_EPOCHS,
  MAX_SUPPLY_WEI,
  TREASURY_ALLOWANCE_WEI,
  deployTreasury,
  type Deployment,
} from "../../shared/deployTreasury";

async function deployed() {
  return deployTreasury(20n);
}

async function deployWith({ clock, parameters }: Deployment, changed: object) {
  return ethers.deployContract("Treasury", [clock, { ...parameters, ...changed }]);
}

/** Address of the deployer's next contract. */
async function nextAddress({ actors }: Deployment): Promise<string> {
  return getCreateAddress({ from: actors.deployer.address, nonce: await actors.deployer.getNonce() });
}

describe("Treasury at construction", () => {
  it("keeps its parameters and gives each role to its holder", async () => {
    const { treasury, settlementQuorum, token, pool, staking, parameters, actors, clock } = await loadFixture(deployed);
    expect(await treasury.token()).to.equal(token);
    expect(await treasury.pool()).to.equal(pool);
    expect(await treasury.staking()).to.equal(staking);
    expect(await treasury.dao()).to.equal(actors.dao);
    expect(await treasury.baseRewardWei()).to.equal(parameters.baseRewardWei);
    expect(await treasury.halvingIntervalEpochs()).to.equal(parameters.halvingIntervalEpochs);
    expect(await treasury.claimDelaySeconds()).to.equal(20n);
    expect(await treasury.maxDaoShareBps()).to.equal(10_000n);
    expect(await treasury.genesisTimestamp()).to.equal(clock.genesisTimestamp);
    expect(await treasury.MAX_BURN_BPS()).to.equal(7_000n);
    // Tests of the Treasury alone settle with a key, so that is a keeper, too.
    const keepers = [await settlementQuorum.getAddress(), actors.keeper.address];
    for (const [role, holders] of [
      [await treasury.DEFAULT_ADMIN_ROLE(), [actors.admin.address]],
      [await treasury.KEEPER_ROLE(), keepers],
      [await treasury.GUARDIAN_ROLE(), [actors.guardian.address]],
    ] as const) {
      expect(await treasury.getRoleMembers(role)).to.deep.equal(holders);
    }
  });

  it("gives Staking an unlimited allowance, for `claimAndStake`", async () => {
    const { treasury, token, staking } = await loadFixture(deployed);
    expect(await token.allowance(treasury, staking)).to.equal(MaxUint256);
  });

  it("starts unpaused and without a root; the next epoch to settle is 0", async () => {
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
    it(`refuses the zero address and its own address as ${parameter}`, async () => {
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

  it("accepts only a base reward above zero whose whole schedule fits under the token's cap", async () => {
    const deployment = await loadFixture(deployed);
    const mostWei = MAX_SUPPLY_WEI / (2n * HALVING_INTERVAL_EPOCHS);
    for (const baseRewardWei of [1n, mostWei]) {
      const treasury = await deployWith(deployment, { baseRewardWei });
      expect(await treasury.emissionCeiling(0n)).to.equal(baseRewardWei);
      expect(await treasury.leastAllowanceWei()).to.equal(2n * baseRewardWei * HALVING_INTERVAL_EPOCHS);
    }
    await expect(deployWith(deployment, { baseRewardWei: mostWei + 1n }))
      .to.be.revertedWithCustomError(deployment.treasury, "ScheduleAboveSupply")
      .withArgs(2n * (mostWei + 1n) * HALVING_INTERVAL_EPOCHS, MAX_SUPPLY_WEI);
    for (const baseRewardWei of [0n, MAX_SUPPLY_WEI + 1n, 2n ** 256n - 1n]) {
      await expect(deployWith(deployment, { baseRewardWei }))
        .to.be.revertedWithCustomError(deployment.treasury, "BaseRewardOutOfRange")
        .withArgs(baseRewardWei);
    }
  });

  it("refuses a claim delay of more than half an epoch, to the second: roots would be replaced before they mature", async () => {
    const deployment = await loadFixture(deployed);
    await deployWith(deployment, { claimDelaySeconds: EPOCH_SECONDS / 2n });
    await expect(deployWith(deployment, { claimDelaySeconds: EPOCH_SECONDS / 2n + 1n }))
      .to.be.revertedWithCustomError(deployment.treasury, "ClaimDelayTooLong")
      .withArgs(EPOCH_SECONDS / 2n + 1n, EPOCH_SECONDS / 2n);
  });

  it("refuses a maximum DAO share above 100 %", async () => {
    const deployment = await loadFixture(deployed);
    await expect(deployWith(deployment, { maxDaoShareBps: 10_001 }))
      .to.be.revertedWithCustomError(deployment.treasury, "DaoShareOutOfRange")
      .withArgs(10_001);
  });

  it("can be wired only with an allowance for its whole schedule", async () => {
    const { parameters, clock, actors } = await loadFixture(deployed);
    const token = await ethers.deployContract("ModernTensorToken", [[], MAX_SUPPLY_WEI]);
    const pool = await ethers.deployContract("RecyclingPool", [token]);
    const registrationPrice = { floorWei: 1n, ceilingWei: 1n, intervalSeconds: 1n };
    const numbers = { minimumStakeWei: 1n, maximumSeats: 1n, seatSafeEpochs: 0n, slashCapBps: 1n, jailEpochs: 1n };
    const staking = await ethers.deployContract("Staking", [
      { clock, token, pool, admin: actors.admin, exitDelayEpochs: 3n, registrationPrice, ...numbers },
    ]);
    const treasury = await ethers.deployContract("Treasury", [clock, { ...parameters, token, pool, staking }]);
    await expect(token.wireMinters([treasury], [TREASURY_ALLOWANCE_WEI - 1n]))
      .to.be.revertedWithCustomError(token, "AllowanceTooSmall")
      .withArgs(treasury, TREASURY_ALLOWANCE_WEI - 1n, TREASURY_ALLOWANCE_WEI);
    await token.wireMinters([treasury], [TREASURY_ALLOWANCE_WEI]);
  });

  it("refuses a halving interval of zero epochs", async () => {
    const deployment = await loadFixture(deployed);
    await expect(deployWith(deployment, { halvingIntervalEpochs: 0n }))
      .to.be.revertedWithCustomError(deployment.treasury, "EmptyHalvingInterval")
      .withArgs();
  });

  it("refuses a pool with another token", async () => {
    const deployment = await loadFixture(deployed);
    const otherToken = await ethers.deployContract("ModernTensorToken", [[], 1n]);
    const otherPool = await ethers.deployContract("RecyclingPool", [otherToken]);
    await expect(deployWith(deployment, { pool: await otherPool.getAddress() }))
      .to.be.revertedWithCustomError(deployment.treasury, "TokenMismatch")
      .withArgs(otherToken, deployment.token);
  });

  it("refuses a Staking with another token", async () => {
    const deployment = await loadFixture(deployed);
    const other = await deployTreasury();
    await expect(ethers.deployContract("Treasury", [other.clock, { ...deployment.parameters, staking: other.staking }]))
      .to.be.revertedWithCustomError(deployment.treasury, "TokenMismatch")
      .withArgs(other.token, deployment.token);
  });

  it("refuses a Staking with another clock", async () => {
    const deployment = await loadFixture(deployed);
    const { clock, parameters, staking, treasury } = deployment;
    const otherClock = { ...clock, slotSeconds: BigInt(clock.slotSeconds) + 1n };
    await expect(ethers.deployContract("Treasury", [otherClock, parameters]))
      .to.be.revertedWithCustomError(treasury, "ClockMismatch")
      .withArgs(staking);
  });

  it("halves the ceiling of an epoch's emission after each interval, rounded down, until it is zero", async () => {
    const { treasury } = await loadFixture(deployed);
    const last = HALVING_INTERVAL_EPOCHS - 1n;
    let everythingWei = 0n;
    for (let halvings = 0n; halvings < 75n; ++halvings) {
      const first = halvings * HALVING_INTERVAL_EPOCHS;
      const ceiling = BASE_REWARD_WEI / 2n ** halvings;
      expect(await treasury.emissionCeiling(first)).to.equal(ceiling);
      expect(await treasury.emissionCeiling(first + last)).to.equal(ceiling);
      everythingWei += HALVING_INTERVAL_EPOCHS * ceiling;
    }
    expect(everythingWei < (await treasury.leastAllowanceWei()), "all ceilings together").to.equal(true);
    expect(await treasury.emissionCeiling(2n ** 64n - 1n)).to.equal(0n);
  });
});
