/**
 * What the keeper does about a due epoch: computes it, checks it, collects signatures if it must, rehearses, sends,
 * outbids.
 */
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
  /** An epoch that a human has accepted: it is signed however much it burns. */
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
  /** It was not sent. If a human may accept it, nothing is tried again until one does. */
  | ({ readonly kind: "halted" } & Objection);

/** Settles the next epoch, which is due. @returns Seconds until the next look. */
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

/** Outbids a settlement that was not mined in time. @returns Seconds until the next look. */
export async function replaceSettlement(keeper: Keeper, seen: Observation, sent: SentSettlement): Promise<number> {
  const { memory, sender } = keeper;
  memory.doing = `replacing the transaction that settles epoch ${sent.epoch}`;
  sender.requireFreeNonce(seen.minedTransactions);
  memory.sentAt = keeper.clock();
  return conclude(keeper, sent.epoch, await replaceTransaction(sender, sent, seen.baseFeePerGasWei));
}

/**
 * Forgets a settlement that will never settle its epoch. If it reverted although its rehearsal succeeded, the
 * validators that signed it through a contract are left out.
 */
export async function abandonSettlement(keeper: Keeper, { byContract, hash }: SentSettlement): Promise<void> {
  const receipt = byContract.length === 0 || hash === null ? undefined : await receiptOf(keeper.connection, hash);
  if (receipt?.status === "reverted") leaveOut(keeper, byContract);
  keeper.memory.sent = null;
}

/**
 * Computes the epoch at the final block, checks it, collects signatures if this account may not settle alone, rehearses
 * and sends it.
 */
async function trySettling(keeper: Keeper, seen: Observation): Promise<Settling> {
  const { connection, archive, sender, acceptedEpoch, stopping, memory } = keeper;
  const { lastSent, leftOut } = memory;
  // A transaction with the same nonce may still be mined.
  const outbid = lastSent?.request.nonce === seen.minedTransactions ? lastSent.fees : undefined;
  // Before anything is computed: if sending is too expensive now, nothing needs to be computed yet.
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
 * Seconds after which a due epoch is computed again: if its quorum is still missing, the others may be right, and this
 * machine wrong.
 */
const freshSeconds = 600;

/** Whether a computed epoch is recent enough, and nothing that it was computed on has changed. */
function isStillRight(known: DueEpoch | null, seen: Observation, now: number): known is DueEpoch {
  return known !== null && known.state === stateOf(seen) && now - known.computedAt < freshSeconds;
}

/**
 * What the next epoch is computed on, besides its own facts: the settled epochs, and what became of the newest one's
 * root.
 */
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

/** The rehearsal of the settlement was refused. */
interface Refused {
  readonly kind: "refused";
  readonly error: unknown;
}

/**
 * Reads the nonce before the rehearsal: if another process with this key settles the epoch meanwhile, the nonce is
 * taken, and nothing is sent that would revert. If another transaction of the account takes it, rehearses and sends
 * again, without computing anything again.
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
  // Only the next block may be late enough.
  const blockTag = headTimestamp < opensAt ? "pending" : "latest";
  let nonce = await connection.reader.getTransactionCount({ address });
  for (;;) {
    let gas: bigint;
    try {
      gas = await rehearse(connection, address, call, blockTag);
    } catch (error) {
      if (isSettledByNow(error, epoch)) return { kind: "alreadySettled" };
      // A contract that is asked for its approval may use up all the gas there is.
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
    // If that transaction is not counted, nothing that is signed now can be mined: the next look reports it.
    if (next <= nonce) return sending;
    const reason = `another transaction from the keeper's account used nonce ${nonce}: signing again with nonce ${next}`;
    tell({ kind: "failed", during: `settling epoch ${epoch}`, reason, retryInSeconds: 0 });
    nonce = next;
  }
}

/** People may claim, register and stake between the rehearsal and the block: an eighth more gas than it took. */
const withRoom = (gas: bigint): bigint => (gas * 9n) / 8n;

/** Whether the contract refused because the epoch is settled, or will be by the next block. */
function isSettledByNow(error: unknown, epoch: number): boolean {
  return error instanceof RefusedError && error.errorName === "NotNextEpoch" && Number(error.values[1]) > epoch;
}

/** Whether the call reverts without a reason, which the contracts never do: all their refusals have names. */
function isWithoutReason(error: unknown): boolean {
  return error instanceof RefusedError ? error.errorName === "" : /revert/i.test(wordsOf(error));
}

/** Whether the node executed the call, and it failed. */
const isRefusal = (error: unknown): boolean => error instanceof RefusedError || /revert|gas/i.test(wordsOf(error));

/** The validators whose contracts may have made a rehearsal fail: the one that the error names, else all of them. */
function culpritsOf(error: unknown, byContract: readonly Address[]): readonly Address[] {
  if (!(error instanceof RefusedError) || error.errorName !== "WrongSignature") return byContract;
  return byContract.filter((validator) => validator === error.values[0]);
}

/** Settles an epoch without validators whose contracts approve when they are asked, but not when it counts. */
function leaveOut({ tell, memory: { leftOut } }: Keeper, culprits: readonly Address[]): void {
  for (const validator of culprits) leftOut.validators.add(validator);
  const reason = `The operator contract of ${culprits.join(", ")} withdrew its approval: the keeper settles the epoch without its signature`;
  tell({ kind: "failed", during: `settling epoch ${leftOut.epoch}`, reason, retryInSeconds: 0 });
}

/** Looks before a missing quorum is reported: validators' nodes see an epoch due when this machine does, or later. */
const looksOfPatience = 10;

/** Reports who is missing, and again when more stake has signed, or a validator signed something else. */
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

/** Reports and remembers the outcome. @returns Seconds until the next look. */
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
        const reason = `another transaction from the keeper's account uses nonce ${nonce}: the keeper will outbid it unless it is mined in time`;
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
      tell({
        kind: "failed",
        during,
        reason: "the base fee rose above the fee that the settlement offered",
        retryInSeconds: pollSeconds,
      });
      return pollSeconds;
  }
}
