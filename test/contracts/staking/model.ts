/**
 * A second, plain implementation of Staking as its manual describes it: no checkpoints, no lazy closing, no packing. Every
 * position is a list of numbers by epoch, and leaving visits every delegator.
 */

export const INDEX_ONE = 10n ** 27n;
const BPS = 10_000n;
const MAX = 2n ** 256n - 1n;

/** A call that the model refuses; the message is the name of the custom error that the contract must revert with. */
export class Refused extends Error {}

/** A value that changes at epochs and keeps its history. */
export class Timeline<T> {
  private readonly changes: { readonly epoch: number; readonly value: T }[] = [];

  constructor(private readonly initial: T) {}

  at(epoch: number): T {
    return this.changes.findLast((change) => change.epoch <= epoch)?.value ?? this.initial;
  }

  latest(): T {
    return this.at(Infinity);
  }

  setFrom(epoch: number, value: T): void {
    while ((this.changes.at(-1)?.epoch ?? -1) >= epoch) this.changes.pop();
    this.changes.push({ epoch, value });
  }

  /** Changes the value of `epoch` and of every later epoch. */
  changeFrom(epoch: number, change: (value: T) => T): void {
    const later = this.changes.filter((entry) => entry.epoch > epoch);
    this.setFrom(epoch, change(this.at(epoch)));
    for (const entry of later) this.changes.push({ epoch: entry.epoch, value: change(entry.value) });
  }
}

/** Holder of the shares that rounding leaves over if the origin of a redelegation is slashed. */
export const NOBODY = "nobody";

/** Stake that is being redelegated from one validator to another, and counts for the latter from epoch `arrival`. */
interface Batch {
  readonly from: string;
  readonly to: string;
  readonly arrival: number;
  shares: bigint;
  readonly parts: { readonly account: string; readonly shares: bigint; readonly index: bigint; held: bigint }[];
  /** Epoch from which it can be withdrawn, if `to` has left meanwhile. */
  exit: number | undefined;
}

export interface ModelParameters {
  readonly genesis: number;
  readonly epochSeconds: number;
  readonly maximumSeats: number;
  readonly seatSafeEpochs: number;
  readonly minimumStakeWei: bigint;
  readonly slashCapBps: bigint;
  readonly exitDelayEpochs: number;
  readonly jailEpochs: number;
}

class Validator {
  readonly index = new Timeline(INDEX_ONE);
  readonly commissionBps = new Timeline(0n);
  readonly jailed = new Timeline(false);
  readonly shares = new Map<string, Timeline<bigint>>();
  /** Exiting shares by account, then by the epoch from which they can be withdrawn. */
  readonly exits = new Map<string, Map<number, bigint>>();
  readonly slashedBps = new Map<number, bigint>();
  isSeated = false;
  releasableEpoch = 0;
  nextRiseEpoch = 0;

  sharesOf(account: string): Timeline<bigint> {
    if (!this.shares.has(account)) this.shares.set(account, new Timeline(0n));
    return this.shares.get(account)!;
  }

  addExit(account: string, epoch: number, shares: bigint): void {
    const exits = this.exits.get(account) ?? new Map<number, bigint>();
    exits.set(epoch, (exits.get(epoch) ?? 0n) + shares);
    this.exits.set(account, exits);
  }
}

export class StakingModel {
  readonly validators = new Map<string, Validator>();
  readonly seats: Timeline<string | undefined>[] = [];
  readonly operatorOf = new Map<string, string>();
  readonly batches: Batch[] = [];
  /** Epoch from which a position may be redelegated again, by validator and account. */
  readonly redelegable = new Map<string, number>();
  /** Wei that each account has deposited and withdrawn, and wei that the contract holds. */
  readonly depositedWei = new Map<string, bigint>();
  readonly withdrawnWei = new Map<string, bigint>();
  balanceWei = 0n;
  slashedWei = 0n;
  now = 0;

  constructor(private readonly parameters: ModelParameters) {}

  get epoch(): number {
    return Math.floor((this.now - this.parameters.genesis) / this.parameters.epochSeconds);
  }

  get next(): number {
    return Math.max(this.epoch + 1, 0);
  }

  private get addedFrom(): number {
    return this.epoch < 0 ? 0 : this.epoch + 2;
  }

  private get withdrawableFrom(): number {
    const { exitDelayEpochs } = this.parameters;
    const group = Math.ceil(exitDelayEpochs / 2);
    return Math.ceil((this.epoch < 0 ? 1 : this.epoch + exitDelayEpochs) / group) * group;
  }

  validator(address: string): Validator {
    if (!this.validators.has(address)) this.validators.set(address, new Validator());
    return this.validators.get(address)!;
  }

  ownerOf(account: string): string | undefined {
    if (this.operatorOf.has(account)) return account;
    return [...this.operatorOf].find(([, operator]) => operator === account)?.[0];
  }

  // ---------------------------------------------------------------------------------------------------------- actions

  register(owner: string, operator: string, commissionBps: bigint, stakeWei: bigint): void {
    const validator = this.validator(owner);
    if (validator.isSeated) throw new Refused("AlreadyRegistered");
    const isFull = this.seats.length === this.parameters.maximumSeats && this.seats.every((seat) => seat.latest());
    const smallest = isFull ? this.smallestSeat() : undefined;
    if (smallest !== undefined && stakeWei <= smallest.totalWei) throw new Refused("StakeNotAboveSmallestSeat");
    const actsFor = operator === owner ? owner : this.ownerOf(operator);
    if (actsFor !== undefined && actsFor !== owner) throw new Refused("OperatorTaken");
    if (commissionBps > 1_800n) throw new Refused("CommissionAboveMaximum");
    const index = validator.index.latest();
    if (index < INDEX_ONE / 65_536n) throw new Refused("IndexExhausted");
    if ((((stakeWei * INDEX_ONE) / index) * index) / INDEX_ONE < this.parameters.minimumStakeWei) {
      throw new Refused("StakeBelowMinimum");
    }
    const namedBy = this.ownerOf(owner);
    if (namedBy !== undefined) this.operatorOf.set(namedBy, namedBy);
    if (smallest !== undefined) this.leave(smallest.holder);
    this.sit(owner);
    this.operatorOf.set(owner, operator);
    validator.isSeated = true;
    validator.commissionBps.setFrom(this.next, commissionBps);
    this.add(owner, owner, stakeWei);
  }

  add(account: string, address: string, amountWei: bigint): void {
    const validator = this.validator(address);
    if (amountWei === 0n) throw new Refused("ZeroAmount");
    if (!validator.isSeated) throw new Refused("NotAValidator");
    const index = validator.index.latest();
    if (index < INDEX_ONE / 65_536n) throw new Refused("IndexExhausted");
    if (this.isArrivingInEndedLife(account, address)) throw new Refused("RedelegationPending");
    const shares = validator.sharesOf(account);
    shares.setFrom(this.addedFrom, shares.latest() + (amountWei * INDEX_ONE) / index);
    this.depositedWei.set(account, (this.depositedWei.get(account) ?? 0n) + amountWei);
    this.balanceWei += amountWei;
  }

  unstake(account: string, address: string, amountWei: bigint): void {
    const validator = this.validator(address);
    const index = validator.index.latest();
    const shares = validator.sharesOf(account);
    const total = shares.latest();
    const leaving = this.sharesToTake(account, address, amountWei);
    const remaining = total - leaving;
    if (account === address) {
      if (remaining === 0n) {
        this.leave(address);
        return;
      }
      if ((remaining * index) / INDEX_ONE < this.parameters.minimumStakeWei) throw new Refused("StakeBelowMinimum");
    }
    const counting = shares.at(this.next);
    const surplus = counting > remaining ? counting - remaining : 0n;
    shares.setFrom(this.next, counting - (surplus < leaving ? surplus : leaving));
    shares.setFrom(this.addedFrom, remaining);
    validator.addExit(account, this.withdrawableFrom, leaving);
  }

  redelegate(account: string, from: string, to: string, amountWei: bigint): void {
    if (account === from || account === to || from === to) throw new Refused("InvalidRedelegation");
    if (this.epoch < 0) throw new Refused("BeforeGenesis");
    const [origin, arrival] = [this.validator(from), this.epoch + 2];
    const leaving = this.sharesToTake(account, from, amountWei);
    if (this.epoch < (this.redelegable.get(`${from} ${account}`) ?? 0)) throw new Refused("RedelegatedRecently");
    const index = origin.index.latest();
    const movedWei = (leaving * index) / INDEX_ONE;
    if (movedWei === 0n) throw new Refused("ZeroAmount");
    if (this.isArriving(account, to)) throw new Refused("RedelegationPending");
    if (!this.validator(to).isSeated) throw new Refused("NotAValidator");
    const targetIndex = this.validator(to).index.latest();
    if (targetIndex < INDEX_ONE / 65_536n) throw new Refused("IndexExhausted");
    const shares = (movedWei * INDEX_ONE) / targetIndex;
    const batch = this.batches.find(
      (known) => known.from === from && known.to === to && known.arrival === arrival && known.exit === undefined,
    ) ?? { from, to, arrival, shares: 0n, parts: [], exit: undefined };
    if (batch.parts.length === 0) {
      const others = this.batches.filter((known) => known.from === from && known.arrival === arrival);
      if (others.length === this.parameters.maximumSeats) throw new Refused("TooManyDestinations");
      this.batches.push(batch);
    }
    batch.shares += shares;
    batch.parts.push({ account, shares, index, held: shares });
    origin.sharesOf(account).setFrom(arrival, origin.sharesOf(account).latest() - leaving);
    const target = this.validator(to).sharesOf(account);
    target.setFrom(arrival, target.latest() + shares);
    this.redelegable.set(`${to} ${account}`, this.epoch + this.parameters.exitDelayEpochs);
  }

  withdraw(account: string, address: string): void {
    if (this.isArrivingInEndedLife(account, address)) throw new Refused("RedelegationPending");
    const amountWei = this.withdrawableWei(account, address);
    if (amountWei === 0n) throw new Refused("NothingToWithdraw");
    const exits = this.validator(address).exits.get(account)!;
    for (const epoch of exits.keys()) if (epoch <= this.epoch) exits.delete(epoch);
    this.withdrawnWei.set(account, (this.withdrawnWei.get(account) ?? 0n) + amountWei);
    this.balanceWei -= amountWei;
  }

  setCommission(owner: string, commissionBps: bigint): void {
    const validator = this.validator(owner);
    if (!validator.isSeated) throw new Refused("NotAValidator");
    const fromBps = validator.commissionBps.latest();
    const isRise = commissionBps > fromBps;
    if (isRise && commissionBps - fromBps > 300n) throw new Refused("CommissionRiseTooSteep");
    if (isRise && this.next < validator.nextRiseEpoch) throw new Refused("CommissionRiseTooSoon");
    if (commissionBps > 1_800n) throw new Refused("CommissionAboveMaximum");
    if (isRise) validator.nextRiseEpoch = this.next + 30;
    validator.commissionBps.setFrom(this.next, commissionBps);
  }

  setOperator(owner: string, operator: string): void {
    if (!this.operatorOf.has(owner)) throw new Refused("NotAValidator");
    const actsFor = this.ownerOf(operator);
    if (actsFor !== undefined && actsFor !== owner) throw new Refused("OperatorTaken");
    this.operatorOf.set(owner, operator);
  }

  resignAsOperator(operator: string): void {
    const owner = this.ownerOf(operator);
    if (owner === undefined || owner === operator) throw new Refused("NotAnOperator");
    this.operatorOf.set(owner, owner);
  }

  slash(address: string, fractionBps: bigint): void {
    if (this.epoch < 0) throw new Refused("BeforeGenesis");
    const validator = this.validator(address);
    const before = validator.slashedBps.get(this.epoch) ?? 0n;
    if (before + fractionBps > this.parameters.slashCapBps) throw new Refused("SlashCapExceeded");
    const index = validator.index.latest();
    const left = (index * (BPS - fractionBps) + BPS - 1n) / BPS;
    const stayingWei = (this.slashableShares(validator) * (index - left)) / INDEX_ONE;
    const leaving = this.batches.filter((batch) => batch.from === address && batch.arrival > this.epoch);
    const slashedWei = leaving.reduce((sum, batch) => sum + this.lossOf(batch, index, left).wei, stayingWei);
    if (slashedWei === 0n) throw new Refused("NothingToSlash");
    for (const batch of leaving) this.slashBatch(batch, index, left);
    validator.index.setFrom(this.epoch, left);
    validator.slashedBps.set(this.epoch, before + fractionBps);
    validator.jailed.setFrom(this.next, true);
    validator.releasableEpoch = this.next + this.parameters.jailEpochs;
    this.slashedWei += slashedWei;
    this.balanceWei -= slashedWei;
  }

  unjail(caller: string): void {
    const owner = this.ownerOf(caller);
    if (owner === undefined || !this.validator(owner).isSeated) throw new Refused("NotAValidator");
    const validator = this.validator(owner);
    const ownWei = (validator.sharesOf(owner).latest() * validator.index.latest()) / INDEX_ONE;
    if (ownWei < this.parameters.minimumStakeWei) throw new Refused("StakeBelowMinimum");
    if (!validator.jailed.latest()) throw new Refused("NotJailed");
    if (this.next < validator.releasableEpoch) throw new Refused("StillJailed");
    validator.jailed.setFrom(this.next, false);
  }

  // ------------------------------------------------------------------------------------------------------------ views

  positionAt(address: string, account: string, epoch: number): bigint {
    const validator = this.validator(address);
    return (validator.sharesOf(account).at(epoch) * validator.index.at(epoch)) / INDEX_ONE;
  }

  totalAt(address: string, epoch: number): bigint {
    const validator = this.validator(address);
    const shares = [...validator.shares.values()].reduce((sum, position) => sum + position.at(epoch), 0n);
    return (shares * validator.index.at(epoch)) / INDEX_ONE;
  }

  seatedAt(epoch: number): string[] {
    return this.seats.map((seat) => seat.at(epoch)).filter((holder) => holder !== undefined);
  }

  activeSet(epoch: number): string[] {
    return this.seatedAt(epoch).filter((address) => {
      const validator = this.validator(address);
      const indexBefore = validator.index.at(epoch - 1);
      const ownWei = (validator.sharesOf(address).at(epoch) * indexBefore) / INDEX_ONE;
      return !validator.jailed.at(epoch) && ownWei >= this.parameters.minimumStakeWei;
    });
  }

  withdrawableWei(account: string, address: string): bigint {
    const validator = this.validator(address);
    return [...(validator.exits.get(account) ?? [])]
      .filter(([epoch]) => epoch <= this.epoch)
      .reduce((sum, [epoch, shares]) => sum + (shares * validator.index.at(epoch - 1)) / INDEX_ONE, 0n);
  }

  pendingExits(account: string, address: string): [bigint, bigint][] {
    const validator = this.validator(address);
    return [...(validator.exits.get(account) ?? [])]
      .filter(([epoch, shares]) => epoch > this.epoch && shares > 0n)
      .sort(([a], [b]) => a - b)
      .map(([epoch, shares]) => [BigInt(epoch), (shares * validator.index.latest()) / INDEX_ONE]);
  }

  /** Everything the contract owes `account`: stake, pending exits and withdrawable amounts. */
  owedWei(account: string): bigint {
    return [...this.validators].reduce((sum, [address, validator]) => {
      const stakedWei = (validator.sharesOf(account).latest() * validator.index.latest()) / INDEX_ONE;
      const pendingWei = this.pendingExits(account, address).reduce((total, [, amountWei]) => total + amountWei, 0n);
      return sum + stakedWei + pendingWei + this.withdrawableWei(account, address);
    }, 0n);
  }

  // --------------------------------------------------------------------------------------------------------- internal

  /** Checks for pending redelegations first, as the contract does: until they arrive, nothing can be taken out. */
  private sharesToTake(account: string, address: string, amountWei: bigint): bigint {
    if (amountWei === 0n) throw new Refused("ZeroAmount");
    if (this.isArriving(account, address)) throw new Refused("RedelegationPending");
    const validator = this.validator(address);
    const [total, index] = [validator.sharesOf(account).latest(), validator.index.latest()];
    const stakedWei = (total * index) / INDEX_ONE;
    if (total === 0n || (amountWei > stakedWei && amountWei !== MAX)) throw new Refused("InsufficientStake");
    return amountWei >= stakedWei ? total : (amountWei * INDEX_ONE + index - 1n) / index;
  }

  private arriving(account: string, address: string): Batch | undefined {
    return this.batches.find(
      ({ to, arrival, parts }) =>
        to === address && arrival > this.epoch && parts.some((part) => part.account === account),
    );
  }

  private isArriving(account: string, address: string): boolean {
    return this.arriving(account, address) !== undefined;
  }

  private isArrivingInEndedLife(account: string, address: string): boolean {
    return this.arriving(account, address)?.exit !== undefined;
  }

  private lossOf(batch: Batch, index: bigint, left: bigint) {
    const shares = (batch.shares * (index - left)) / index;
    return { shares, wei: (shares * this.validator(batch.to).index.latest()) / INDEX_ONE };
  }

  /** Takes from each holder, rounded against it; `NOBODY` holds the rest from rounding. */
  private slashBatch(batch: Batch, index: bigint, left: bigint): void {
    const target = this.validator(batch.to);
    const lost = this.lossOf(batch, index, left).shares;
    batch.shares -= lost;
    const change = (account: string, by: bigint): void => {
      if (batch.exit === undefined) target.sharesOf(account).changeFrom(batch.arrival, (shares) => shares + by);
      else target.addExit(account, batch.exit, by);
    };
    let unassigned = -lost;
    for (const part of batch.parts) {
      const held = (part.shares * left) / part.index;
      change(part.account, held - part.held);
      unassigned -= held - part.held;
      part.held = held;
    }
    change(NOBODY, unassigned);
  }

  private slashableShares(validator: Validator): bigint {
    const staked = [...validator.shares.values()].reduce((sum, position) => sum + position.latest(), 0n);
    const exiting = [...validator.exits.values()].flatMap((exits) => [...exits]);
    return exiting.filter(([epoch]) => epoch > this.epoch).reduce((sum, [, shares]) => sum + shares, staked);
  }

  /** The smallest seat that is no longer safe; the first of several equal ones. */
  private smallestSeat(): { holder: string; totalWei: bigint } {
    const takeable = this.seats
      .filter((_, seat) => this.next > this.takenFrom[seat]! + this.parameters.seatSafeEpochs)
      .map((seat) => ({ holder: seat.latest()!, totalWei: this.totalAt(seat.latest()!, Infinity) }));
    if (takeable.length === 0) throw new Refused("AllSeatsSafe");
    return takeable.reduce((smallest, other) => (other.totalWei < smallest.totalWei ? other : smallest));
  }

  /** Seats given up and not taken since; the last one given up is taken first. */
  private readonly freeSeats: number[] = [];
  /** First epoch of each seat's holder, by seat. */
  private readonly takenFrom: number[] = [];

  private sit(owner: string): void {
    const seat = this.freeSeats.pop() ?? this.seats.push(new Timeline<string | undefined>(undefined)) - 1;
    this.seats[seat]!.setFrom(this.next, owner);
    this.takenFrom[seat] = this.next;
  }

  private leave(address: string): void {
    const validator = this.validator(address);
    validator.isSeated = false;
    for (const [account, shares] of validator.shares) {
      validator.addExit(account, this.withdrawableFrom, shares.latest());
      shares.setFrom(this.next, 0n);
    }
    for (const batch of this.batches) {
      if (batch.to === address && batch.arrival > this.epoch) batch.exit ??= this.withdrawableFrom;
    }
    const seat = this.seats.findIndex((candidate) => candidate.latest() === address);
    this.seats[seat]!.setFrom(this.next, undefined);
    this.freeSeats.push(seat);
  }
}
