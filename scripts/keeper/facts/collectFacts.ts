/** The facts of an epoch that is over, whole and checked against the contracts' views. */
import { type Address, type Hex, zeroAddress } from "viem";
import { type Connection } from "../../chain/connection";
import { pageSize } from "../../chain/participants";
import { type EpochFacts, type Funds, type MinerFacts, type ValidatorFacts } from "../../core/assembleInputs";
import { nextTimestamp } from "../../chain/blocks";
import { requireWholeEvents } from "../../chain/badAnswers";
import { readMiners, type RegisteredMiner, readPolicyHistory } from "./registries";
import { lowerCase } from "../../core/address";
import { sum } from "../../core/fixedPoint";
import { type ChainEvent } from "../../chain/events/eventTypes";
import { firstEpochOf, PositionBook, type PositionEvent, type Positions } from "../../core/positions";

/** The reveal window of an epoch is still open, so its facts can change. */
export class EpochNotOverError extends Error {
  override readonly name = "EpochNotOverError";
}

/** A miner with its number of completed tasks, which is only for display: what counts is fees. */
interface CollectedMiner extends MinerFacts {
  readonly completedTasks: number;
}

/** The facts of an epoch. */
export type CollectedFacts = Omit<EpochFacts, "miners"> & { readonly miners: readonly CollectedMiner[] };

/**
 * Reads everything that decides `epoch`, whose reveal window must be over. From then on its views and events never
 * change, so any later block gives the same answers and no archive node is needed. What events add up to must agree
 * with the views.
 * @throws MissingEventsError if an endpoint omitted events.
 */
export async function collectFacts(connection: Connection, epoch: number): Promise<CollectedFacts> {
  const { contracts, deployment, events } = connection;
  // The same for every epoch that is over.
  const [policies, registered, indexOne] = await events.once(collectFacts, () =>
    Promise.all([readPolicyHistory(connection), readMiners(connection), contracts.staking.read.INDEX_ONE()]),
  );
  const [validators, miners, tasks] = await Promise.all([
    readValidators(connection, epoch, indexOne),
    readWork(connection, epoch, registered),
    contracts.taskRegistry.read.epochTasks([BigInt(epoch)]),
  ]);
  await events.trust();
  const { baseRewardWei, halvingIntervalEpochs } = deployment.config.emission;
  return {
    epoch,
    policy: policies.timeline.policyAt(epoch),
    ruleBefore: policies.timeline.policyAt(epoch - 1).validatorRule,
    baseRewardWei,
    halvingIntervalEpochs,
    tasks: { completed: Number(tasks[0]), difficultySumBps: Number(tasks[1]) },
    validators,
    miners,
  };
}

/** What can pay for an emission right now. */
export async function readFunds({ contracts }: Connection): Promise<Funds> {
  const { token, pool, treasury } = contracts;
  const [poolWei, mintableWei] = await Promise.all([pool.read.available(), token.read.mintable([treasury.address])]);
  return { poolWei, mintableWei };
}

/** @throws EpochNotOverError while scores may still be revealed. */
export async function requireOver({ reader, contracts }: Connection, epoch: number): Promise<void> {
  const [revealEnd, now] = await Promise.all([
    contracts.treasury.read.revealEnd([BigInt(epoch)]),
    nextTimestamp(reader),
  ]);
  if (now >= revealEnd) return;
  throw new EpochNotOverError(`Epoch ${epoch} is not due yet: its reveal window closes in ${revealEnd - now} s.`);
}

/** The seated validators, jailed ones too, with their stake, their delegators and what they revealed. */
async function readValidators(
  connection: Connection,
  epoch: number,
  indexOne: bigint,
): Promise<readonly ValidatorFacts[]> {
  const [seated, positions] = await Promise.all([readReveals(connection, epoch), readPositions(connection, epoch)]);
  return seated.map(({ index, ...validator }) => {
    const { account, ownWei, totalWei } = validator;
    const shares = positions.get(account) ?? new Map<Address, bigint>();
    const worth = (held: bigint): bigint => (held * index) / indexOne;
    requireWholeEvents(`The own stake of ${account} in wei`, worth(shares.get(account) ?? 0n), ownWei);
    requireWholeEvents(`The total stake of ${account} in wei`, worth(sum(shares.values())), totalWei);
    const delegations = [...shares]
      .filter(([holder]) => holder !== account && holder !== zeroAddress)
      .map(([holder, held]) => ({ account: holder, stakeWei: worth(held) }));
    return { ...validator, delegations };
  });
}

/**
 * The same without delegators: everything that agreed scores depend on.
 * @throws MissingEventsError if an endpoint omitted events.
 */
export async function readReveals(connection: Connection, epoch: number) {
  const { stakingLens, scoreBoard } = connection.contracts;
  const [seated, payloads] = await Promise.all([
    stakingLens.read.seatedValidators([BigInt(epoch)]),
    readPayloads(connection, epoch),
  ]);
  const commits = await scoreBoard.read.commitsOf([BigInt(epoch), seated.map(({ validator }) => validator)]);
  return seated.map(({ validator, ownWei, totalWei, index, commissionBps }, i) => {
    const account = lowerCase(validator);
    const { isRevealed, minerCount: minersAtCommit } = commits[i]!;
    const payload = payloads.get(account) ?? null;
    requireWholeEvents(`Whether ${account} revealed scores for epoch ${epoch}`, payload !== null, isRevealed);
    return { account, ownWei, totalWei, index, commissionBps, payload, minersAtCommit };
  });
}

/** What was revealed for `epoch`, by validator. */
async function readPayloads({ events }: Connection, epoch: number): Promise<ReadonlyMap<Address, Hex>> {
  const revealed = await events.select(["ScoresRevealed"], { epoch });
  return new Map(revealed.map(({ args }) => [lowerCase(args.validator), args.payload]));
}

/** The miners that had registered by the end of `epoch`, and the work of each that counts for it. */
async function readWork(
  { contracts }: Connection,
  epoch: number,
  miners: readonly RegisteredMiner[],
): Promise<readonly CollectedMiner[]> {
  const registered = miners.filter(({ activeFromEpoch }) => activeFromEpoch <= epoch + 1);
  const pages = await Promise.all(
    Array.from({ length: Math.ceil(registered.length / pageSize) }, (_, page) =>
      contracts.taskRegistry.read.minerWork([BigInt(epoch), BigInt(page * pageSize + 1), BigInt(pageSize)]),
    ),
  );
  const work = pages.flat();
  return registered.map(({ account }, index) => ({ account: lowerCase(account), ...work[index]! }));
}

/** The events that change positions. */
const names = ["StakeChanged", "ValidatorLeft", "Redelegated", "Slashed"] as const;

/** Events that are read at first, because few positions change in an epoch; doubled whenever this was not enough. */
const firstEventsAtOnce = 16;
const mostEventsAtOnce = 1_024;

/** Positions, and the last event that was applied to them. */
interface Kept {
  readonly book: PositionBook;
  last: { readonly block: number; readonly log: number };
}

/** Key under which the last computed positions are kept. */
const key = {};

/**
 * Everyone's shares that count for `epoch`, from Staking's events. Continues from the positions of an earlier epoch if
 * they are known, so that each event is read once while epochs follow each other.
 */
export async function readPositions({ events }: Connection, epoch: number): Promise<Positions> {
  const known = await events.take<Kept>(key);
  const kept = known === undefined || known.book.epoch > epoch ? newBook() : known;
  let limit = firstEventsAtOnce;
  for (let isOver = false; !isOver; limit = Math.min(2 * limit, mostEventsAtOnce)) {
    const next = await events.select(names, { after: kept.last, limit });
    isOver = next.length < limit;
    for (const event of next) {
      const change = changeOf(event);
      isOver ||= firstEpochOf(change) > epoch;
      if (firstEpochOf(change) > epoch) break;
      kept.book.apply(change);
      kept.last = { block: event.block, log: event.log };
    }
  }
  const positions = new Map([...kept.book.positionsIn(BigInt(epoch))].map(([of, shares]) => [of, new Map(shares)]));
  await events.keep(key, kept.last.block, kept);
  return positions;
}

function newBook(): Kept {
  return { book: new PositionBook(), last: { block: -1, log: 0 } };
}

function changeOf(event: ChainEvent<(typeof names)[number]>): PositionEvent {
  switch (event.name) {
    case "ValidatorLeft":
      return { kind: "validatorLeft", ...event.args, validator: lowerCase(event.args.validator) };
    case "Slashed":
      return { kind: "slashed", ...event.args, validator: lowerCase(event.args.validator) };
    case "Redelegated": {
      const { from, to, account } = event.args;
      return { kind: "redelegated", ...event.args, ...lowerCased({ from, to, account }) };
    }
    case "StakeChanged": {
      const { validator, account } = event.args;
      return { kind: "stakeChanged", ...event.args, ...lowerCased({ validator, account }) };
    }
  }
}

function lowerCased<K extends string>(addresses: Readonly<Record<K, Address>>): Readonly<Record<K, Address>> {
  return Object.fromEntries(
    Object.entries<Address>(addresses).map(([name, address]) => [name, lowerCase(address)]),
  ) as Record<K, Address>;
}
