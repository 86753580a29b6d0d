import { loadFixture, mine } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { MDT, deployStaking } from "../shared/deployStaking";
import { EVIDENCE, enterEpoch } from "../contracts/staking/actions";

const SEATS = 100;
const rpc = ethers.provider;

/**
 * A network whose 100 seats are all taken, in epoch 8. Each validator has a delegation, was slashed once and unjailed,
 * and has stake that is being added and stake that is leaving: reading is more expensive than on a quiet network.
 */
async function busyNetwork() {
  const deployed = await deployStaking({
    maximumSeats: SEATS,
    registrationPrice: { floorWei: MDT, ceilingWei: 2n * MDT, intervalSeconds: 300 },
  });
  const { staking, token, people, slasher } = deployed;
  const owners = Array.from({ length: SEATS }, (_, i) => ethers.toBeHex(0xa11ce000 + i, 20));
  for (const owner of owners) {
    await rpc.send("hardhat_setBalance", [owner, ethers.toQuantity(100n * MDT)]);
    await rpc.send("hardhat_impersonateAccount", [owner]);
  }
  const [rich, delegator] = [people[0]!.address, people[1]!.address];
  const [tokenAddress, stakingAddress] = [await token.getAddress(), await staking.getAddress()];
  const { interface: mdt } = token;
  const { interface: face } = staking;
  /** One transaction per validator, 20 in a block; plain JSON-RPC, because there are 900 of them. */
  const forEach = async (to: string, call: (owner: string) => readonly [from: string, data: string]) => {
    for (const [i, owner] of owners.entries()) {
      const [from, data] = call(owner);
      await rpc.send("eth_sendTransaction", [{ from, to, data, gas: ethers.toQuantity(700_000) }]);
      if (i % 20 === 19) await mine();
    }
  };
  await rpc.send("evm_setAutomine", [false]);
  await forEach(tokenAddress, (owner) => [rich, mdt.encodeFunctionData("transfer", [owner, 200n * MDT])]);
  await forEach(tokenAddress, (owner) => [
    owner,
    mdt.encodeFunctionData("approve", [stakingAddress, ethers.MaxUint256]),
  ]);
  await forEach(stakingAddress, (owner) => [
    owner,
    face.encodeFunctionData("registerValidator", [owner, 500, 100n * MDT, 2n * MDT]),
  ]);
  await forEach(stakingAddress, (owner) => [delegator, face.encodeFunctionData("delegate", [owner, 10n * MDT])]);
  await enterEpoch(deployed, 2);
  await forEach(stakingAddress, (owner) => [slasher.address, face.encodeFunctionData("slash", [owner, 100, EVIDENCE])]);
  await enterEpoch(deployed, 5);
  await forEach(stakingAddress, (owner) => [owner, face.encodeFunctionData("unjail")]);
  await enterEpoch(deployed, 8);
  await forEach(stakingAddress, (owner) => [delegator, face.encodeFunctionData("delegate", [owner, MDT])]);
  await forEach(stakingAddress, (owner) => [delegator, face.encodeFunctionData("unstake", [owner, 2n * MDT])]);
  await rpc.send("evm_setAutomine", [true]);
  return { ...deployed, owners, newcomer: people[2]! };
}

/** Gas of a view, without the 21,000 of a transaction. */
async function gasOfView(estimate: Promise<bigint>): Promise<bigint> {
  return (await estimate) - 21_000n;
}

describe("Staking: gas with 100 seats", () => {
  it("reads the active stakes for at most 1.5 million, or 2.5 million if everyone's stake is changing", async () => {
    const { staking } = await loadFixture(busyNetwork);
    const [validators] = await staking.activeStakes(8);
    expect(validators.length).to.equal(SEATS);
    expect(await gasOfView(staking.activeStakes.estimateGas(10))).to.be.at.most(1_500_000n);
    expect(await gasOfView(staking.activeStakes.estimateGas(8))).to.be.at.most(2_500_000n);
  });

  for (const epoch of [3, 8, 10]) {
    it(`reads all that the distribution of epoch ${epoch} needs for at most 3 million`, async () => {
      const { stakingLens } = await loadFixture(busyNetwork);
      expect(await gasOfView(stakingLens.seatedValidators.estimateGas(epoch))).to.be.at.most(3_000_000n);
    });
  }

  it("slashes a validator whose delegators moved to all others, in two epochs, for at most 8 million", async () => {
    const network = await loadFixture(busyNetwork);
    const { staking, people, owners, newcomer, slasher } = network;
    const [origin, ...others] = owners as [string, ...string[]];
    const movers = [newcomer, people[3]!] as const;
    for (const mover of movers) await staking.connect(mover).delegate(origin, 300n * MDT);
    for (const [i, mover] of movers.entries()) {
      await enterEpoch(network, 10 + i);
      await rpc.send("evm_setAutomine", [false]);
      for (const [index, other] of others.entries()) {
        const data = staking.interface.encodeFunctionData("redelegate", [origin, other, MDT]);
        const gas = ethers.toQuantity(700_000);
        await rpc.send("eth_sendTransaction", [{ from: mover.address, to: await staking.getAddress(), data, gas }]);
        if (index % 20 === 19) await mine();
      }
      await mine();
      await rpc.send("evm_setAutomine", [true]);
    }
    const tx = await staking.connect(slasher).slash(origin, 5_000, EVIDENCE);
    const { gasUsed } = (await tx.wait())!;
    expect(gasUsed).to.be.at.most(8_000_000n);
    // Floored twice: everyone was slashed by 1 % before.
    expect(await staking.delegationAt(others[98]!, movers[0], 12)).to.equal(MDT / 2n - 1n);
    expect(await staking.delegationAt(others[98]!, movers[1], 13)).to.equal(MDT / 2n - 1n);
  });

  it("replaces the smallest seat's holder for at most 1.5 million", async () => {
    const { staking, newcomer } = await loadFixture(busyNetwork);
    const tx = await staking.connect(newcomer).registerValidator(newcomer, 0, 200n * MDT, 2n * MDT);
    expect((await tx.wait())!.gasUsed).to.be.at.most(1_500_000n);
  });
});
