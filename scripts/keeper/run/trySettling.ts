/** How an epoch that is due becomes a transaction: computed, judged, signed by the stake where that must, rehearsed, sent. */
import { atBlock } from "../../chain/atBlock";
import { ContradictionError } from "../../chain/contradiction";
import { wordsOf } from "../../chain/nodeErrors";
import { addressOf } from "../../chain/signer";
import { RefusedError, rehearse } from "../../chain/transact";
import { type QuorumGap, seekLeave } from "../quorum/collectQuorum";
import { domainOf, settlementStatement } from "../quorum/statement";
import { SettlementDiffersError } from "../settle/carriedInto";
import {
  type PreparedSettlement,
  prepareSettlement,
  settlementCall,
  type SettlementCall,
} from "../settle/settlementCall";
import { type DueEpoch, isStillRight, stateOf } from "./dueEpoch";
import { type Fees } from "./fees";
import { type Observation } from "./look";
import { culpritsOf, leaveOut } from "./leftOut";
import { type Keeper, type KeeperMemory } from "./memory";
import { sanityOfPrepared } from "./preparedSanity";
import { reasonOf } from "./serviceEvents";
import { offerInstead, type Sender, type Sending, sendTransaction, type SentSettlement } from "./transactions";

/** What became of an epoch that was due. */
export type Settling =
  | Sending
  /** Somebody else settled it. */
  | { readonly kind: "alreadySettled" }
  /** Too little stake has signed it. */
  | { readonly kind: "quorumMissing"; readonly gap: QuorumGap; readonly due: DueEpoch }
  | Halted;

/** It was not sent. Where a human may accept it, nothing is tried again until one does. */
interface Halted {
  readonly kind: "halted";
  /** What was found, without a full stop. */
  readonly reason: string;
  readonly mayBeAccepted: boolean;
}

/**
 * Computes the epoch at the confirmed block, judges it, has it signed where this account may not settle it alone, rehearses it,
 * sends it.
 * @param outbid The fees of a transaction with the same nonce that may still be mined.
 * @param known What is known of the epoch from when its quorum was missing, and whose signatures are not used.
 */
export async function trySettling(
  keeper: Keeper,
  seen: Observation,
  sender: Sender,
  outbid: Fees | undefined,
  { due: known, leftOut }: Pick<KeeperMemory, "due" | "leftOut">,
): Promise<Settling> {
  const { connection, archive, acceptedEpoch } = keeper;
  // Before anything is computed, because what is too expensive now need not be computed yet.
  const offer = await offerInstead(sender, seen.baseFeePerGasWei, outbid);
  if (offer.kind === "aboveCeiling") return offer;
  const due = isStillRight(known, seen, keeper.clock()) ? known : await computeDue(keeper, seen, known);
  if ("reason" in due) return due;
  const { prepared } = due;
  const sanity = sanityOfPrepared(connection, seen.settled, prepared);
  if (sanity.kind === "impossible" || (sanity.kind === "unusual" && acceptedEpoch() !== prepared.epoch)) {
    return { kind: "halted", reason: sanity.reason, mayBeAccepted: sanity.kind === "unusual" };
  }
  if (due !== known) await archive.save(prepared.computed);
  const statement = settlementStatement(domainOf(connection), prepared.computed.settlement);
  const about = { account: addressOf(keeper.signer), epoch: prepared.epoch, now: seen.now };
  const { payRecipientsUpTo } = connection.deployment.config.settlement;
  for (;;) {
    const options = { known: due.signatures, leftOut: leftOut.validators, stopping: keeper.stopping };
    const leave = await seekLeave(connection, about, statement, options);
    keeper.stopping.throwIfAborted();
    if (leave.kind === "gap")
      return { kind: "quorumMissing", gap: leave.gap, due: { ...due, signatures: leave.known } };
    const quorum = leave.kind === "alone" ? null : leave.quorum;
    const settling = await settlementCall(connection, prepared.computed, payRecipientsUpTo, quorum);
    const opensAt = leave.kind === "alone" ? leave.since : seen.dueAt;
    const byContract = quorum?.byContract ?? [];
    const what = { epoch: prepared.epoch, byContract };
    const tried = await rehearseAndSend(keeper, { ...seen, opensAt }, sender, what, settling, offer.fees);
    if (tried.kind !== "refused") return tried;
    const culprits = culpritsOf(tried.error, byContract);
    if (culprits.length === 0) throw tried.error;
    leaveOut(leftOut, culprits, keeper.tell);
  }
}

/** The settlement was refused when it was rehearsed. */
interface Refused {
  readonly kind: "refused";
  readonly error: unknown;
}

/**
 * The nonce is read before the rehearsal, so that it is taken where another process with this key settles the epoch meanwhile:
 * nothing is sent that would revert. Where another transaction of the account takes it, this is done again, and nothing computed.
 */
async function rehearseAndSend(
  { connection, signer, stopping, tell }: Keeper,
  { headTimestamp, opensAt }: Pick<Observation, "headTimestamp"> & { readonly opensAt: number },
  sender: Sender,
  what: Pick<SentSettlement, "epoch" | "byContract">,
  { call, calldata }: SettlementCall,
  fees: Fees,
): Promise<Settling | Refused> {
  const { epoch } = what;
  const address = addressOf(signer);
  // Only the block to come may be late enough.
  const blockTag = headTimestamp < opensAt ? "pending" : "latest";
  let nonce = await connection.reader.getTransactionCount({ address });
  for (;;) {
    let gas: bigint;
    try {
      gas = await rehearse(connection, address, call, blockTag);
    } catch (error) {
      if (isSettledByNow(error, epoch)) return { kind: "alreadySettled" };
      // A contract that is asked for its word may take all the gas there is.
      if (isRefusal(error) && what.byContract.length > 0) return { kind: "refused", error };
      throw isWithoutReason(error)
        ? new ContradictionError(`Epoch ${epoch} can't be settled: ${reasonOf(error)}`)
        : error;
    }
    stopping.throwIfAborted();
    const request = { to: call.address, data: calldata, gas: withRoom(gas), nonce };
    const sending = await sendTransaction(sender, { ...what, request }, fees);
    if (sending.kind !== "nonceTaken") return sending;
    const next = await connection.reader.getTransactionCount({ address });
    // Where it is not counted, nothing that is signed can be mined: the next look says so.
    if (next <= nonce) return sending;
    const reason = `another transaction of the keeper's account used nonce ${nonce}: signing again with nonce ${next}`;
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

/** Whether the node has carried the call out, and it failed. */
const isRefusal = (error: unknown): boolean => error instanceof RefusedError || /revert|gas/i.test(wordsOf(error));

/** Computes the epoch, or halts where an epoch before it was settled incorrectly: nothing honest follows. */
async function computeDue(keeper: Keeper, seen: Observation, known: DueEpoch | null): Promise<DueEpoch | Halted> {
  try {
    const prepared = await compute(keeper, seen);
    const signatures = known?.prepared.epoch === prepared.epoch ? known.signatures : new Map();
    return { prepared, state: stateOf(seen), computedAt: keeper.clock(), signatures };
  } catch (error) {
    if (!(error instanceof SettlementDiffersError)) throw error;
    return { kind: "halted", reason: error.message.replace(/\.$/, ""), mayBeAccepted: false };
  }
}

async function compute(keeper: Keeper, seen: Observation): Promise<PreparedSettlement> {
  const { connection, archive, stopping, tell, clock } = keeper;
  const { confirmations } = connection.deployment.config.keeper;
  const began = clock();
  const chain = confirmations === 0 ? connection : atBlock(connection, seen.confirmedBlock);
  const prepared = await prepareSettlement(chain, archive, seen.nextEpochToSettle, {
    onComputed: () => {
      stopping.throwIfAborted();
    },
  });
  const { epoch, computed } = prepared;
  const { root: rewardsRoot, list } = computed.tree;
  tell({ kind: "computed", epoch, seconds: clock() - began, accounts: list.count, rewardsRoot });
  return prepared;
}
