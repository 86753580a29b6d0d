import { type Address, type Hex, numberToHex } from "viem";
import { type NetworkConfig } from "../../config/networkConfig";
import { assembleInputs, type Bonds, noBonds } from "../../core/assembleInputs";
import { computeEpoch, type EpochInputs, type EpochResult } from "../../core/computeEpoch";
import { mulDivDown, ONE_IN_BPS, sum, U16_MAX } from "../../core/fixedPoint";
import { type Policy } from "../../core/policy/policy";
import { encodeScores } from "../../core/scores";
import { halvedFeeWei } from "../../core/policy/bounds";

/** Someone whose income is counted: "attacker", "dao", or any other name that an attack chooses. */
export type Person = string;

/** Tasks of one type that a client pays for and the miner completes. */
export interface Work {
  readonly client: Person;
  /** Place of the type in the network's configuration. */
  readonly type: number;
  readonly count: number;
  /** The fee of each task; if missing, the type's minimum in the epoch. */
  readonly feeWei?: bigint;
  readonly isProven?: boolean;
}

/** A registered miner in an epoch; its place in the list is the same in every epoch. */
export interface Miner {
  readonly person: Person;
  /** What its work is worth: the score that an honest validator gives. */
  readonly worthBps: number;
  readonly work: readonly Work[];
}

/** The score that a validator gives a miner, in basis points; null if it gives none. */
export type Scores = (miner: Miner, place: number) => number | null;

/** A seated validator in an epoch. Its place is the same in every epoch; a validator that is gone has no stake. */
export interface Seat {
  readonly person: Person;
  readonly stakeWei: bigint;
  /** Null if it reveals nothing. */
  readonly scores: Scores | null;
  /** A jailed validator keeps its seat, leads no slots and can't reveal. */
  readonly isJailed?: boolean;
  readonly commissionBps?: number;
  readonly delegations?: readonly { readonly person: Person; readonly stakeWei: bigint }[];
}

export interface Epoch {
  readonly seats: readonly Seat[];
  readonly miners: readonly Miner[];
}

/** What someone pays besides fees, in wei: a registration, a slash. */
export interface Payment {
  readonly person: Person;
  readonly amountWei: bigint;
}

/** A network over some epochs, each of them played by the keeper's own core. */
export interface World {
  readonly config: NetworkConfig;
  readonly policy: Policy;
  readonly firstEpoch: number;
  readonly epochs: readonly Epoch[];
  readonly payments?: readonly Payment[];
  /** Who holds the DAO. */
  readonly dao?: Person;
}

/** What everyone got and paid, in wei. People who got or paid nothing are not in the maps. */
export interface Outcome {
  readonly incomeWei: ReadonlyMap<Person, bigint>;
  readonly paidWei: ReadonlyMap<Person, bigint>;
  /** By epoch: the results, and the inputs that they were computed from. */
  readonly results: readonly EpochResult[];
  readonly inputs: readonly EpochInputs[];
}

/** What someone earned, in wei. */
export function incomeOf({ incomeWei }: Outcome, person: Person): bigint {
  return incomeWei.get(person) ?? 0n;
}

/** Plays all epochs of a world (facts → inputs → rewards), carries bonds along, and keeps books by person. */
export function play(world: World): Outcome {
  const incomeWei = new Map<Person, bigint>();
  const paidWei = new Map<Person, bigint>();
  const results: EpochResult[] = [];
  const inputs: EpochInputs[] = [];
  let bonds: Bonds = noBonds;
  for (const { person, amountWei } of world.payments ?? []) book(paidWei, person, amountWei);
  world.epochs.forEach((happening, index) => {
    const epoch = world.firstEpoch + index;
    for (const { work } of happening.miners) {
      for (const task of work) book(paidWei, task.client, BigInt(task.count) * feeOf(world, epoch, task));
    }
    const assembled = assembleInputs(factsOf(world, epoch, happening), fundsOf(world), bonds);
    bonds = assembled.bonds;
    const result = computeEpoch(assembled.inputs);
    results.push(result);
    inputs.push(assembled.inputs);
    const people = peopleOf(happening);
    for (const { account, amountWei } of [...result.miners.rewards, ...result.validators.rewards]) {
      book(incomeWei, people.get(account)!, amountWei);
    }
    book(incomeWei, world.dao ?? "dao", result.daoWei);
    bookBlocks(world, happening, incomeWei);
  });
  return { incomeWei, paidWei, results, inputs };
}

function factsOf(world: World, epoch: number, { seats, miners }: Epoch) {
  const { config, policy } = world;
  const tasks = miners.flatMap(({ work }) => work);
  const payloads = new Map<Scores, Hex>();
  const feesOf = (work: readonly Work[]) => sum(work.map((task) => BigInt(task.count) * feeOf(world, epoch, task)));
  return {
    epoch,
    policy,
    ruleBefore: policy.validatorRule,
    baseRewardWei: config.emission.baseRewardWei,
    halvingIntervalEpochs: config.emission.halvingIntervalEpochs,
    tasks: {
      completed: tasks.reduce((total, { count }) => total + count, 0),
      difficultySumBps: tasks.reduce(
        (total, { count, type }) => total + count * config.tasks.types[type]!.difficultyBps,
        0,
      ),
    },
    validators: seats.map((seat, place) => ({
      account: accountOfSeat(place),
      ownWei: seat.stakeWei,
      totalWei: stakeOf(seat),
      commissionBps: seat.commissionBps ?? 0,
      delegations: (seat.delegations ?? []).map(({ stakeWei }, index) => ({
        account: accountOfDelegation(place, index),
        stakeWei,
      })),
      payload: seat.scores === null ? null : payloadOf(seat.scores, miners, payloads),
      minersAtCommit: miners.length,
    })),
    miners: miners.map(({ work }, place) => ({
      account: accountOfMiner(place),
      feesWei: feesOf(work),
      provenFeesWei: feesOf(work.filter(({ isProven }) => isProven)),
    })),
  };
}

/** Scores as bytes, as the chain has them. Validators with the same scores share the work of encoding them. */
function payloadOf(scores: Scores, miners: readonly Miner[], known: Map<Scores, Hex>): Hex {
  const payload =
    known.get(scores) ??
    encodeScores(
      miners.flatMap((miner, place) => {
        const scoreBps = scores(miner, place);
        return scoreBps === null
          ? []
          : [{ minerId: place + 1, scoreU16: Math.round((U16_MAX * scoreBps) / ONE_IN_BPS) }];
      }),
    );
  known.set(scores, payload);
  return payload;
}

/** The pool is empty and the allowance untouched, so only the schedule limits the emission. */
function fundsOf({ config }: World) {
  return { poolWei: 0n, mintableWei: config.supply.treasuryAllowanceWei };
}

/**
 * Each slot's leader is drawn by stake among the active validators. Books the average of that draw: all block rewards,
 * those for opening and sealing included, split by stake.
 */
function bookBlocks({ config }: World, { seats }: Epoch, incomeWei: Map<Person, bigint>): void {
  const active = seats.filter(({ isJailed }) => isJailed !== true);
  const totalWei = sum(active.map(stakeOf));
  if (totalWei === 0n) return;
  const rewardsWei = blockRewardsWei(config);
  for (const seat of active) book(incomeWei, seat.person, mulDivDown(rewardsWei, stakeOf(seat), totalWei));
}

function peopleOf({ seats, miners }: Epoch): ReadonlyMap<Address, Person> {
  return new Map([
    ...seats.map(({ person }, place) => [accountOfSeat(place), person] as const),
    ...seats.flatMap(({ delegations = [] }, place) =>
      delegations.map(({ person }, index) => [accountOfDelegation(place, index), person] as const),
    ),
    ...miners.map(({ person }, place) => [accountOfMiner(place), person] as const),
  ]);
}

function book(books: Map<Person, bigint>, person: Person, amountWei: bigint): void {
  books.set(person, (books.get(person) ?? 0n) + amountWei);
}

/** A seat's own stake and its delegations, in wei. */
function stakeOf({ stakeWei, delegations = [] }: Seat): bigint {
  return stakeWei + sum(delegations.map((one) => one.stakeWei));
}

/** The fee of each task in an epoch, in wei. */
function feeOf({ config }: World, epoch: number, { type, feeWei }: Work): bigint {
  const { tasks, emission } = config;
  return feeWei ?? halvedFeeWei(tasks.types[type]!.minimumFeeWei, epoch, emission.halvingIntervalEpochs);
}

/** What an epoch pays in block rewards: one for each slot, one for opening it and one for sealing it. */
export function blockRewardsWei({ clock, emission }: NetworkConfig): bigint {
  return emission.blockRewardWei * BigInt(clock.slotsPerEpoch + 2);
}

/** The account of the validator at a place, from 0. */
const accountOfSeat = (place: number): Address => numberToHex(0x10_0000 + place, { size: 20 });

/** The account of a delegation, by its seat and its place there. */
const accountOfDelegation = (place: number, index: number): Address =>
  numberToHex(0x20_0000 + place * 0x100 + index, { size: 20 });

/** The account of the miner at a place, from 0. */
export const accountOfMiner = (place: number): Address => numberToHex(0x30_0000 + place, { size: 20 });
