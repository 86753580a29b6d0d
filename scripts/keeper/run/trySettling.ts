/** How an epoch that is due becomes a transaction: computed, judged, rehearsed, signed. */
import { atBlock } from "../../chain/atBlock";
import { ContradictionError } from "../../chain/contradiction";
import { wordsOf } from "../../chain/nodeErrors";
import { addressOf } from "../../chain/signer";
import { RefusedError, rehearse } from "../../chain/transact";
import { SettlementDiffersError } from "../settle/carriedInto";
import { type PreparedSettlement, prepareSettlement } from "../settle/prepareSettlement";
import { type Fees } from "./fees";
import { type Observation } from "./look";
import { type Keeper } from "./memory";
import { verdictOnPrepared } from "./preparedVerdict";
import { reasonOf } from "./serviceEvents";
import { offerInstead, type Sender, type Sending, sendTransaction } from "./transactions";

/** What became of an epoch that was due. */
export type Settling =
  | Sending
  /** Somebody else settled it. */
  | { readonly kind: "alreadySettled" }
  | Halted;

/** It was not signed. Where a human may accept it, nothing is tried again until one does. */
interface Halted {
  readonly kind: "halted";
  /** What was found, without a full stop. */
  readonly reason: string;
  readonly mayBeAccepted: boolean;
}

/**
 * Computes the epoch at the confirmed block, judges it, rehearses it, sends it.
 * @param outbid The fees of a transaction with the same nonce that may still be mined.
 */
export async function trySettling(
  keeper: Keeper,
  seen: Observation,
  sender: Sender,
  outbid: Fees | undefined,
): Promise<Settling> {
  const epoch = seen.nextEpochToSettle;
  // Before anything is computed, because what is too dear now need not be computed yet.
  const offer = await offerInstead(sender, seen.baseFeePerGasWei, outbid);
  if (offer.kind === "aboveCeiling") return offer;
  const prepared = await prepare(keeper, seen);
  if ("reason" in prepared) return prepared;
  const verdict = verdictOnPrepared(keeper.connection, seen.settled, prepared);
  if (verdict.kind === "impossible" || (verdict.kind === "unusual" && keeper.acceptedEpoch() !== epoch)) {
    return { kind: "halted", reason: verdict.reason, mayBeAccepted: verdict.kind === "unusual" };
  }
  await keeper.archive.save(prepared.computed);
  return rehearseAndSend(keeper, seen, sender, prepared, offer.fees);
}

/**
 * The nonce is read before the rehearsal, so that it is taken where another process with this key settles the epoch meanwhile:
 * nothing is sent that would revert. Where another transaction of the account takes it, this is done again, and nothing computed.
 */
async function rehearseAndSend(
  { connection, signer, stopping, tell }: Keeper,
  { headTimestamp, dueAt }: Observation,
  sender: Sender,
  { epoch, call, calldata }: PreparedSettlement,
  fees: Fees,
): Promise<Settling> {
  const address = addressOf(signer);
  // Only the block to come may be late enough for the epoch to be due.
  const blockTag = headTimestamp < dueAt ? "pending" : "latest";
  let nonce = await connection.reader.getTransactionCount({ address });
  for (;;) {
    let gas: bigint;
    try {
      gas = await rehearse(connection, address, call, blockTag);
    } catch (error) {
      if (isSettledByNow(error, epoch)) return { kind: "alreadySettled" };
      throw isWithoutReason(error)
        ? new ContradictionError(`Epoch ${epoch} can't be settled: ${reasonOf(error)}`)
        : error;
    }
    stopping.throwIfAborted();
    const request = { to: call.address, data: calldata, gas: withRoom(gas), nonce };
    const sending = await sendTransaction(sender, { epoch, request }, fees);
    if (sending.kind !== "nonceTaken") return sending;
    const next = await connection.reader.getTransactionCount({ address });
    // Where it is not counted, nothing that is signed can be mined: the next look says so.
    if (next <= nonce) return sending;
    const reason = `another transaction of the keeper's account took nonce ${nonce}: it is signed again with nonce ${next}`;
    tell({ kind: "failed", during: `settling epoch ${epoch}`, reason, retryInSeconds: 0 });
    nonce = next;
  }
}

/** People may claim, register and stake between the rehearsal and the block: an eighth more gas than it took. */
const withRoom = (gas: bigint): bigint => (gas * 9n) / 8n;

/** Whether the contract refused because the epoch is settled, or will be by the block to come. */
function isSettledByNow(error: unknown, epoch: number): boolean {
  return error instanceof RefusedError && error.errorName === "NotNextEpoch" && Number(error.values[1]) > epoch;
}

/** Whether the call is said to revert in a way that the contracts never do: all their refusals have names. */
function isWithoutReason(error: unknown): boolean {
  return error instanceof RefusedError ? error.errorName === "" : /revert/i.test(wordsOf(error));
}

/** Computes the epoch, or halts where an epoch before it was settled otherwise than its facts say: nothing honest follows. */
async function prepare(keeper: Keeper, seen: Observation): Promise<PreparedSettlement | Halted> {
  try {
    return await compute(keeper, seen);
  } catch (error) {
    if (!(error instanceof SettlementDiffersError)) throw error;
    return { kind: "halted", reason: error.message.replace(/\.$/, ""), mayBeAccepted: false };
  }
}

async function compute(keeper: Keeper, seen: Observation): Promise<PreparedSettlement> {
  const { connection, archive, stopping, tell, clock } = keeper;
  const { settlement, keeper: settings } = connection.deployment.config;
  const began = clock();
  const prepared = await prepareSettlement(connection, archive, seen.nextEpochToSettle, {
    facts: settings.confirmations === 0 ? undefined : atBlock(connection, seen.confirmedBlock),
    payRecipientsUpTo: settlement.payRecipientsUpTo,
    onComputed: () => {
      stopping.throwIfAborted();
    },
  });
  const { epoch, computed } = prepared;
  const { root: rewardsRoot, list } = computed.tree;
  tell({ kind: "computed", epoch, seconds: clock() - began, accounts: list.count, rewardsRoot });
  return prepared;
}
