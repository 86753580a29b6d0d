/** The chain as the keeper sees it. */
import { type Address } from "viem";
import { atBlock } from "../../chain/atBlock";
import { type Connection, type SingleEndpoint, type SingleEndpoints } from "../../chain/connection";
import { type ChainEvent } from "../../chain/events/eventTypes";
import { type Deployment } from "../../chain/deployment";
import { type Confirmations, newestFinal, nextTimestamp } from "../../chain/blocks";
import { ContradictionError, requireWholeEvents } from "../../chain/badAnswers";
import { readSettledEpochs, type SettledEpoch } from "../facts/settledEpochs";

/** The chain as the keeper sees it at one moment, everything read at the same head. Times in unix seconds. */
export interface Observation {
  readonly headBlock: bigint;
  readonly headTimestamp: number;
  readonly baseFeePerGasWei: bigint;
  /** The newest block that has the configured confirmations; -1 if none has. */
  readonly finalBlock: bigint;
  /** The time by which epochs are due: the final block's, or the next block's if no confirmations are required. */
  readonly now: number;
  readonly nextEpochToSettle: number;
  /** When that epoch is due. */
  readonly dueAt: number;
  readonly paused: boolean;
  /** The newest settled epoch, if its root is vetoed and not reposted; else null. */
  readonly vetoedEpoch: number | null;
  /** Every settlement on the chain, in order. */
  readonly settled: readonly SettledEpoch[];
  /** How many of them have the configured confirmations. */
  readonly finalEpochs: number;
  /** Number of the keeper's mined transactions: the nonce of its next one. */
  readonly minedTransactions: number;
  readonly keeperBalanceWei: bigint;
}

/**
 * Looks at the chain.
 * @param confirmations How many blocks must lie on top of a block before it is final; `finalized` leaves that to the
 * chain.
 */
export async function look(live: Connection, confirmations: Confirmations, keeper: Address): Promise<Observation> {
  const head = await live.reader.getBlock({ blockTag: "latest" });
  const view = atBlock(live, head.number);
  const { treasury } = view.contracts;
  const [finalBlock, nextEpoch, paused, veto, minedTransactions, keeperBalanceWei] = await Promise.all([
    newestFinal(live.reader, head.number, confirmations),
    treasury.read.nextEpochToSettle(),
    treasury.read.paused(),
    treasury.read.vetoedSettlement(),
    view.reader.getTransactionCount({ address: keeper }),
    view.reader.getBalance({ address: keeper }),
  ]);
  const [dueAt, settled, lastPause, now] = await Promise.all([
    treasury.read.revealEnd([nextEpoch]),
    readSettledEpochs(view),
    view.events.select(["Paused", "Unpaused"], { newest: 1 }),
    timeOf(live, confirmations, finalBlock),
  ]);
  requireWholeEvents("Whether the Treasury is paused", isPausedBy(lastPause[0], head.timestamp), paused);
  requireClockTime(live.deployment, Number(nextEpoch), Number(dueAt));
  return {
    headBlock: head.number,
    headTimestamp: Number(head.timestamp),
    baseFeePerGasWei: head.baseFeePerGas ?? 0n,
    finalBlock,
    now,
    nextEpochToSettle: Number(nextEpoch),
    dueAt: Number(dueAt),
    paused,
    vetoedEpoch: veto[0] ? Number(veto[1]) : null,
    settled,
    finalEpochs: settled.findLastIndex(({ blockNumber }) => blockNumber <= finalBlock) + 1,
    minedTransactions,
    keeperBalanceWei,
  };
}

/** Whether this newest event leaves the Treasury paused; a pause with an end is over without an event. */
function isPausedBy(event: ChainEvent<"Paused" | "Unpaused"> | undefined, timestamp: bigint): boolean {
  return event?.name === "Paused" && (event.args.endsAt === 0n || timestamp < event.args.endsAt);
}

/** An endpoint that reports a later time would keep the epoch from being settled. @throws ContradictionError */
function requireClockTime({ choices, config }: Deployment, epoch: number, dueAt: number): void {
  const { slotSeconds, slotsPerEpoch, revealSlots } = config.clock;
  const right = choices.genesisTimestamp + ((epoch + 1) * slotsPerEpoch + revealSlots) * slotSeconds;
  if (dueAt === right) return;
  const sentence = `Epoch ${epoch} is due at ${dueAt} according to an endpoint, but at ${right} according to the network's clock.`;
  throw new ContradictionError(sentence);
}

/**
 * The time by which epochs are due: the next block's if no confirmations are required, because a development chain
 * without transactions stands still; zero if the chain is too short for any block to be final.
 */
async function timeOf({ reader }: Connection, confirmations: Confirmations, finalBlock: bigint): Promise<number> {
  if (confirmations === 0) return Number(await nextTimestamp(reader));
  if (finalBlock < 0n) return 0;
  const { timestamp } = await reader.getBlock({ blockNumber: finalBlock });
  return Number(timestamp);
}

/** An endpoint showed the chain as it was some blocks ago. */
export class OlderViewError extends Error {
  override readonly name = "OlderViewError";
}

/**
 * Ensures that a chain that ends before a known settlement has really become shorter. While any endpoint still shows
 * that settlement's block, an endpoint that shows less only lags behind, and nothing was dropped.
 * @param headBlock The newest block that was shown.
 * @throws OlderViewError
 */
export async function requireNoOlderView(
  headBlock: bigint,
  known: readonly SettledEpoch[],
  singleEndpoints: SingleEndpoints,
): Promise<void> {
  const newest = known.at(-1);
  if (newest === undefined || headBlock >= newest.blockNumber) return;
  const shown = await Promise.all(singleEndpoints().map((source) => showsBlockOf(source, newest)));
  if (!shown.includes(true)) return;
  throw new OlderViewError(
    `An endpoint shows the chain only up to block ${headBlock}, but block ${newest.blockNumber}, which settled epoch ${newest.settlement.epoch}, still exists.`,
  );
}

/** False if the endpoint lacks the block, or fails. */
async function showsBlockOf(
  { connection: { reader } }: SingleEndpoint,
  { blockNumber, blockHash }: SettledEpoch,
): Promise<boolean> {
  try {
    return (await reader.getBlock({ blockNumber })).hash === blockHash;
  } catch {
    return false;
  }
}
