import { mine, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { type Address } from "viem";
import { sum } from "../../../scripts/core/fixedPoint";
import { firstEpochOf, PositionBook } from "../../../scripts/core/positions";
import { deployStaking } from "../../shared/deployStaking";
import { positionEvents } from "./eventLog";
import { INDEX_ONE, Refused } from "./model";
import { Dice, type Step, Walk, walkParameters } from "./walk";

const isLong = process.env.MDT_LONG === "1";
const STEPS = isLong ? 2_500 : 100;
const SEED = Number(process.env.MDT_SEED ?? (isLong ? "2" : "1"));

/** The name of the error that the model predicts for a step, or undefined if it succeeds. */
function predict(step: Step): string | undefined {
  try {
    step.mirror();
    return undefined;
  } catch (error) {
    if (error instanceof Refused) return error.message;
    throw error;
  }
}

async function expectSameBooks(walk: Walk, validators: readonly string[], epochs: readonly number[]): Promise<void> {
  const { model, addresses } = walk;
  const { staking, stakingLens } = walk.deployed;
  for (const epoch of epochs) {
    expect(await staking.seatedAt(epoch), `seats of ${epoch}`).to.deep.equal(model.seatedAt(epoch));
    const active = model.activeSet(epoch);
    const [validatorsActive, stakesWei] = await staking.activeStakes(epoch);
    expect([...validatorsActive], `active in ${epoch}`).to.deep.equal(active);
    expect([...stakesWei]).to.deep.equal(active.map((validator) => model.totalAt(validator, epoch)));
    const views = await stakingLens.seatedValidators(epoch);
    expect(views.map((view) => view.validator)).to.deep.equal(model.seatedAt(epoch));
    for (const view of views) {
      expect(view.ownWei).to.equal(model.positionAt(view.validator, view.validator, epoch));
      expect(view.totalWei).to.equal(model.totalAt(view.validator, epoch));
      expect(view.isActive).to.equal(active.includes(view.validator));
      expect(view.isJailed).to.equal(model.validator(view.validator).jailed.at(epoch));
      expect(view.commissionBps).to.equal(model.validator(view.validator).commissionBps.at(epoch));
      expect(view.index).to.equal(model.validator(view.validator).index.at(epoch));
    }
    for (const validator of validators) {
      const delegated = await stakingLens.delegationsAt(validator, [...addresses], epoch);
      const expected = addresses.map((account) =>
        account === validator ? 0n : model.positionAt(validator, account, epoch),
      );
      expect([...delegated], `delegations to ${validator} in ${epoch}`).to.deep.equal(expected);
      expect(await staking.stakeAt(validator, epoch)).to.equal(model.positionAt(validator, validator, epoch));
      expect(await staking.totalStakeAt(validator, epoch)).to.equal(model.totalAt(validator, epoch));
      expect(await staking.isActive(validator, epoch)).to.equal(active.includes(validator));
      expect((await staking.validatorAt(validator, epoch)).isJailed).to.equal(
        model.validator(validator).jailed.at(epoch),
      );
    }
  }
}

async function expectSolvent(walk: Walk, steps: number): Promise<void> {
  const { model, addresses } = walk;
  const { token, staking, pool } = walk.deployed;
  const balanceWei = await token.balanceOf(staking);
  expect(balanceWei, "balance by the model's flows").to.equal(model.balanceWei);
  expect(await pool.totalBySource(1), "slashing penalties").to.equal(model.slashedWei);
  const owedWei = addresses.reduce((sum, account) => sum + model.owedWei(account), 0n);
  expect(balanceWei >= owedWei, `balance ${balanceWei} covers ${owedWei}`).to.equal(true);
  expect(balanceWei - owedWei <= BigInt(3 * steps + 100), `dust ${balanceWei - owedWei}`).to.equal(true);
  for (const account of addresses) {
    const gotWei = (model.withdrawnWei.get(account) ?? 0n) + model.owedWei(account);
    expect(gotWei <= (model.depositedWei.get(account) ?? 0n), "nobody gains").to.equal(true);
  }
}

async function expectSameExits(walk: Walk, validator: string): Promise<void> {
  const { model, addresses } = walk;
  const { stakingLens } = walk.deployed;
  for (const account of addresses) {
    expect(await stakingLens.withdrawableWei(validator, account)).to.equal(model.withdrawableWei(account, validator));
    const pending = await stakingLens.pendingExits(validator, account);
    expect(pending.map((exit) => [exit.withdrawableEpoch, exit.amountWei])).to.deep.equal(
      model.pendingExits(account, validator),
    );
  }
}

async function expectNoGetterReverts(walk: Walk, validator: string): Promise<void> {
  const { staking, stakingLens } = walk.deployed;
  const stranger = ethers.Wallet.createRandom().address;
  for (const epoch of [0n, 1n, 2n ** 32n, 2n ** 64n - 1n]) {
    for (const address of [validator, stranger, ethers.ZeroAddress]) {
      await staking.stakeAt(address, epoch);
      await staking.delegationAt(address, stranger, epoch);
      await staking.totalStakeAt(address, epoch);
      await staking.validatorAt(address, epoch);
      await staking.indexAt(address, epoch);
      await staking.isActive(address, epoch);
      await staking.registrationsAndSeatOf(address);
      await staking.limitsOf(address);
      await stakingLens.statusOf(address);
      await staking.validatorOf(address);
      await staking.operatorOf(address);
      await stakingLens.withdrawableWei(address, stranger);
      await stakingLens.pendingExits(address, stranger);
    }
    await staking.activeStakes(epoch);
    await stakingLens.seatedValidators(epoch);
    await staking.seatedAt(epoch);
  }
  await staking.registrationPriceWei();
  await staking.withdrawableFrom();
}

/** Rebuilds the keeper's book of positions from events alone, and compares each position and each total. */
async function expectEventsSuffice(walk: Walk): Promise<void> {
  const { model, addresses } = walk;
  const events = await positionEvents(walk.deployed.staking);
  const book = new PositionBook();
  let next = 0;
  for (let epoch = 0; epoch <= model.next + 1; ++epoch) {
    while (next < events.length && firstEpochOf(events[next]!) <= epoch) book.apply(events[next++]!);
    const positions = book.positionsIn(BigInt(epoch));
    for (const [address, validator] of model.validators) {
      const shares = positions.get(address as Address) ?? new Map<Address, bigint>();
      const worth = (held: bigint): bigint => (held * validator.index.at(epoch)) / INDEX_ONE;
      for (const account of addresses) {
        expect(worth(shares.get(account as Address) ?? 0n), `${address} ${account} ${epoch}`).to.equal(
          model.positionAt(address, account, epoch),
        );
      }
      expect(worth(sum(shares.values())), `all of ${address} in ${epoch}`).to.equal(model.totalAt(address, epoch));
    }
  }
}

describe("Staking: any sequence of actions", function () {
  this.timeout(3_600_000);
  it(`matches a plain model, stays solvent, makes no view revert, and can be rebuilt from events (seed ${SEED}, ${STEPS} steps)`, async function () {
    const dice = new Dice(SEED);
    const parameters = walkParameters(SEED);
    const walk = new Walk(await deployStaking(parameters), parameters, dice);
    const { model, deployed } = walk;
    await time.increaseTo(deployed.genesis - 300);
    const outcomes = new Map<string, number>();
    for (let i = 0; i < STEPS; ++i) {
      const timestamp = walk.nextTimestamp(await time.latest());
      model.now = timestamp;
      const step = walk.nextStep();
      await time.setNextBlockTimestamp(timestamp);
      const refusal = predict(step);
      const outcome = `${step.name}: ${refusal ?? "done"}`;
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      const label = `step ${i}: ${step.name} in epoch ${model.epoch}`;
      if (refusal === undefined) await expect(step.send(), label).not.to.be.reverted;
      else await expect(step.send(), label).to.be.revertedWithCustomError(deployed.staking, refusal);
      if ((await time.latest()) < timestamp) await mine();

      const isThorough = i % 5 === 4;
      const epochs = isThorough
        ? [model.next - 1, model.next, model.next + 1, dice.below(model.next + 1)]
        : [model.next + dice.below(3) - 1];
      const validators = i % 25 === 24 ? walk.addresses : [dice.pick(walk.addresses)];
      await expectSolvent(walk, i);
      await expectSameBooks(
        walk,
        validators,
        epochs.filter((epoch) => epoch >= 0),
      );
      if (isThorough) await expectSameExits(walk, dice.pick(walk.addresses));
      if (i % 50 === 49) await expectNoGetterReverts(walk, dice.pick(walk.addresses));
    }
    await expectEventsSuffice(walk);
    if (process.env.MDT_VERBOSE === "1") console.table([...outcomes].sort());
  });
});
