import { type Address } from "viem";
import { sum } from "../../core/fixedPoint";
import { actingIn, type Adversary } from "./adversaries";
import { type Step } from "./policyRun";
import { type Incomes } from "./years";

/** What an adversary's time in a network came to; amounts in wei. */
export interface Attack {
  readonly name: string;
  readonly kind: Adversary["kind"];
  /** What its validators had staked, and got back in the end. */
  readonly stakeWei: bigint;
  /** Fees of the tasks that it bought, and registrations. */
  readonly spentWei: bigint;
  /** Rewards of its miners and validators, block rewards included. */
  readonly earnedWei: bigint;
  /** What the same stake would have earned with honest scores, without the registration of its seats. */
  readonly honestWei: bigint;
  /** Earned − spent − what honest stake would have earned: below zero where attacking loses. */
  readonly gainWei: bigint;
  /**
   * How much more all honest miners, validators and delegators would have earned in the same epochs had all adversaries
   * been honest; where several act at once it is what others lost to all of them.
   */
  readonly othersLostWei: bigint;
}

/** Adds up what adversaries do to a network, epoch by epoch, beside the same network in which they are honest. */
export class AttackRecorder {
  readonly #records: AttackSums[];
  readonly #adverse: ReadonlySet<Address>;

  constructor(adversaries: readonly Adversary[]) {
    this.#records = adversaries.map((adversary) => new AttackSums(adversary));
    this.#adverse = new Set(this.#records.flatMap(({ accounts }) => [...accounts]));
  }

  /** @param peaceful The same epoch with honest adversaries. */
  add(epoch: number, attacked: Step, peaceful: Step): void {
    const acting = actingIn(this.#records, epoch);
    if (acting.length === 0) return;
    const othersWei = ({ incomes }: Step): bigint => sumOf(incomes, (account) => !this.#adverse.has(account));
    const othersLostWei = othersWei(peaceful) - othersWei(attacked);
    for (const record of acting) record.add(attacked, peaceful, othersLostWei);
  }

  attacks(): readonly Attack[] {
    return this.#records.map((record) => record.attack());
  }
}

/** One adversary's sums over the epochs in which it acts. */
class AttackSums {
  readonly accounts: ReadonlySet<Address>;
  readonly fromEpoch: number;
  readonly untilEpoch: number;
  #spentWei = 0n;
  #earnedWei = 0n;
  #honestWei = 0n;
  #othersLostWei = 0n;

  constructor(private readonly adversary: Adversary) {
    const { miners, validators, fromEpoch, untilEpoch } = adversary;
    this.accounts = new Set([...miners, ...validators].map(({ account }) => account));
    this.fromEpoch = fromEpoch;
    this.untilEpoch = untilEpoch;
  }

  add(attacked: Step, peaceful: Step, othersLostWei: bigint): void {
    const isOwn = (account: Address): boolean => this.accounts.has(account);
    this.#spentWei += this.spentWei(attacked);
    this.#earnedWei += sumOf(attacked.incomes, isOwn);
    this.#honestWei += sumOf(peaceful.incomes, isOwn) - this.spentWei(peaceful);
    this.#othersLostWei += othersLostWei;
  }

  private spentWei({ miners, registrations }: Step): bigint {
    const feesWei = sum(miners.map(({ account, feesWei: paidWei }) => (this.accounts.has(account) ? paidWei : 0n)));
    return (
      feesWei +
      sum(
        registrations.map(({ account, amountWei }) =>
          account !== null && this.accounts.has(account) ? amountWei : 0n,
        ),
      )
    );
  }

  attack(): Attack {
    const { name, kind, validators } = this.adversary;
    return {
      name,
      kind,
      stakeWei: sum(validators.map(({ totalWei }) => totalWei)),
      spentWei: this.#spentWei,
      earnedWei: this.#earnedWei,
      honestWei: this.#honestWei,
      gainWei: this.#earnedWei - this.#spentWei - this.#honestWei,
      othersLostWei: this.#othersLostWei,
    };
  }
}

function sumOf(incomes: Incomes, counts: (account: Address) => boolean): bigint {
  return sum(incomes.map(({ account, amountWei }) => (counts(account) ? amountWei : 0n)));
}
