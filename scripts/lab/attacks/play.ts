import { type Address, type Hex } from "viem";
import { assembleInputs, type Bonds, noBonds } from "../../core/assembleInputs";
import { computeEpoch, type EpochInputs, type EpochResult } from "../../core/computeEpoch";
import { mulDivDown, ONE_IN_BPS, sum, U16_MAX } from "../../core/fixedPoint";
import { encodeScores } from "../../core/scores";
import {
  accountOfDelegation,
  accountOfMiner,
  accountOfSeat,
  blockRewardsWei,
  type Epoch,
  feeOf,
  type Miner,
  type Person,
  type Scores,
  stakeOf,
  type Work,
  type World,
} from "./network";

/** What came of it; people who got or paid nothing are not in the maps. Amounts in wei. */
export interface Outcome {
  readonly incomeWei: ReadonlyMap<Person, bigint>;
  readonly paidWei: ReadonlyMap<Person, bigint>;
  /** By epoch: what was computed, and from what. */
  readonly results: readonly EpochResult[];
  readonly inputs: readonly EpochInputs[];
}

/** Plays all epochs of a world: facts → inputs → rewards, bonds carried on, and books by person. */
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

/** Scores as they travel: what the chain has is bytes. Validators who judge alike share the work of writing them. */
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

/** The pool is empty and the allowance whole: the schedule alone limits what is emitted. */
function fundsOf({ config }: World) {
  return { poolWei: 0n, mintableWei: config.supply.treasuryAllowanceWei };
}

/**
 * Each slot's leader is drawn by stake among the active: everybody is paid what the draw gives on average, and opens and seals as
 * often.
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
