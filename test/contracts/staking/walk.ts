import { type HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { type ContractTransactionResponse } from "ethers";
import { ethers } from "hardhat";
import { MDT, type StakingNetwork } from "../../shared/deployStaking";
import { EVIDENCE } from "./actions";
import { NOBODY, StakingModel } from "./model";

const PEOPLE = 7;

/** Few seats, so that accounts compete for them; the exit delay depends on the seed. */
export function walkParameters(seed: number) {
  return {
    maximumSeats: 3,
    seatSafeEpochs: 1,
    minimumStakeWei: 32n * MDT,
    slashCapBps: 5_000,
    exitDelayEpochs: 3 + (seed % 4),
    jailEpochs: 2,
  };
}

/** A small generator of repeatable random numbers (mulberry32). */
export class Dice {
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

  /** Usually up to 119 MDT and some wei, sometimes 0 to 3 wei. */
  amountWei(): bigint {
    if (this.below(8) === 0) return BigInt(this.below(4));
    return BigInt(this.below(120)) * MDT + BigInt(this.below(1_000_000_007));
  }
}

/** One action on the contract and on the model. */
export interface Step {
  readonly name: string;
  readonly send: () => Promise<ContractTransactionResponse>;
  readonly mirror: () => void;
}

export class Walk {
  readonly model: StakingModel;
  readonly people: readonly HardhatEthersSigner[];
  readonly addresses: readonly string[];
  private readonly gas = { gasLimit: 5_000_000 };

  constructor(
    readonly deployed: StakingNetwork,
    parameters: ReturnType<typeof walkParameters>,
    private readonly dice: Dice,
  ) {
    const { genesis, epochSeconds } = deployed;
    const slashCapBps = BigInt(parameters.slashCapBps);
    this.model = new StakingModel({ genesis, epochSeconds, ...parameters, slashCapBps });
    this.people = deployed.people.slice(0, PEOPLE);
    this.addresses = this.people.map((person) => person.address);
  }

  /** A later time: usually within 15 seconds or within a second of the next epoch's start, sometimes up to four epochs later. */
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
    const [stakedIn, staker] = dice.pick(this.stakes());
    const asStaker = staking.connect(this.people.find((person) => person.address === staker));
    const asHolder = staking.connect(this.people.find((person) => person.address === holder));
    const delegations = this.stakes().filter(([owner, delegating]) => owner !== delegating);
    const [delegatedTo, delegator] = dice.pick(delegations.length === 0 ? this.stakes() : delegations);
    const asDelegator = staking.connect(this.people.find((person) => person.address === delegator));
    const movedWei = dice.below(4) === 0 ? ethers.MaxUint256 : this.someOf(delegatedTo, delegator);
    const seated = dice.pick(this.likelyValidators());
    const asSeated = staking.connect(this.people.find((person) => person.address === seated));
    const fractionBps = BigInt(dice.pick([0, 1, 100, 999, 2_500, 5_000, 5_001]));
    const partWei = dice.below(6) === 0 ? ethers.MaxUint256 : this.someOf(stakedIn, staker);
    const ownPartWei = dice.below(3) === 0 ? ethers.MaxUint256 : this.someOf(seated, seated);
    const asSlasher = staking.connect(this.deployed.slasher);
    const ownStakeWei = amountWei * BigInt(1 + dice.below(15)) + 32n * MDT;
    const steps: readonly (Step & { readonly weight: number })[] = [
      {
        weight: 14,
        name: "register",
        send: () => me.registerValidator(account, bps, amountWei + MDT, ethers.MaxUint256, gas),
        mirror: () => {
          model.register(from, account, bps, amountWei + MDT);
        },
      },
      {
        weight: 8,
        name: "register by itself",
        send: () => me.registerValidator(from, bps % 1_800n, ownStakeWei, ethers.MaxUint256, gas),
        mirror: () => {
          model.register(from, from, bps % 1_800n, ownStakeWei);
        },
      },
      {
        weight: 8,
        name: "stake",
        send: () => asSeated.stake(amountWei, gas),
        mirror: () => {
          model.add(seated, seated, amountWei);
        },
      },
      {
        weight: 16,
        name: "delegate",
        send: () => me.delegate(validator, amountWei, gas),
        mirror: () => {
          model.add(from, validator, amountWei);
        },
      },
      {
        weight: 8,
        name: "stake for",
        send: () => me.stakeFor(account, validator, amountWei, gas),
        mirror: () => {
          model.add(account, validator, amountWei);
        },
      },
      {
        weight: 14,
        name: "unstake",
        send: () => asStaker.unstake(stakedIn, partWei, gas),
        mirror: () => {
          model.unstake(staker, stakedIn, partWei);
        },
      },
      {
        weight: 20,
        name: "redelegate",
        send: () => asDelegator.redelegate(delegatedTo, validator, movedWei, gas),
        mirror: () => {
          model.redelegate(delegator, delegatedTo, validator, movedWei);
        },
      },
      {
        weight: 8,
        name: "unstake own",
        send: () => asSeated.unstake(seated, ownPartWei, gas),
        mirror: () => {
          model.unstake(seated, seated, ownPartWei);
        },
      },
      {
        weight: 14,
        name: "withdraw",
        send: () => asHolder.withdraw(heldOf, gas),
        mirror: () => {
          model.withdraw(holder, heldOf);
        },
      },
      {
        weight: 9,
        name: "slash",
        send: () => asSlasher.slash(validator, fractionBps, EVIDENCE, gas),
        mirror: () => {
          model.slash(validator, fractionBps);
        },
      },
      {
        weight: 6,
        name: "set commission",
        send: () => asSeated.setCommission(bps, gas),
        mirror: () => {
          model.setCommission(seated, bps);
        },
      },
      {
        weight: 4,
        name: "set operator",
        send: () => me.setOperator(account, gas),
        mirror: () => {
          model.setOperator(from, account);
        },
      },
      {
        weight: 2,
        name: "resign as operator",
        send: () => me.resignAsOperator(gas),
        mirror: () => {
          model.resignAsOperator(from);
        },
      },
      {
        weight: 8,
        name: "unjail",
        send: () => asSeated.unjail(gas),
        mirror: () => {
          model.unjail(seated);
        },
      },
    ];
    let ticket = dice.below(steps.reduce((sum, { weight }) => sum + weight, 0));
    return steps.find(({ weight }) => (ticket -= weight) < 0)!;
  }

  /** Mostly the holders of seats, sometimes all accounts. */
  private likelyValidators(): readonly string[] {
    const seated = this.model.seatedAt(this.model.next);
    return seated.length === 0 || this.dice.below(8) === 0 ? this.addresses : seated;
  }

  /** All pairs of a validator and an account that ever had stake with it; at least one pair. */
  private holdings(): readonly (readonly [string, string])[] {
    const pairs = [...this.model.validators].flatMap(([validator, { shares }]) =>
      [...shares.keys()].filter((account) => account !== NOBODY).map((account) => [validator, account] as const),
    );
    return pairs.length === 0 ? [[this.addresses[0]!, this.addresses[1]!]] : pairs;
  }

  /** Mostly the pairs with stake now, sometimes all that ever had stake. */
  private stakes(): readonly (readonly [string, string])[] {
    const staked = this.holdings().filter(([validator, account]) =>
      this.model.positionAt(validator, account, Infinity),
    );
    return staked.length === 0 || this.dice.below(8) === 0 ? this.holdings() : staked;
  }

  private someOf(validator: string, account: string): bigint {
    const stakedWei = this.model.positionAt(validator, account, Infinity);
    const choice = this.dice.below(4);
    if (choice === 0) return stakedWei;
    if (choice === 1) return stakedWei + 1n;
    return (stakedWei * BigInt(1 + this.dice.below(99))) / 100n;
  }
}
