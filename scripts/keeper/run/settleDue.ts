/** What the keeper does about an epoch that is due: computed, judged, signed by the stake where that must, rehearsed, sent, outbid. */
import { type Address } from "viem";
import { atBlock } from "../../chain/atBlock";
import { ContradictionError } from "../../chain/badAnswers";
import { wordsOf } from "../../chain/nodeErrors";
import { addressOf } from "../../chain/signer";
import { RefusedError, rehearse } from "../../chain/transact";
import { type EpochArchive } from "../archive/epochArchive";
import { type QuorumGap, seekLeave } from "../quorum/gather";
import { domainOf, settlementForm, statementOf } from "../quorum/statements";
import { type PreparedSettlement, prepareSettlement, settlementCall, type SettlementCall } from "../settle/settleEpoch";
import { type Objection, objectionTo, unlessDifferent } from "./objections";
import { type DueEpoch, type KeeperMemory, patienceSeconds } from "./decide";
import { type Fees } from "./fees";
import { type KeeperEvent } from "./keeperEvents";
import { type Observation } from "./look";
import { type Service } from "./service";
import { reasonOf } from "./serviceEvents";
import {
  offerInstead,
  receiptOf,
  replaceTransaction,
  type Sender,
  type Sending,
  sendTransaction,
  type SentSettlement,
} from "./transactions";

/** What a keeper works with. */
export interface Keeper extends Service<KeeperEvent> {
  readonly archive: EpochArchive;
  readonly sender: Sender;
  /** An epoch that a human has looked at: it is signed however much it burns. */
  readonly acceptedEpoch: () => number | undefined;
  readonly memory: KeeperMemory;
}

/** What became of an epoch that was due. */
type Settling =
  | Sending
  /** Someone else settled it. */
  | { readonly kind: "alreadySettled" }
  /** Too little stake has signed it. */
  | { readonly kind: "quorumMissing"; readonly gap: QuorumGap }
  /** It was not sent. Where a human may accept it, nothing is tried again until one does. */
  | ({ readonly kind: "halted" } & Objection);

/** Settles the next epoch, which is due. @returns How many seconds later to look again. */
export async function settleDue(keeper: Keeper, seen: Observation): Promise<number> {
  const { memory, sender } = keeper;
  const epoch = seen.nextEpochToSettle;
  memory.doing = `settling epoch ${epoch}`;
  sender.requireFreeNonce(seen.minedTransactions);
  if (memory.leftOut.epoch !== epoch) memory.leftOut = { epoch, validators: new Set() };
  const settling = await trySettling(keeper, seen);
  if (settling.kind !== "quorumMissing") memory.due = null;
  else tellOfGap(keeper, seen, { kind: settling.kind, epoch, ...settling.gap });
  return conclude(keeper, epoch, settling);
}

/** Outbids a settlement that was not mined in time. @returns How many seconds later to look again. */
export async function replaceSettlement(keeper: Keeper, seen: Observation, sent: SentSettlement): Promise<number> {
  const { memory, sender } = keeper;
  memory.doing = `replacing the transaction that settles epoch ${sent.epoch}`;
  sender.requireFreeNonce(seen.minedTransactions);
  memory.sentAt = keeper.clock();
  return conclude(keeper, sent.epoch, await replaceTransaction(sender, sent, seen.baseFeePerGasWei));
}

/**
 * Forgets a settlement that will never settle its epoch. Anyone who signed it by a contract is left out where it reverted
 * though its rehearsal went well.
 */
export async function abandonSettlement(keeper: Keeper, { byContract, hash }: SentSettlement): Promise<void> {
  const receipt = byContract.length === 0 || hash === null ? undefined : await receiptOf(keeper.connection, hash);
  if (receipt?.status === "reverted") leaveOut(keeper, byContract);
  keeper.memory.sent = null;
}

/**
 * Computes the epoch at the final block, judges it, has it signed where this account may not settle it alone, rehearses it,
 * sends it.
 */
async function trySettling(keeper: Keeper, seen: Observation): Promise<Settling> {
  const { connection, archive, sender, acceptedEpoch, stopping, memory } = keeper;
  const { lastSent, leftOut } = memory;
  // A transaction with the same nonce may still be mined.
  const outbid = lastSent?.request.nonce === seen.minedTransactions ? lastSent.fees : undefined;
  // Before anything is computed, because what is too expensive now need not be computed yet.
  const offer = await offerInstead(sender, seen.baseFeePerGasWei, outbid);
  if (offer.kind === "aboveCeiling") return offer;
  const known = memory.due;
  const due = isStillRight(known, seen, keeper.clock())
    ? known
    : await unlessDifferent(() => compute(keeper, seen, known));
  if ("reason" in due) return { kind: "halted", ...due };
  const { epoch, computed } = due.prepared;
  const objection = objectionTo(due.prepared, connection, seen.settled, acceptedEpoch());
  if (objection !== undefined) return { kind: "halted", ...objection };
  if (due !== known) await archive.save(computed);
  const statement = statementOf(settlementForm, domainOf(connection), computed.settlement);
  const about = { account: addressOf(sender.signer), epoch, now: seen.now };
  const { payRecipientsUpTo } = connection.deployment.config.settlement;
  for (;;) {
    const options = { known: due.signatures, leftOut: leftOut.validators, stopping };
    const leave = await seekLeave(connection, about, statement, options);
    stopping.throwIfAborted();
    if (leave.kind === "gap") {
      memory.due = { ...due, signatures: leave.known };
      return { kind: "quorumMissing", gap: leave.gap };
    }
    const quorum = leave.kind === "alone" ? null : leave.quorum;
    const settling = await settlementCall(connection, computed, payRecipientsUpTo, quorum);
    const opensAt = leave.kind === "alone" ? leave.since : seen.dueAt;
    const byContract = quorum?.byContract ?? [];
    const tried = await rehearseAndSend(keeper, { ...seen, opensAt }, { epoch, byContract }, settling, offer.fees);
    if (tried.kind !== "refused") return tried;
    const culprits = culpritsOf(tried.error, byContract);
    if (culprits.length === 0) throw tried.error;
    leaveOut(keeper, culprits);
  }
}

/**
 * After this many seconds a due epoch is computed again: a quorum that is missing for so long may be right, and this machine
 * wrong.
 */
const freshSeconds = 600;

/** Whether nothing has changed of what a due epoch was computed on. */
function isStillRight(known: DueEpoch | null, seen: Observation, now: number): known is DueEpoch {
  return known !== null && known.state === stateOf(seen) && now - known.computedAt < freshSeconds;
}

/** What the next epoch is computed on, beside its own facts: the epochs that are settled, and what became of the newest one's root. */
function stateOf({ nextEpochToSettle, settled }: Observation): string {
  const newest = settled.at(-1);
  return [nextEpochToSettle, newest?.blockHash, newest?.isVetoed, newest?.reposts.length].join(" ");
}

async function compute(keeper: Keeper, seen: Observation, known: DueEpoch | null): Promise<DueEpoch> {
  const { connection, archive, stopping, tell, clock } = keeper;
  const { confirmations } = connection.deployment.config.keeper;
  const began = clock();
  const chain = confirmations === 0 ? connection : atBlock(connection, seen.finalBlock);
  const prepared: PreparedSettlement = await prepareSettlement(chain, archive, seen.nextEpochToSettle, {
    onComputed: () => {
      stopping.throwIfAborted();
    },
  });
  const { epoch, computed } = prepared;
  const { root: rewardsRoot, list } = computed.tree;
  tell({ kind: "computed", epoch, seconds: clock() - began, accounts: list.count, rewardsRoot });
  const signatures = known?.prepared.epoch === epoch ? known.signatures : new Map();
  return { prepared, state: stateOf(seen), computedAt: clock(), signatures };
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
  { connection, sender, stopping, tell }: Keeper,
  { headTimestamp, opensAt }: Pick<Observation, "headTimestamp"> & { readonly opensAt: number },
  what: Pick<SentSettlement, "epoch" | "byContract">,
  { call, calldata }: SettlementCall,
  fees: Fees,
): Promise<Settling | Refused> {
  const { epoch } = what;
  const address = addressOf(sender.signer);
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

/** Whose contract's word made a rehearsal fail: the one that is named, else any of them. */
function culpritsOf(error: unknown, byContract: readonly Address[]): readonly Address[] {
  if (!(error instanceof RefusedError) || error.errorName !== "WrongSignature") return byContract;
  return byContract.filter((validator) => validator === error.values[0]);
}

/** Has an epoch settled without validators that sign by a contract which says one thing when it is asked, and another when it counts. */
function leaveOut({ tell, memory: { leftOut } }: Keeper, culprits: readonly Address[]): void {
  for (const validator of culprits) leftOut.validators.add(validator);
  const reason = `The operator contract of ${culprits.join(", ")} withdrew its approval: the keeper settles the epoch without`;
  tell({ kind: "failed", during: `settling epoch ${leftOut.epoch}`, reason, retryInSeconds: 0 });
}

/**
 * Validators' nodes see an epoch due as late as this machine does, or later: nothing is reported for this many looks.
 */
const looksOfPatience = 10;

/** Reports who is missing, and again when more stake has signed, or something else. */
function tellOfGap(
  { connection, memory, tell }: Keeper,
  { now, dueAt }: Observation,
  event: Extract<KeeperEvent, { kind: "quorumMissing" }>,
): void {
  const { pollSeconds } = connection.deployment.config.keeper;
  if (event.neededWei !== null && now - dueAt < looksOfPatience * pollSeconds) return;
  const differing = event.missing
    .filter(({ differs }) => differs)
    .map(({ validator, reason }) => `${validator} ${reason}`);
  const news = [event.epoch, event.signedWei, event.neededWei, ...differing].join(" ");
  if (news === memory.toldGap) return;
  memory.toldGap = news;
  tell(event);
}

/** Reports and remembers what came of it. @returns How many seconds later to look again. */
function conclude(keeper: Keeper, epoch: number, settling: Settling): number {
  const { tell, clock, memory, sender } = keeper;
  const { pollSeconds, replaceAfterSeconds } = keeper.connection.deployment.config.keeper;
  const during = `settling epoch ${epoch}`;
  switch (settling.kind) {
    case "sent": {
      const { sent } = settling;
      const { nonce } = sent.request;
      if (sent.hash !== null) {
        sender.signed.add(sent.hash);
        const replaces = memory.sent?.hash ?? null;
        tell({ kind: "sent", epoch, transactionHash: sent.hash, nonce, ...sent.fees, replaces });
      } else {
        const reason = `another transaction of the keeper's account uses nonce ${nonce}: the keeper will outbid it if it is not mined in time`;
        tell({ kind: "failed", during, reason, retryInSeconds: replaceAfterSeconds });
      }
      memory.sent = memory.lastSent = sent;
      memory.halted = null;
      memory.sentAt = clock();
      return 0;
    }
    case "alreadySettled":
      memory.outrunEpoch = epoch;
      memory.sentAt = clock();
      return 0;
    case "aboveCeiling": {
      const retryInSeconds = Math.min(5 * pollSeconds, patienceSeconds);
      tell({ ...settling, kind: "feeAboveCeiling", epoch, ceilingWei: sender.ceilingWei, retryInSeconds });
      return retryInSeconds;
    }
    case "quorumMissing":
      return Math.min(5 * pollSeconds, patienceSeconds);
    case "halted": {
      const { reason, mayBeAccepted } = settling;
      const isNews = memory.halted?.epoch !== epoch || memory.halted.reason !== reason;
      memory.halted = { epoch, reason, mayBeAccepted, at: clock() };
      if (isNews) tell({ ...settling, epoch });
      return pollSeconds;
    }
    case "nonceTaken":
      return pollSeconds;
    case "baseFeeRose":
      tell({ kind: "failed", during, reason: "the base fee rose above what it offered", retryInSeconds: pollSeconds });
      return pollSeconds;
  }
}
