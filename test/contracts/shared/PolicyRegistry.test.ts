import { loadFixture, time } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import { id, ZeroAddress } from "ethers";
import { ethers } from "hardhat";
import { clockStartingSoon, EPOCH_SECONDS } from "../../shared/deployTreasury";

const FIRST = '{"fromEpoch":0,"policy":{}}';
const SECOND = '{"fromEpoch":3,"policy":{"minerShareBps":5000}}';

async function deployRegistry() {
  const [, admin, stranger] = await ethers.getSigners();
  const clock = await clockStartingSoon();
  const staking = await ethers.deployContract("EpochClockHarness", [clock]);
  const registry = await ethers.deployContract("PolicyRegistry", [clock, staking, admin!, FIRST]);
  return { registry, clock, staking, admin: admin!, stranger: stranger! };
}

/** Two epochs in, at the first second of epoch 2. */
async function inEpochTwo() {
  const network = await deployRegistry();
  await time.increaseTo(await network.registry.epochStart(2n));
  return network;
}

describe("PolicyRegistry", () => {
  describe("at deployment", () => {
    it("publishes the first version for epoch 0 and gives the admin both roles", async () => {
      const { registry, admin } = await loadFixture(deployRegistry);
      await expect(registry.deploymentTransaction())
        .to.emit(registry, "PolicyPublished")
        .withArgs(0n, id(FIRST), FIRST);
      expect(await registry.policyCount()).to.equal(1n);
      expect(await registry.policyAt(0n)).to.deep.equal([0n, id(FIRST)]);
      expect(await registry.hasRole(await registry.DEFAULT_ADMIN_ROLE(), admin)).to.equal(true);
      expect(await registry.hasRole(await registry.POLICY_ROLE(), admin)).to.equal(true);
    });

    it("refuses the zero address as admin, and an empty policy", async () => {
      const { registry, clock, staking, admin } = await loadFixture(deployRegistry);
      await expect(ethers.deployContract("PolicyRegistry", [clock, staking, ZeroAddress, FIRST]))
        .to.be.revertedWithCustomError(registry, "InvalidAddress")
        .withArgs("admin", ZeroAddress);
      await expect(ethers.deployContract("PolicyRegistry", [clock, staking, admin, ""]))
        .to.be.revertedWithCustomError(registry, "EmptyPolicy")
        .withArgs();
    });

    it("refuses a Staking with another clock", async () => {
      const { registry, clock, staking, admin } = await loadFixture(deployRegistry);
      const other = { ...clock, slotSeconds: BigInt(clock.slotSeconds) + 1n };
      await expect(ethers.deployContract("PolicyRegistry", [other, staking, admin, FIRST]))
        .to.be.revertedWithCustomError(registry, "ClockMismatch")
        .withArgs(staking);
    });
  });

  describe("publishPolicy", () => {
    it("publishes a version that starts in the next epoch", async () => {
      const { registry, admin } = await loadFixture(inEpochTwo);
      await expect(registry.connect(admin).publishPolicy(3n, SECOND))
        .to.emit(registry, "PolicyPublished")
        .withArgs(3n, id(SECOND), SECOND);
      expect(await registry.policyCount()).to.equal(2n);
      expect(await registry.policyAt(1n)).to.deep.equal([3n, id(SECOND)]);
    });

    for (const fromEpoch of [2n, 1n, 0n]) {
      it(`refuses, in epoch 2, a version that starts in epoch ${fromEpoch.toString()}, which has already begun`, async () => {
        const { registry, admin } = await loadFixture(inEpochTwo);
        await expect(registry.connect(admin).publishPolicy(fromEpoch, SECOND))
          .to.be.revertedWithCustomError(registry, "PolicyStartsTooEarly")
          .withArgs(fromEpoch, 3n);
      });
    }

    it("accepts a version for the next epoch until the last second of the current one", async () => {
      const { registry, admin } = await loadFixture(inEpochTwo);
      const endOfEpoch = await registry.epochStart(3n);
      await time.setNextBlockTimestamp(endOfEpoch - 1n);
      await registry.connect(admin).publishPolicy(3n, SECOND);
      await time.setNextBlockTimestamp(endOfEpoch);
      await expect(registry.connect(admin).publishPolicy(3n, SECOND))
        .to.be.revertedWithCustomError(registry, "PolicyStartsTooEarly")
        .withArgs(3n, 4n);
    });

    it("accepts, before genesis, a version that starts in epoch 0", async () => {
      const { registry, admin } = await loadFixture(deployRegistry);
      await registry.connect(admin).publishPolicy(0n, SECOND);
      expect(await registry.policyAt(1n)).to.deep.equal([0n, id(SECOND)]);
    });

    it("keeps every version, even if one published later starts earlier", async () => {
      const { registry, admin } = await loadFixture(inEpochTwo);
      await registry.connect(admin).publishPolicy(9n, SECOND);
      await registry.connect(admin).publishPolicy(5n, FIRST);
      expect(await registry.policyAt(1n)).to.deep.equal([9n, id(SECOND)]);
      expect(await registry.policyAt(2n)).to.deep.equal([5n, id(FIRST)]);
    });

    it("refuses an empty text", async () => {
      const { registry, admin } = await loadFixture(inEpochTwo);
      await expect(registry.connect(admin).publishPolicy(3n, ""))
        .to.be.revertedWithCustomError(registry, "EmptyPolicy")
        .withArgs();
    });

    it("refuses callers without the policy role", async () => {
      const { registry, stranger } = await loadFixture(inEpochTwo);
      await expect(registry.connect(stranger).publishPolicy(3n, SECOND))
        .to.be.revertedWithCustomError(registry, "AccessControlUnauthorizedAccount")
        .withArgs(stranger, await registry.POLICY_ROLE());
    });
  });

  it("reverts for a version that does not exist", async () => {
    const { registry } = await loadFixture(deployRegistry);
    await expect(registry.policyAt(1n)).to.be.revertedWithCustomError(registry, "NoSuchPolicy").withArgs(1n, 1n);
  });

  it("computes epochs by the clock that it was deployed with", async () => {
    const { registry, clock } = await loadFixture(deployRegistry);
    expect(await registry.epochStart(1n)).to.equal(BigInt(clock.genesisTimestamp) + EPOCH_SECONDS);
  });
});
