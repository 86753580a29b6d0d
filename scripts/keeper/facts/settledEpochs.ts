/** What the Treasury settled: every epoch, what became of its root, its figures, and what could pay for it. */
import { type Address, type Hex } from "viem";
import { type Connection } from "../../chain/connection";
import { type Fold } from "../../chain/events/eventLog";
import { type ChainEvent } from "../../chain/events/eventTypes";
import { type Funds } from "../../core/assembleInputs";
import { lowerCase } from "../../core/address";
import { type Settlement } from "../../core/settlement";
import { requireWholeEvents } from "../../chain/badAnswers";

/** A root that was posted instead of a vetoed one. */
export interface Repost {
  readonly root: Hex;
  readonly inputsHash: Hex;
  /** The part of the epoch's rewards that went back to the pool, and whether any could. */
  readonly returnedWei: bigint;
  readonly isReturnable: boolean;
  readonly blockNumber: bigint;
  readonly transactionHash: Hex;
}

/** The validators whose signatures settled an epoch, with how much of its stake signed, and how much was needed. */
export interface SettledBy {
  readonly validators: readonly Address[];
  readonly signedWei: bigint;
  readonly neededWei: bigint;
}

/** An epoch as the Treasury settled it. Amounts in wei. */
export interface SettledEpoch {
  readonly settlement: Settlement;
  readonly mintedWei: bigint;
  readonly recycledWei: bigint;
  readonly totalSupplyWei: bigint;
  /** Null if a keeper settled alone. */
  readonly signed: SettledBy | null;
  /** What the pool held right before it was settled, and what the Treasury had minted by then. */
  readonly poolBeforeWei: bigint;
  readonly mintedBeforeWei: bigint;
  readonly blockNumber: bigint;
  readonly blockHash: Hex;
  readonly transactionHash: Hex;
  /** In order; empty unless a root of the epoch was vetoed. */
  readonly reposts: readonly Repost[];
  /** Whether the root that the epoch posted last was vetoed, and not reposted. */
  readonly isVetoed: boolean;
  /**
   * False once a root of the epoch was vetoed that could already be claimed against: then no repost returns any of its
   * rewards.
   */
  readonly isReturnable: boolean;
}

/** A root that the guardian removed. */
export interface Veto {
  readonly root: Hex;
  /** The last epoch that posted it. */
  readonly epoch: number;
  readonly transactionHash: Hex;
}

/** What the Treasury's events say about its settlements. */
export interface Settlements {
  readonly settled: readonly SettledEpoch[];
  /** Every veto whose root was not reposted, in order. */
  readonly vetoes: readonly Veto[];
}

/** The root that an epoch posted last, vetoed or not. */
export function rootOf({ settlement, reposts }: Pick<SettledEpoch, "settlement" | "reposts">): Hex {
  return reposts.at(-1)?.root ?? settlement.rewardsRoot;
}

/** Only the settled epochs of readSettlements. */
export async function readSettledEpochs(connection: Connection): Promise<readonly SettledEpoch[]> {
  return (await readSettlements(connection)).settled;
}

/**
 * Every epoch settled so far, in order, with what became of its root: from events alone, so no archive endpoint is
 * needed. Later calls return the same object for an epoch as long as it is final and nothing more happened to it.
 * @throws MissingEventsError if the number of settled epochs, or the pool's balance, is not what the events add up to.
 */
export async function readSettlements({ reader, contracts, events }: Connection): Promise<Settlements> {
  const { pool, treasury } = contracts;
  const blockNumber = await reader.getBlockNumber();
  const at = { blockNumber };
  const [{ settled, vetoes, poolWei }, nextEpoch, availableWei] = await Promise.all([
    events.at(blockNumber).fold(booked(lowerCase(pool.address))),
    treasury.read.nextEpochToSettle(at),
    pool.read.available(at),
  ]);
  requireWholeEvents("The next epoch to settle", BigInt(settled.length), nextEpoch);
  requireWholeEvents("The pool's balance in wei", poolWei, availableWei);
  return { settled, vetoes };
}

/** What could pay for an epoch right before it was settled. */
export async function fundsBefore(
  connection: Connection,
  { poolBeforeWei, mintedBeforeWei }: SettledEpoch,
): Promise<Funds> {
  const allowanceWei = await connection.events.once(fundsBefore, () => readAllowance(connection));
  return { poolWei: poolBeforeWei, mintableWei: allowanceWei - mintedBeforeWei };
}

/** The Treasury's lifetime allowance, which never changes: what it may still mint plus what it has minted. */
async function readAllowance({ reader, contracts, events }: Connection): Promise<bigint> {
  const { token, pool, treasury } = contracts;
  const blockNumber = await reader.getBlockNumber();
  const [{ mintedWei }, mintableWei] = await Promise.all([
    events.at(blockNumber).fold(booked(lowerCase(pool.address))),
    token.read.mintable([treasury.address], { blockNumber }),
  ]);
  return mintableWei + mintedWei;
}

interface SettlementBook {
  settled: SettledEpoch[];
  vetoes: Veto[];
  poolWei: bigint;
  mintedWei: bigint;
  /** The newest event of a quorum: it comes right before its settlement. */
  signed: ChainEvent<"SettlementSigned"> | undefined;
  /** The pool's balance before the newest transaction that moved it. */
  before: { readonly transactionHash: Hex; readonly poolWei: bigint } | undefined;
}

const booksByPool = new Map<string, Fold<SettlementBook>>();

/** Settlements, vetoes and reposts, together with the pool's balance. */
function booked(pool: string): Fold<SettlementBook> {
  const known = booksByPool.get(pool);
  if (known !== undefined) return known;
  const fold: Fold<SettlementBook> = {
    names: ["EpochSettled", "SettlementSigned", "RootVetoed", "RootReposted", "Transfer"],
    start: () => ({ settled: [], vetoes: [], poolWei: 0n, mintedWei: 0n, signed: undefined, before: undefined }),
    copy: (book) => ({ ...book, settled: [...book.settled], vetoes: [...book.vetoes] }),
    apply: (book, event) => {
      switch (event.name) {
        case "EpochSettled":
          settle(book, event);
          break;
        case "SettlementSigned":
          book.signed = event;
          break;
        case "RootVetoed":
          veto(book, event);
          break;
        case "RootReposted":
          repost(book, event);
          break;
        case "Transfer":
          move(book, event, pool);
      }
    },
  };
  booksByPool.set(pool, fold);
  return fold;
}

function settle(book: SettlementBook, event: ChainEvent<"EpochSettled">): void {
  const { args, block, blockHash, transactionHash } = event;
  const { before, signed } = book;
  const by =
    signed?.transactionHash === transactionHash && signed.args.epoch === args.settlement.epoch ? signed.args : null;
  book.settled.push({
    settlement: args.settlement,
    mintedWei: args.minted,
    recycledWei: args.recycled,
    totalSupplyWei: args.totalSupply,
    signed: by && { validators: by.validators, signedWei: by.signedWei, neededWei: by.neededWei },
    poolBeforeWei: before?.transactionHash === transactionHash ? before.poolWei : book.poolWei,
    mintedBeforeWei: book.mintedWei,
    blockNumber: BigInt(block),
    blockHash,
    transactionHash,
    reposts: [],
    isVetoed: false,
    isReturnable: true,
  });
  book.mintedWei += args.minted;
}

function veto(book: SettlementBook, { args, transactionHash }: ChainEvent<"RootVetoed">): void {
  const epoch = Number(args.epoch);
  book.vetoes.push({ root: args.root, epoch, transactionHash });
  const own = book.settled[epoch];
  if (own === undefined) return;
  book.settled[epoch] = { ...own, isVetoed: true, isReturnable: own.isReturnable && !args.wasClaimable };
}

function repost(book: SettlementBook, { args, block, transactionHash }: ChainEvent<"RootReposted">): void {
  const { root, inputsHash, returned: returnedWei } = args;
  const epoch = Number(args.epoch);
  book.vetoes = book.vetoes.filter((vetoed) => vetoed.root !== root);
  const own = book.settled[epoch];
  if (own === undefined) return;
  const { isReturnable } = own;
  const reposted = { root, inputsHash, returnedWei, isReturnable, blockNumber: BigInt(block), transactionHash };
  book.settled[epoch] = { ...own, reposts: [...own.reposts, reposted], isVetoed: false };
}

function move(book: SettlementBook, { args, transactionHash }: ChainEvent<"Transfer">, pool: string): void {
  if (book.before?.transactionHash !== transactionHash) book.before = { transactionHash, poolWei: book.poolWei };
  if (lowerCase(args.to) === pool) book.poolWei += args.value;
  if (lowerCase(args.from) === pool) book.poolWei -= args.value;
}

/** An epoch's figures for monitoring a network. Amounts in wei. */
export interface EpochFigures {
  readonly epoch: number;
  readonly utilityWad: bigint;
  readonly qualityWad: bigint;
  readonly emissionWei: bigint;
  readonly mintedWei: bigint;
  readonly recycledWei: bigint;
  readonly burnedWei: bigint;
  readonly minerRewardsWei: bigint;
  readonly validatorRewardsWei: bigint;
  readonly daoWei: bigint;
  readonly returnedWei: bigint;
  /** Supply of MDT right after the settlement. */
  readonly totalSupplyWei: bigint;
}

/** The figures of settled epochs, in order. */
export function figuresOf(settled: readonly SettledEpoch[]): readonly EpochFigures[] {
  return settled.map(({ settlement, mintedWei, recycledWei, totalSupplyWei }) => ({
    epoch: Number(settlement.epoch),
    utilityWad: settlement.utilityWad,
    qualityWad: settlement.qualityWad,
    emissionWei: settlement.emission,
    mintedWei,
    recycledWei,
    burnedWei: settlement.burnedUnmetQuota + settlement.burnedQualityPenalty,
    minerRewardsWei: settlement.minerRewards,
    validatorRewardsWei: settlement.validatorRewards,
    daoWei: settlement.daoShare,
    returnedWei: settlement.returned,
    totalSupplyWei,
  }));
}
