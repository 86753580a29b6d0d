import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { MDT } from "../../shared/deployStaking";
import { ALL, emptyNetwork, named, register } from "./actions";

/** Alice validates with Bob as her operator; Dave is his own operator. */
async function running() {
  const network = await emptyNetwork();
  const people = named(network);
  const { alice, bob, dave } = people;
  await network.staking.connect(alice).registerValidator(bob, 0, 50n * MDT, ethers.MaxUint256);
  await register(network, dave);
  return { ...network, ...people, network };
}

describe("Staking: operators", () => {
  it("act for the validator that named them; an owner can be its own operator", async () => {
    const { staking, alice, bob, dave, mallory } = await loadFixture(running);
    expect(await staking.operatorOf(alice)).to.equal(bob.address);
    expect(await staking.operatorOf(dave)).to.equal(dave.address);
    expect(await staking.operatorOf(mallory)).to.equal(ethers.ZeroAddress);
    for (const [account, validator] of [
      [alice, alice],
      [bob, alice],
      [dave, dave],
    ] as const) {
      expect(await staking.validatorOf(account)).to.equal(validator.address);
    }
    expect(await staking.validatorOf(mallory)).to.equal(ethers.ZeroAddress);
  });

  it("can be changed at once, and back, without moving stake or tokens", async () => {
    const { staking, stakingLens, token, alice, bob, carol } = await loadFixture(running);
    const stakesBefore = await stakingLens.seatedValidators(0);
    const tx = await staking.connect(alice).setOperator(carol);
    await expect(tx).to.emit(staking, "OperatorChanged").withArgs(alice, carol);
    await expect(tx).to.changeTokenBalances(token, [alice, bob, carol, staking], [0, 0, 0, 0]);
    expect(await staking.validatorOf(bob)).to.equal(ethers.ZeroAddress);
    expect(await staking.validatorOf(carol)).to.equal(alice.address);
    expect(await stakingLens.seatedValidators(0)).to.deep.equal(stakesBefore);

    await staking.connect(alice).setOperator(bob);
    await staking.connect(alice).setOperator(bob);
    expect([await staking.validatorOf(bob), await staking.validatorOf(carol)]).to.deep.equal([
      alice.address,
      ethers.ZeroAddress,
    ]);
    await staking.connect(alice).setOperator(alice);
    expect(await staking.operatorOf(alice)).to.equal(alice.address);
    expect(await staking.validatorOf(bob)).to.equal(ethers.ZeroAddress);
  });

  it("can't be the zero address, another validator or its operator, and can be named only by a validator", async () => {
    const { staking, alice, bob, dave, mallory } = await loadFixture(running);
    await expect(staking.connect(dave).setOperator(bob))
      .to.be.revertedWithCustomError(staking, "OperatorTaken")
      .withArgs(bob, alice);
    await expect(staking.connect(dave).setOperator(alice))
      .to.be.revertedWithCustomError(staking, "OperatorTaken")
      .withArgs(alice, alice);
    await expect(staking.connect(dave).setOperator(ethers.ZeroAddress)).to.be.revertedWithCustomError(
      staking,
      "ZeroOperator",
    );
    await expect(staking.connect(mallory).setOperator(mallory))
      .to.be.revertedWithCustomError(staking, "NotAValidator")
      .withArgs(mallory);
  });

  it("can resign from a validator that isn't their own, which frees them for another", async () => {
    const { staking, alice, bob, dave, mallory } = await loadFixture(running);
    await expect(staking.connect(bob).resignAsOperator()).to.emit(staking, "OperatorChanged").withArgs(alice, alice);
    await staking.connect(dave).setOperator(bob);
    for (const nobodys of [mallory, alice]) {
      await expect(staking.connect(nobodys).resignAsOperator())
        .to.be.revertedWithCustomError(staking, "NotAnOperator")
        .withArgs(nobodys);
    }
  });

  it("can register as validators; the validator that had named them becomes its own operator", async () => {
    const { network, staking, alice, bob } = await loadFixture(running);
    const tx = await register(network, bob);
    await expect(tx).to.emit(staking, "OperatorChanged").withArgs(alice, alice);
    await expect(tx).to.emit(staking, "OperatorChanged").withArgs(bob, bob);
    expect(await staking.validatorOf(bob)).to.equal(bob.address);
    expect(await staking.operatorOf(alice)).to.equal(alice.address);
  });

  it("keep acting after the validator leaves, because a reveal may be due, and can still be changed", async () => {
    const { staking, alice, bob, carol } = await loadFixture(running);
    await staking.connect(alice).unstake(alice, ALL);
    expect(await staking.validatorOf(bob)).to.equal(alice.address);
    await staking.connect(alice).setOperator(carol);
    expect(await staking.validatorOf(bob)).to.equal(ethers.ZeroAddress);
  });
});
