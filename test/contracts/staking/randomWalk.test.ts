import { mine, time } from "@nomicfoundation/hardhat-network-helpers";
import { type HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { expect } from "chai";
import { type ContractTransactionResponse } from "ethers";
import { ethers } from "hardhat";
import { MDT, type StakingNetwork, deployStaking } from "../../shared/deployStaking";
import { rebuildPositions } from "./eventLog";
import { Refused, StakingModel } from "./model";

const isLong = process.env.MDT_LONG === "1";
const STEPS = isLong ? 2_500 : 200;
const SEEDS = process.env.MDT_SEED === undefined ? (isLong ? [1, 2, 3] : [1]) : [Number(process.env.MDT_SEED)];
const PEOPLE = 7;
const PARAMETERS = { maximumSeats: 3, minimumStakeWei: 32n * MDT, slashCapBps: 5_000, jailEpochs: 2 };

/** A small generator of repeatable random numbers (mulberry32). */
class Dice {
  constructor(private state: number) {}

  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  /** Mostly some MDT with odd wei, sometimes a few wei. */
  amountWei(): bigint {
    if (this.below(8) === 0) return BigInt(this.below(4));
    return BigInt(this.below(120)) * MDT + BigInt(this.below(1_000_000_007));
  }
}

/** One action on the contract and on the model. */
interface Step {
  readonly name: string;
  readonly send: () => Promise<ContractTransactionResponse>;
  readonly expect: () => void;
}

class Walk {
  readonly model: StakingModel;
  readonly people: readonly HardhatEthersSigner[];
  readonly addresses: readonly string[];
  private readonly gas = { gasLimit: 5_000_000 };

  constructor(
    readonly deployed: StakingNetwork,
    private readonly dice: Dice,
  ) {
    const { genesis, epochSeconds } = deployed;
    this.model = new StakingModel({
      genesis,
      epochSeconds,
      ...PARAMETERS,
      slashCapBps: BigInt(PARAMETERS.slashCapBps),
    });
    this.people = deployed.people.slice(0, PEOPLE);
    this.addresses = this.people.map((person) => person.address);
  }

  /** A moment after the last one: often soon, sometimes at, before or after a boundary, sometimes some epochs later. */
  nextTimestamp(now: number): number {
    const { genesis, epochSeconds } = this.deployed;
    const choice = this.dice.below(10);
    if (choice < 5) return now + 1 + this.dice.below(15);
    const boundary = genesis + (Math.floor((now - genesis) / epochSeconds) + 1) * epochSeconds;
    if (choice < 9) return Math.max(now + 1, boundary - 1 + this.dice.below(3));
    return now + 1 + this.dice.below(4 * epochSeconds);
  }

  nextStep(): Step {
    const { dice, model, gas } = this;
    const staking = this.deployed.staking;
    const caller = dice.pick(this.people);
    const me = staking.connect(caller);
    const from = caller.address;
    const validator = dice.pick(this.likelyValidators());
    const account = dice.pick(this.addresses);
    const amountWei = dice.amountWei();
    const bps = BigInt(dice.below(2_000));
    const [heldOf, holder] = dice.pick(this.holdings());
    const asHolder = staking.connect(this.people.find((person) => person.address === holder));
    const seated = dice.pick(this.likelyValidators());
    const asSeated = staking.connect(this.people.find((person) => person.address === seated));
    const steps: readonly (readonly [number, () => Step])[] = [
      [
        14,
        () => ({
          name: `register ${amountWei}`,
          send: () => me.registerValidator(account, bps, amountWei + MDT, ethers.MaxUint256, gas),
          expect: () => {
            model.register(from, account, bps, amountWei + MDT);
          },
        }),
      ],
      [
        8,
        () => ({
          name: "register as its own operator",
          send: () => me.registerValidator(from, bps % 1_800n, amountWei + 32n * MDT, ethers.MaxUint256, gas),
          expect: () => {
            model.register(from, from, bps % 1_800n, amountWei + 32n * MDT);
          },
        }),
      ],
      [
        8,
        () => ({
          name: `stake ${amountWei}`,
          send: () => asSeated.stake(amountWei, gas),
          expect: () => {
            model.add(seated, seated, seated, amountWei);
          },
        }),
      ],
      [
        16,
        () => ({
          name: `delegate ${amountWei}`,
          send: () => me.delegate(validator, amountWei, gas),
          expect: () => {
            model.add(from, from, validator, amountWei);
          },
        }),
      ],
      [
        8,
        () => ({
          name: `stakeFor ${amountWei}`,
          send: () => me.stakeFor(account, validator, amountWei, gas),
          expect: () => {
            model.add(from, account, validator, amountWei);
          },
        }),
      ],
      [
        14,
        () => {
          const askedWei = dice.below(6) === 0 ? ethers.MaxUint256 : this.someOf(heldOf, holder);
          return {
            name: `unstake ${askedWei}`,
            send: () => asHolder.unstake(heldOf, askedWei, gas),
            expect: () => {
              model.unstake(holder, heldOf, askedWei);
            },
          };
        },
      ],
      [
        8,
        () => {
          const askedWei = dice.below(3) === 0 ? ethers.MaxUint256 : this.someOf(seated, seated);
          return {
            name: `unstake own ${askedWei}`,
            send: () => asSeated.unstake(seated, askedWei, gas),
            expect: () => {
              model.unstake(seated, seated, askedWei);
            },
          };
        },
      ],
      [
        14,
        () => ({
          name: "withdraw",
          send: () => asHolder.withdraw(heldOf, gas),
          expect: () => {
            model.withdraw(holder, heldOf);
          },
        }),
      ],
      [
        9,
        () => {
          const fractionBps = BigInt(dice.pick([0, 1, 100, 999, 2_500, 5_000, 5_001]));
          return {
            name: `slash ${fractionBps}`,
            send: () =>
              staking.connect(this.deployed.slasher).slash(validator, fractionBps, ethers.id("evidence"), gas),
            expect: () => {
              model.slash(validator, fractionBps);
            },
          };
        },
      ],
      [
        6,
        () => ({
          name: "setCommission",
          send: () => asSeated.setCommission(bps, gas),
          expect: () => {
            model.setCommission(seated, bps);
          },
        }),
      ],
      [
        4,
        () => ({
          name: "setOperator",
          send: () => me.setOperator(account, gas),
          expect: () => {
            model.setOperator(from, account);
          },
        }),
      ],
      [
        8,
        () => ({
          name: "unjail",
          send: () => asSeated.unjail(gas),
          expect: () => {
            model.unjail(seated);
          },
        }),
      ],
    ];
    let ticket = dice.below(steps.reduce((sum, [weight]) => sum + weight, 0));
    const chosen = steps.find(([weight]) => (ticket -= weight) < 0)!;
    return chosen[1]();
  }

  /** Mostly who holds a seat, sometimes anybody. */
  private likelyValidators(): readonly string[] {
    const seated = this.model.seatedAt(this.model.next);
    return seated.length === 0 || this.dice.below(8) === 0 ? this.addresses : seated;
  }

  /** Who ever had stake in whom; at least one pair. */
  private holdings(): readonly (readonly [string, string])[] {
    const pairs = [...this.model.validators].flatMap(([validator, { shares }]) =>
      [...shares.keys()].map((account) => [validator, account] as const),
    );
    return pairs.length === 0 ? [[this.addresses[0]!, this.addresses[1]!]] : pairs;
  }

  private someOf(validator: string, account: string): bigint {
    const stakedWei = this.model.positionAt(validator, account, Infinity);
    const choice = this.dice.below(4);
    if (choice === 0) return stakedWei;
    if (choice === 1) return stakedWei + 1n;
    return (stakedWei * BigInt(1 + this.dice.below(99))) / 100n;
  }
}

/** What the model predicts for a step: the error's name, or undefined. */
function predict(step: Step): string | undefined {
  try {
    step.expect();
    return undefined;
  } catch (error) {
    if (error instanceof Refused) return error.message;
    throw error;
  }
}

async function expectSameBooks(walk: Walk, validators: readonly string[], epochs: readonly number[]): Promise<void> {
  const { model, addresses } = walk;
  const { staking } = walk.deployed;
  for (const epoch of epochs) {
    expect(await staking.seatedAt(epoch), `seats of ${epoch}`).to.deep.equal(model.seatedAt(epoch));
    const active = model.activeSet(epoch);
    const views = await staking.activeValidators(epoch);
    expect(
      views.map((view) => view.validator),
      `active in ${epoch}`,
    ).to.deep.equal(active);
    for (const view of views) {
      expect(view.ownWei).to.equal(model.positionAt(view.validator, view.validator, epoch));
      expect(view.totalWei).to.equal(model.totalAt(view.validator, epoch));
      expect(view.commissionBps).to.equal(model.validator(view.validator).commissionBps.at(epoch));
      expect(view.index).to.equal(model.validator(view.validator).index.at(epoch));
    }
    for (const validator of validators) {
      const delegated = await staking.delegationsAt(validator, [...addresses], epoch);
      const expected = addresses.map((account) =>
        account === validator ? 0n : model.positionAt(validator, account, epoch),
      );
      expect([...delegated], `delegations to ${validator} in ${epoch}`).to.deep.equal(expected);
      expect(await staking.stakeAt(validator, epoch)).to.equal(model.positionAt(validator, validator, epoch));
      expect(await staking.totalStakeAt(validator, epoch)).to.equal(model.totalAt(validator, epoch));
      expect(await staking.isActive(validator, epoch)).to.equal(active.includes(validator));
      expect(await staking.isJailedAt(validator, epoch)).to.equal(model.validator(validator).jailed.at(epoch));
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
  const { staking } = walk.deployed;
  for (const account of addresses) {
    expect(await staking.withdrawableWei(validator, account)).to.equal(model.withdrawableWei(account, validator));
    const pending = await staking.pendingExits(validator, account);
    expect(pending.map((exit) => [exit.withdrawableEpoch, exit.amountWei])).to.deep.equal(
      model.pendingExits(account, validator),
    );
  }
}

async function expectNoGetterReverts(walk: Walk, validator: string): Promise<void> {
  const { staking } = walk.deployed;
  const stranger = ethers.Wallet.createRandom().address;
  for (const epoch of [0n, 1n, 2n ** 32n, 2n ** 64n - 1n]) {
    for (const address of [validator, stranger, ethers.ZeroAddress]) {
      await staking.stakeAt(address, epoch);
      await staking.delegationAt(address, stranger, epoch);
      await staking.delegatedAt(address, epoch);
      await staking.totalStakeAt(address, epoch);
      await staking.commissionAt(address, epoch);
      await staking.indexAt(address, epoch);
      await staking.isJailedAt(address, epoch);
      await staking.isActive(address, epoch);
      await staking.statusOf(address);
      await staking.validatorOf(address);
      await staking.operatorOf(address);
      await staking.withdrawableWei(address, stranger);
      await staking.pendingExits(address, stranger);
    }
    await staking.activeSet(epoch);
    await staking.activeStakes(epoch);
    await staking.activeValidators(epoch);
    await staking.seatedAt(epoch);
  }
  await staking.registrationPriceWei();
}

async function expectEventsSuffice(walk: Walk): Promise<void> {
  const { model, addresses } = walk;
  const rebuilt = await rebuildPositions(walk.deployed.staking);
  for (const validator of model.validators.keys()) {
    for (let epoch = 0; epoch <= model.next + 1; ++epoch) {
      for (const account of addresses) {
        expect(rebuilt.positionAt(validator, account, epoch), `${validator} ${account} ${epoch}`).to.equal(
          model.positionAt(validator, account, epoch),
        );
      }
    }
  }
}

describe("Staking: any sequence of actions", function () {
  this.timeout(isLong ? 3_600_000 : 120_000);
  for (const seed of SEEDS) {
    it(`keeps the books of a plain model, covers what it owes and never fails a reader (seed ${seed}, ${STEPS} steps)`, async function () {
      const dice = new Dice(seed);
      const walk = new Walk(await deployStaking(PARAMETERS), dice);
      const { model, deployed } = walk;
      await time.increaseTo(deployed.genesis - 300);
      const outcomes = new Map<string, number>();
      for (let i = 0; i < STEPS; ++i) {
        const timestamp = walk.nextTimestamp(await time.latest());
        model.now = timestamp;
        const step = walk.nextStep();
        await time.setNextBlockTimestamp(timestamp);
        const refusal = predict(step);
        outcomes.set(
          `${step.name.split(" ")[0]!} ${refusal ?? "done"}`,
          (outcomes.get(`${step.name.split(" ")[0]!} ${refusal ?? "done"}`) ?? 0) + 1,
        );
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
  }
});
