/** Reads the events of a deployment into its store, each once, and follows reorganisations of the chain. */
import { type Hex, pad, type PublicClient, toEventSelector } from "viem";
import { type EventRow, type EventStore, type ReadBlock } from "../../store/eventStore";
import { noProgress, type OnProgress } from "../../core/progress";
import { type Addresses, type ContractKey, deployedContracts } from "../abis";
import { type Confirmations, newestFinal } from "../blocks";
import { ContradictionError } from "../badAnswers";
import { type LogFilter, type RawLog, readLogRanges } from "../logs";
import { rowOf } from "./eventTypes";

/** What is followed, and how. */
export interface Followed {
  /** The chain as it is now, not as of a block. */
  readonly live: PublicClient;
  readonly store: EventStore;
  readonly addresses: Addresses;
  /** The first block that can hold an event. */
  readonly fromBlock: number;
  readonly confirmations: Confirmations;
  readonly onProgress?: OnProgress | undefined;
}

/** How far the chain was read. */
export interface Reached {
  /** The newest block whose events are in the store. */
  readonly headBlock: number;
  /** The newest block that has the network's confirmations; -1 if none has. */
  readonly finalBlock: number;
}

/**
 * Most blocks before the head that are read again: no endpoint lags by this many, and late finality must not add more.
 */
const longestTail = 500;

/**
 * Brings the store up to the head of the chain. The events of a block are final only if they were read while the block
 * was final: an endpoint that lags by a few blocks, and answers instead of another, omits events of the newest blocks.
 * So each reading begins after the last block that was read while final.
 */
export async function follow(followed: Followed): Promise<Reached> {
  const { live, confirmations } = followed;
  for (;;) {
    const { number, hash } = await live.getBlock({ blockTag: "latest" });
    const head: ReadBlock = { number: Number(number), hash };
    const finalBlock = Number(await newestFinal(live, number, confirmations));
    const known = await forgetTakenBack(followed, head);
    const isRead = await readOn(followed, known, head, Math.max(finalBlock, head.number - longestTail));
    if (isRead) return { headBlock: head.number, finalBlock };
  }
}

/**
 * The newest block that was read while final and is still on the chain. If a newer one is not, the store forgets
 * everything after this one.
 */
async function forgetTakenBack({ live, store }: Followed, head: ReadBlock): Promise<ReadBlock | undefined> {
  let known = store.lastRead(head.number);
  while (known !== undefined && (await blockAt(live, known.number, head)).hash !== known.hash) {
    known = store.lastRead(known.number - 1);
  }
  if (known?.number !== store.lastRead()?.number) store.rewind(known?.number);
  return known;
}

async function blockAt(live: PublicClient, number: number, head: ReadBlock): Promise<ReadBlock> {
  return number === head.number ? head : { number, hash: (await live.getBlock({ blockNumber: BigInt(number) })).hash };
}

/**
 * @param lastForGood Events up to this block are final.
 * @returns False if another process wrote, so that this reading may not fit what the store has now.
 */
async function readOn(
  { live, store, addresses, fromBlock, onProgress = noProgress }: Followed,
  known: ReadBlock | undefined,
  head: ReadBlock,
  lastForGood: number,
): Promise<boolean> {
  const keyOf = keysByAddress(addresses);
  const from = known === undefined ? fromBlock : known.number + 1;
  // Before the logs: if they are of other blocks, the next reading finds another hash.
  const last = lastForGood < from ? undefined : await blockAt(live, lastForGood, head);
  let newest = known;
  const ranges = readLogRanges(live, filtersOf(addresses), BigInt(from), BigInt(head.number));
  for await (const { fromBlock: first, toBlock, logs } of ranges) {
    const end = Number(toBlock);
    const forGood = end < lastForGood ? await blockAt(live, end, head) : last;
    if (!store.replace(newest, { first: Number(first), end, events: rowsOf(logs, keyOf), forGood })) return false;
    newest = forGood ?? newest;
    // At the head there is nothing left to wait for.
    if (end < head.number) onProgress("blocks read for events", end, head.number);
  }
  return true;
}

/** @throws ContradictionError for a log that its contract can't have emitted, and for two logs at one position. */
function rowsOf(logs: readonly RawLog[], keyOf: ReadonlyMap<string, ContractKey>): readonly EventRow[] {
  return logs.flatMap((log, i) => {
    const next = logs[i + 1];
    if (next?.blockNumber === log.blockNumber && next.logIndex === log.logIndex) {
      throw new ContradictionError(`An endpoint shows two events at the same position of block ${log.blockNumber}.`);
    }
    try {
      return rowOf(log, keyOf) ?? [];
    } catch (cause) {
      const sentence = `An endpoint shows an event in block ${log.blockNumber} that its contract can't emit.`;
      throw new ContradictionError(sentence, { cause });
    }
  });
}

/** Contracts whose events are not read: they have none, or anyone may emit any number and views say the same. */
const unreadContracts: ReadonlySet<ContractKey> = new Set(["stakingLens", "directory"]);

function keysByAddress(addresses: Addresses): ReadonlyMap<string, ContractKey> {
  const keys = Object.keys(deployedContracts) as ContractKey[];
  return new Map(keys.map((key) => [addresses[deployedContracts[key][0]].toLowerCase(), key]));
}

/**
 * Every event of the system, but only transfers of the token in and out of the pool: anyone may make any number of
 * others.
 */
function filtersOf(addresses: Addresses): readonly LogFilter[] {
  const token = addresses.ModernTensorToken;
  const transfer = toEventSelector("Transfer(address,address,uint256)");
  const pool: Hex = pad(addresses.RecyclingPool);
  const others = [...keysByAddress(addresses)].flatMap(([, key]) =>
    key === "token" || unreadContracts.has(key) ? [] : addresses[deployedContracts[key][0]],
  );
  return [
    { address: others },
    { address: token, topics: [transfer, pool] },
    { address: token, topics: [transfer, null, pool] },
  ];
}
