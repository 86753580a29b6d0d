import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { type HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { expect } from "chai";
import { Signature } from "ethers";
import { ethers } from "hardhat";
import { INITIAL_WEI, MDT, type StakingNetwork } from "../../shared/deployStaking";
import { emptyNetwork, named, register } from "./actions";

/** Price of the first registration. */
const PRICE_WEI = 10n * MDT;

/** Alice validates with 100 MDT; no account has an allowance for Staking. */
async function running() {
  const network = await emptyNetwork();
  const people = named(network);
  await register(network, people.alice);
  for (const person of network.people) await network.token.connect(person).approve(network.staking, 0);
  return { ...network, ...people, network };
}

/** The owner's EIP-2612 signature over `amountWei` for Staking, valid for an hour. */
async function signPermit({ token, staking }: StakingNetwork, owner: HardhatEthersSigner, amountWei: bigint) {
  const deadline = (await time.latest()) + 3_600;
  const { name, version, chainId, verifyingContract } = await token.eip712Domain();
  const signature = await owner.signTypedData(
    { name, version, chainId, verifyingContract },
    {
      Permit: [
        { name: "owner", type: "address" },
        { name: "spender", type: "address" },
        { name: "value", type: "uint256" },
        { name: "nonce", type: "uint256" },
        { name: "deadline", type: "uint256" },
      ],
    },
    {
      owner: owner.address,
      spender: await staking.getAddress(),
      value: amountWei,
      nonce: await token.nonces(owner),
      deadline,
    },
  );
  const { v, r, s } = Signature.from(signature);
  return { deadline, v, r, s };
}

describe("Staking: deposits", () => {
  it("come from the caller and belong to the named account", async () => {
    const { staking, token, alice, bob, erin } = await loadFixture(running);
    await token.connect(erin).approve(staking, 9n * MDT);
    const tx = await staking.connect(erin).stakeFor(bob, alice, 5n * MDT);
    await expect(tx).to.changeTokenBalances(token, [erin, bob, staking], [-5n * MDT, 0, 5n * MDT]);
    await expect(tx)
      .to.emit(staking, "Staked")
      .withArgs(alice, bob, erin, 5n * MDT);
    expect(await staking.delegationAt(alice, bob, 0)).to.equal(5n * MDT);
    await staking.connect(erin).stakeFor(alice, alice, 4n * MDT);
    expect(await staking.stakeAt(alice, 0)).to.equal(104n * MDT);
    expect(await staking.delegationAt(alice, alice, 0)).to.equal(0);
  });

  it("are own stake if the validator delegates to itself", async () => {
    const { staking, token, alice } = await loadFixture(running);
    await token.connect(alice).approve(staking, MDT);
    await staking.connect(alice).delegate(alice, MDT);
    expect(await staking.stakeAt(alice, 0)).to.equal(101n * MDT);
    expect(await staking.totalStakeAt(alice, 0)).to.equal(101n * MDT);
  });

  it("can't be zero, for the zero address, with a non-validator, above the allowance, or 2^96 wei or more", async () => {
    const { staking, token, alice, bob, mallory } = await loadFixture(running);
    await expect(staking.connect(bob).delegate(alice, 0)).to.be.revertedWithCustomError(staking, "ZeroAmount");
    await expect(staking.connect(bob).unstake(alice, 0)).to.be.revertedWithCustomError(staking, "ZeroAmount");
    await expect(staking.connect(bob).stakeFor(ethers.ZeroAddress, alice, 1)).to.be.revertedWithCustomError(
      staking,
      "ZeroAccount",
    );
    await expect(staking.connect(bob).delegate(mallory, 1))
      .to.be.revertedWithCustomError(staking, "NotAValidator")
      .withArgs(mallory);
    await expect(staking.connect(bob).delegate(alice, MDT))
      .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
      .withArgs(staking, 0, MDT);
    await expect(staking.connect(bob).delegate(alice, 2n ** 96n))
      .to.be.revertedWithCustomError(staking, "SafeCastOverflowedUintDowncast")
      .withArgs(96, 2n ** 96n);
  });

  it("can't be unstaked beyond the position", async () => {
    const { staking, token, alice, bob } = await loadFixture(running);
    await token.connect(bob).approve(staking, MDT);
    await staking.connect(bob).delegate(alice, MDT);
    await expect(staking.connect(bob).unstake(alice, MDT + 1n))
      .to.be.revertedWithCustomError(staking, "InsufficientStake")
      .withArgs(alice, bob, MDT + 1n, MDT);
  });
});

describe("Staking: permits", () => {
  it("replace an allowance", async () => {
    const { network, staking, token, alice, bob } = await loadFixture(running);
    const own = await signPermit(network, alice, 7n * MDT);
    await staking.connect(alice).stakeWithPermit(7n * MDT, own.deadline, own.v, own.r, own.s);
    const { deadline, v, r, s } = await signPermit(network, bob, 3n * MDT);
    await staking.connect(bob).delegateWithPermit(alice, 3n * MDT, deadline, v, r, s);
    expect(await staking.stakeAt(alice, 0)).to.equal(107n * MDT);
    expect(await staking.delegationAt(alice, bob, 0)).to.equal(3n * MDT);
    expect(await token.balanceOf(bob)).to.equal(INITIAL_WEI - 3n * MDT);
  });

  it("still work if someone else has already submitted them", async () => {
    const { network, staking, token, alice, bob, mallory } = await loadFixture(running);
    const { deadline, v, r, s } = await signPermit(network, bob, 3n * MDT);
    await token.connect(mallory).permit(bob, staking, 3n * MDT, deadline, v, r, s);
    await staking.connect(bob).delegateWithPermit(alice, 3n * MDT, deadline, v, r, s);
    expect(await staking.delegationAt(alice, bob, 0)).to.equal(3n * MDT);
  });

  it("cover the stake and the maximum price of a registration; the unused part stays as an allowance", async () => {
    const { network, staking, stakingLens, token, pool, bob } = await loadFixture(running);
    const priceWei = await staking.registrationPriceWei();
    const { deadline, v, r, s } = await signPermit(network, bob, 40n * MDT + 2n * priceWei);
    const tx = await staking
      .connect(bob)
      .registerValidatorWithPermit(bob, 700, 40n * MDT, 2n * priceWei, deadline, v, r, s);
    const paidWei = (await pool.totalBySource(0)) - PRICE_WEI;
    expect(paidWei > 0n && paidWei <= priceWei).to.equal(true);
    await expect(tx).to.emit(staking, "ValidatorRegistered").withArgs(bob, 0, 1, paidWei);
    await expect(tx).to.changeTokenBalances(token, [bob, staking, pool], [-40n * MDT - paidWei, 40n * MDT, paidWei]);
    const { operator, commissionBps, ownWei } = await stakingLens.statusOf(bob);
    expect([operator, commissionBps, ownWei]).to.deep.equal([bob.address, 700n, 40n * MDT]);
    expect(await token.allowance(bob, staking)).to.equal(2n * priceWei - paidWei);
  });

  it("can't pay for a registration above the maximum price or the permitted amount, or whose sum overflows", async () => {
    const { network, staking, token, bob } = await loadFixture(running);
    const { deadline, v, r, s } = await signPermit(network, bob, 32n * MDT + 1n);
    const registerWith = (maxPriceWei: bigint) =>
      staking.connect(bob).registerValidatorWithPermit(bob, 0, 32n * MDT, maxPriceWei, deadline, v, r, s);
    await expect(registerWith(1n)).to.be.revertedWithCustomError(staking, "PriceAboveMaximum");
    await expect(registerWith(2n * PRICE_WEI))
      .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
      .withArgs(staking, 0, 32n * MDT);
    await expect(registerWith(ethers.MaxUint256)).to.be.revertedWithPanic(0x11);
  });

  it("of another account give the caller no allowance", async () => {
    const { network, staking, token, alice, bob, mallory } = await loadFixture(running);
    const { deadline, v, r, s } = await signPermit(network, bob, 3n * MDT);
    await expect(staking.connect(mallory).delegateWithPermit(alice, 3n * MDT, deadline, v, r, s))
      .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
      .withArgs(staking, 0, 3n * MDT);
  });
});

describe("Staking: roles", () => {
  it("can be granted only by the admin", async () => {
    const { staking, admin, slasher, mallory } = await loadFixture(running);
    const role = await staking.SLASHER_ROLE();
    expect(role).to.equal(ethers.id("SLASHER_ROLE"));
    expect(await staking.getRoleMembers(role))
      .to.include(slasher.address)
      .and.to.have.length(2); // and ScoreBoard
    expect(await staking.getRoleMembers(ethers.ZeroHash)).to.deep.equal([admin.address]);
    await expect(staking.connect(mallory).grantRole(role, mallory))
      .to.be.revertedWithCustomError(staking, "AccessControlUnauthorizedAccount")
      .withArgs(mallory, ethers.ZeroHash);
  });
});
