/** What a validator is to sign, as this node computes it itself from confirmed blocks; or why it signs nothing. */
import { type Hex } from "viem";
import { atBlock } from "../../../chain/atBlock";
import { newestConfirmed } from "../../../chain/blocks";
import { type Connection } from "../../../chain/connection";
import { type Settlement } from "../../../core/settlement";
import { type EpochArchive } from "../../../keeper/archive/epochArchive";
import { readSettlements, rootOf, type Settlements } from "../../../keeper/facts/settledEpochs";
import { type RepostMessage } from "../../../keeper/quorum/signedSettlement";
import { sanityOfPrepared } from "../../../keeper/run/preparedSanity";
import { SettlementDiffersError } from "../../../keeper/settle/carriedInto";
import { prepareSettlement } from "../../../keeper/settle/settlementCall";
import { prepareRepost } from "../../../keeper/settle/repostEpoch";

/** The chain as of a block that is final. */
export interface ConfirmedView {
  readonly chain: Connection;
  readonly block: bigint;
  readonly blockHash: Hex;
  /** Unix seconds. */
  readonly timestamp: number;
  readonly settlements: Settlements;
  /** The settlements as far as what follows depends on them, in words. */
  readonly before: string;
}

/** Why nothing is signed. */
export interface Refusal {
  readonly kind: "refused";
  /** What was found, without a full stop. */
  readonly reason: string;
  /** Whether it is signed once a human has accepted the epoch. */
  readonly mayBeAccepted: boolean;
}

export const refusal = (reason: string, mayBeAccepted = false): Refusal => ({ kind: "refused", reason, mayBeAccepted });

/** What is to be signed, or why nothing is. */
export type ToSign<T> = { readonly kind: "ready"; readonly message: T } | Refusal;

/** What computing takes. */
export interface ComputingWays {
  readonly connection: Connection;
  readonly archive: EpochArchive;
  readonly stopping: AbortSignal;
  /** The epoch that a human has looked at and wants signed. */
  readonly acceptedEpoch: () => number | undefined;
}

/**
 * The chain as of its newest confirmed block, seen from `headBlock`; undefined where no block is confirmed.
 * @param last The view before: nothing is read again where it has the same block.
 */
export async function viewConfirmed(
  connection: Connection,
  headBlock: bigint,
  last?: ConfirmedView,
): Promise<ConfirmedView | undefined> {
  const { confirmations } = connection.deployment.config.keeper;
  const block = await newestConfirmed(connection.reader, headBlock, confirmations);
  if (block < 0n) return undefined;
  if (block === last?.block) return last;
  const chain = atBlock(connection, block);
  const [{ hash, timestamp }, settlements] = await Promise.all([chain.reader.getBlock(), readSettlements(chain)]);
  const before = inWords(settlements);
  return { chain, block, blockHash: hash, timestamp: Number(timestamp), settlements, before };
}

function inWords({ settled, vetoes }: Settlements): string {
  const last = settled.at(-1);
  if (last === undefined) return "nothing is settled";
  const { transactionHash } = last.reposts.at(-1) ?? last;
  const vetoed = vetoes.map(({ root }) => root).join(", ");
  const epoch = `epoch ${settled.length - 1} has the root ${rootOf(last)} by transaction ${transactionHash}`;
  return vetoed === "" ? epoch : `${epoch}, and vetoed is ${vetoed}`;
}

/** The settlement of the next epoch, which is due. */
export function settlementToSign(ways: ComputingWays, view: ConfirmedView): Promise<ToSign<Settlement>> {
  const { connection, archive, stopping, acceptedEpoch } = ways;
  const { settled } = view.settlements;
  const epoch = settled.length;
  // Without confirmations the block that makes the epoch due need not be mined yet.
  const chain = connection.deployment.config.keeper.confirmations === 0 ? connection : view.chain;
  return unlessDifferent(async () => {
    const prepared = await prepareSettlement(chain, archive, epoch, {
      onComputed: () => {
        stopping.throwIfAborted();
      },
    });
    const { settlement } = prepared.computed;
    const sanity = sanityOfPrepared(connection, settled, prepared);
    if (sanity.kind === "impossible") return refusal(sanity.reason);
    if (sanity.kind === "unusual" && acceptedEpoch() !== epoch) return refusal(sanity.reason, true);
    if (isVetoed(view, settlement.rewardsRoot)) return refusal(vetoedWords(settlement.rewardsRoot));
    await archive.save(prepared.computed);
    return { kind: "ready", message: settlement };
  });
}

/** The repost of the newest settled epoch, whose root was vetoed. */
export function repostToSign({ archive }: ComputingWays, view: ConfirmedView): Promise<ToSign<RepostMessage>> {
  return unlessDifferent(async () => {
    const { message } = (await prepareRepost(view.chain, archive)) ?? {};
    if (message === undefined) return refusal("no root is vetoed now");
    return isVetoed(view, message.root) ? refusal(vetoedWords(message.root)) : { kind: "ready", message };
  });
}

const isVetoed = ({ settlements }: ConfirmedView, root: Hex): boolean =>
  settlements.vetoes.some((veto) => veto.root === root);

const vetoedWords = (root: Hex): string => `the guardian vetoed the root that this node computes, ${root}`;

/** Nothing honest follows an epoch whose wrong root is alive. */
async function unlessDifferent<T>(compute: () => Promise<ToSign<T>>): Promise<ToSign<T>> {
  try {
    return await compute();
  } catch (error) {
    if (!(error instanceof SettlementDiffersError)) throw error;
    return refusal(error.message.replace(/\.$/, ""));
  }
}
