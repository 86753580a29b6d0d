/** Reads the events of a deployment into its store, each once, and follows the chain where it is reorganised. */
import { type Hex, pad, type PublicClient, toEventSelector } from "viem";
import { type EventRow, type EventStore, type ReadBlock } from "../../store/eventStore";
import { noProgress, type OnProgress } from "../../core/progress";
import { type Addresses, type ContractKey, deployedContracts } from "../abis";
import { type Confirmations, newestConfirmed } from "../blocks";
import { ContradictionError } from "../contradiction";
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
  /** The newest block that has the network's confirmations; -1 where none has. */
  readonly finalBlock: number;
}

/** A chain that is reorganised so often while it is read is none. */
const attempts = 5;

/**
 * Reads everything up to the head of the chain that the store lacks. Blocks of which the chain says something else by now are
 * forgotten first. What another process adds to the same store meanwhile is not read again.
 * @throws ContradictionError where the endpoint shows another chain each time that it is asked.
 */
export async function follow(followed: Followed): Promise<Reached> {
  const { live, confirmations } = followed;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const { number, hash } = await live.getBlock({ blockTag: "latest" });
    const head: ReadBlock = { number: Number(number), hash };
    const finalBlock = Number(await newestConfirmed(live, number, confirmations));
    const known = await forgetTakenBack(followed, head);
    const isRead = known?.number === head.number || (await readOn(followed, known, head, finalBlock));
    if (isRead) return { headBlock: head.number, finalBlock };
  }
  throw new ContradictionError("An endpoint shows other blocks each time that it is asked.");
}

/** The newest block in the store that the chain still has; what the store holds after it is forgotten. */
async function forgetTakenBack({ live, store }: Followed, head: ReadBlock): Promise<ReadBlock | undefined> {
  const blocks = store.readBlocks();
  let known: ReadBlock | undefined;
  for (const block of blocks) {
    if (block.number > head.number) continue;
    known = (await hashAt(live, block.number, head)) === block.hash ? block : undefined;
    if (known !== undefined) break;
  }
  if (known !== blocks[0]) store.rewind(known?.number);
  return known;
}

async function hashAt(live: PublicClient, number: number, head: ReadBlock): Promise<string> {
  return number === head.number ? head.hash : (await live.getBlock({ blockNumber: BigInt(number) })).hash;
}

/** @returns False where the chain was reorganised or another process wrote, so that what was read may be void. */
async function readOn(
  { live, store, addresses, fromBlock, onProgress = noProgress }: Followed,
  known: ReadBlock | undefined,
  head: ReadBlock,
  finalBlock: number,
): Promise<boolean> {
  const keyOf = keysByAddress(addresses);
  const isFinal = (block: number): boolean => block <= finalBlock;
  let after = known;
  const from = BigInt(known === undefined ? fromBlock : known.number + 1);
  for await (const { toBlock, logs } of readLogRanges(live, filtersOf(addresses), from, BigInt(head.number))) {
    const number = Number(toBlock);
    const end: ReadBlock = { number, hash: await hashAt(live, number, head) };
    if (!store.append(after, rowsOf(logs, keyOf), end, isFinal)) return false;
    after = end;
    onProgress("blocks read for events", number, head.number);
  }
  if ((await live.getBlock({ blockNumber: BigInt(head.number) })).hash === head.hash) return true;
  store.rewind(known?.number);
  return false;
}

/** @throws ContradictionError for a log that its contract can't have emitted, and for two logs in one place. */
function rowsOf(logs: readonly RawLog[], keyOf: ReadonlyMap<string, ContractKey>): readonly EventRow[] {
  return logs.flatMap((log, i) => {
    const next = logs[i + 1];
    if (next?.blockNumber === log.blockNumber && next.logIndex === log.logIndex) {
      throw new ContradictionError(`An endpoint shows two events in one place of block ${log.blockNumber}.`);
    }
    try {
      return rowOf(log, keyOf) ?? [];
    } catch (cause) {
      const sentence = `An endpoint shows an event in block ${log.blockNumber} that its contract can't have emitted.`;
      throw new ContradictionError(sentence, { cause });
    }
  });
}

const silentContracts: ReadonlySet<ContractKey> = new Set(["stakingLens"]);

function keysByAddress(addresses: Addresses): ReadonlyMap<string, ContractKey> {
  const keys = Object.keys(deployedContracts) as ContractKey[];
  return new Map(keys.map((key) => [addresses[deployedContracts[key][0]].toLowerCase(), key]));
}

/** Every event of the system, and of the token's transfers only those in and out of the pool: anybody may make any number. */
function filtersOf(addresses: Addresses): readonly LogFilter[] {
  const token = addresses.ModernTensorToken;
  const transfer = toEventSelector("Transfer(address,address,uint256)");
  const pool: Hex = pad(addresses.RecyclingPool);
  const others = [...keysByAddress(addresses)].flatMap(([, key]) =>
    key === "token" || silentContracts.has(key) ? [] : addresses[deployedContracts[key][0]],
  );
  return [
    { address: others },
    { address: token, topics: [transfer, pool] },
    { address: token, topics: [transfer, null, pool] },
  ];
}
