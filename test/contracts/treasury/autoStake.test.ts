import { loadFixture, takeSnapshot } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { WAD, deployTreasury, type Deployment } from "../../shared/deployTreasury";
import { claimFrom, settleNext, treeOf } from "../../shared/settlements";

const LATER = 2n ** 64n - 1n;

/** One settled epoch: alice has earned 100, bob 200, carol 300. Dora is a validator, and alice's rewards are staked with her. */
async function staking() {
  const deployment = await deployTreasury();
  const { treasury, token, staking, actors } = deployment;
  const { alice, bob, carol, dora } = actors;
  const tree = treeOf(deployment, [
    [alice, 100n],
    [bob, 200n],
    [carol, 300n],
  ]);
  await settleNext(deployment, { minerRewards: 400n, validatorRewards: 200n, rewardsRoot: tree.root });
  await token.connect(actors.whale).transfer(dora, 100n * WAD);
  await token.connect(dora).approve(staking, 100n * WAD);
  await staking.connect(dora).registerValidator(dora, 0n, 32n * WAD, 50n * WAD);
  await treasury.connect(alice).setAutoStake(dora);
  return { ...deployment, tree };
}

async function jail({ staking: contract, actors }: Deployment): Promise<void> {
  await contract.connect(actors.admin).grantRole(await contract.SLASHER_ROLE(), actors.admin);
  await contract.connect(actors.admin).slash(actors.dora, 100n, `0x${"00".repeat(32)}`);
}

describe("Treasury.setAutoStake", () => {
  it("makes every claim for the account stake its rewards, in the account's name", async () => {
    const deployment = await loadFixture(staking);
    const { treasury, token, staking: contract, actors, tree } = deployment;
    expect(await treasury.autoStakeValidatorOf(actors.alice)).to.equal(actors.dora);
    expect(await treasury.claimRecipientOf(actors.alice)).to.equal(contract);
    const claiming = claimFrom(deployment, tree, actors.alice);
    await expect(claiming).to.changeTokenBalances(
      token,
      [treasury, contract, actors.alice, actors.stranger],
      [-100n, 100n, 0n, 0n],
    );
    await expect(claiming).to.emit(treasury, "Claimed").withArgs(actors.alice, contract, 100n, 100n);
    expect(await contract.delegationAt(actors.dora, actors.alice, LATER)).to.equal(100n);
    expect(await treasury.claimedOf(actors.alice)).to.equal(100n);
  });

  it("adds a validator's rewards to its own stake", async () => {
    const deployment = await loadFixture(staking);
    const { treasury, staking: contract, actors } = deployment;
    await treasury.connect(actors.dora).setAutoStake(actors.dora);
    const tree = treeOf(deployment, [[actors.dora, 7n]]);
    await settleNext(deployment, { validatorRewards: 7n, rewardsRoot: tree.root });
    await claimFrom(deployment, tree, actors.dora);
    expect(await contract.stakeAt(actors.dora, LATER)).to.equal(32n * WAD + 7n);
  });

  it("lets one batch stake the rewards of some accounts and pay others", async () => {
    const { treasury, token, staking: contract, actors, tree } = await loadFixture(staking);
    await treasury.connect(actors.carol).setAutoStake(actors.bob); // Bob isn't a validator
    const batch = tree.multiproofOf([actors.alice.address, actors.bob.address, actors.carol.address]);
    const claiming = treasury.connect(actors.stranger).claimMany(...batch);
    await expect(claiming).to.changeTokenBalances(
      token,
      [treasury, contract, actors.alice, actors.bob, actors.carol],
      [-600n, 100n, 0n, 200n, 300n],
    );
    await expect(claiming).to.emit(treasury, "Claimed").withArgs(actors.alice, contract, 100n, 100n);
    await expect(claiming).to.emit(treasury, "Claimed").withArgs(actors.carol, actors.carol, 300n, 300n);
  });

  it("emits events when it is set and when it ends, even while the Treasury is paused", async () => {
    const { treasury, staking: contract, actors } = await loadFixture(staking);
    await treasury.connect(actors.guardian).pause();
    for (const [validator, recipient] of [
      [actors.dora.address, await contract.getAddress()],
      [ZeroAddress, ZeroAddress],
    ] as const) {
      await expect(treasury.connect(actors.bob).setAutoStake(validator))
        .to.emit(treasury, "AutoStakeSet")
        .withArgs(actors.bob, validator)
        .and.to.emit(treasury, "ClaimRecipientSet")
        .withArgs(actors.bob, recipient);
      expect(await treasury.autoStakeValidatorOf(actors.bob)).to.equal(validator);
    }
  });

  it("can be ended at once: the next claim pays the account itself, or the recipient that it has named instead", async () => {
    const deployment = await loadFixture(staking);
    const { treasury, token, actors, tree } = deployment;
    for (const account of [actors.bob, actors.carol]) await treasury.connect(account).setAutoStake(actors.dora);
    await treasury.connect(actors.alice).setAutoStake(ZeroAddress);
    await treasury.connect(actors.bob).setClaimRecipient(actors.stranger);
    await treasury.connect(actors.carol).setClaimRecipient(ZeroAddress);
    for (const [account, recipient, amount] of [
      [actors.alice, actors.alice, 100n],
      [actors.bob, actors.stranger, 200n],
      [actors.carol, actors.carol, 300n],
    ] as const) {
      expect(await treasury.autoStakeValidatorOf(account)).to.equal(ZeroAddress);
      expect(await treasury.claimRecipientOf(account)).to.equal(recipient);
      await expect(claimFrom(deployment, tree, account)).to.changeTokenBalance(token, recipient, amount);
    }
  });

  it("keeps the record of what was already claimed", async () => {
    const deployment = await loadFixture(staking);
    const { treasury, actors, tree } = deployment;
    await claimFrom(deployment, tree, actors.bob);
    await treasury.connect(actors.bob).setAutoStake(actors.dora);
    await expect(claimFrom(deployment, tree, actors.bob))
      .to.be.revertedWithCustomError(treasury, "NothingToClaim")
      .withArgs(actors.bob, 200n, 200n);
  });

  it("still lets the account call `claimAndStake` with any validator", async () => {
    const { treasury, staking: contract, actors, tree } = await loadFixture(staking);
    await treasury.connect(actors.alice).setAutoStake(actors.bob);
    await treasury.connect(actors.alice).claimAndStake(100n, tree.proofOf(actors.alice.address), actors.dora);
    expect(await contract.delegationAt(actors.dora, actors.alice, LATER)).to.equal(100n);
  });

  it("pays the account itself if the validator has left or is in jail", async () => {
    const deployment = await loadFixture(staking);
    const { treasury, token, staking: contract, actors, tree } = deployment;
    const snapshot = await takeSnapshot();
    for (const happens of [
      async () => contract.connect(actors.dora).unstake(actors.dora, 2n ** 256n - 1n),
      () => jail(deployment),
    ]) {
      await happens();
      const claiming = claimFrom(deployment, tree, actors.alice);
      await expect(claiming).to.changeTokenBalances(token, [contract, actors.alice], [0n, 100n]);
      await expect(claiming).to.emit(treasury, "Claimed").withArgs(actors.alice, actors.alice, 100n, 100n);
      expect(await contract.delegationAt(actors.dora, actors.alice, LATER)).to.equal(0n);
      await snapshot.restore();
    }
  });

  it("can't be circumvented by a claim with too little gas, which either stakes or reverts", async () => {
    const { treasury, token, staking: contract, actors, tree } = await loadFixture(staking);
    const proof = tree.proofOf(actors.alice.address);
    const refusals = new Map<string, number>();
    for (let gasLimit = 60_000n; (await treasury.claimedOf(actors.alice)) === 0n; gasLimit += 4_000n) {
      await treasury
        .connect(actors.stranger)
        .claim(actors.alice, 100n, proof, { gasLimit })
        .catch((error: unknown) => {
          const name = /TooLittleGas\(1000000\)|out of gas/.exec(String(error))?.[0] ?? String(error);
          refusals.set(name, (refusals.get(name) ?? 0) + 1);
        });
      expect(await token.balanceOf(actors.alice)).to.equal(0n);
    }
    expect(await contract.delegationAt(actors.dora, actors.alice, LATER)).to.equal(100n);
    expect(refusals.get("TooLittleGas(1000000)")).to.be.greaterThan(5);
    expect([...refusals.keys()].every((name) => name === "out of gas" || name.startsWith("TooLittleGas"))).to.equal(
      true,
    );
  });

  it("reserves at least four times the gas that staking uses", async () => {
    const deployment = await loadFixture(staking);
    const { staking: contract, actors, tree } = deployment;
    const staked = (await (await claimFrom(deployment, tree, actors.alice)).wait())!.gasUsed;
    const paid = (await (await claimFrom(deployment, tree, actors.bob)).wait())!.gasUsed;
    expect(4n * (staked - paid)).to.be.at.most(1_000_000n);
    expect(await contract.delegationAt(actors.dora, actors.alice, LATER)).to.equal(100n);
  });

  it("is the only way to name Staking: `setClaimRecipient` refuses it, because rewards would be lost", async () => {
    const { treasury, staking: contract, actors } = await loadFixture(staking);
    await expect(treasury.connect(actors.bob).setClaimRecipient(contract))
      .to.be.revertedWithCustomError(treasury, "InvalidRecipient")
      .withArgs(contract);
  });
});
