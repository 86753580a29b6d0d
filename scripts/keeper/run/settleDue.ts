/** What the keeper does about an epoch that is due: it sends a settlement, outbids what it sent, and remembers what came of it. */
import { ContradictionError } from "../../chain/contradiction";
import { type Observation } from "./look";
import { type KeeperEvent } from "./keeperEvents";
import { halt, type Keeper, type KeeperMemory, patienceSeconds } from "./memory";
import { replaceTransaction, type Sender, type SentSettlement } from "./transactions";
import { type Settling, trySettling } from "./trySettling";

/** Settles the next epoch, which is due. @returns How many seconds later to look again. */
export async function settleDue(keeper: Keeper, memory: KeeperMemory, seen: Observation): Promise<number> {
  const epoch = seen.nextEpochToSettle;
  memory.doing = `settling epoch ${epoch}`;
  requireFreeNonce(memory, seen);
  const outbid = memory.lastSent?.request.nonce === seen.minedTransactions ? memory.lastSent.fees : undefined;
  if (memory.leftOut.epoch !== epoch) memory.leftOut = { epoch, validators: new Set() };
  const { due, leftOut } = memory;
  const settling = await trySettling(keeper, seen, senderOf(keeper, memory), outbid, { due, leftOut });
  memory.due = settling.kind === "quorumMissing" ? settling.due : null;
  if (settling.kind === "quorumMissing")
    tellOfGap(keeper, memory, seen, { kind: settling.kind, epoch, ...settling.gap });
  return conclude(keeper, memory, epoch, settling);
}

/** Outbids a settlement that was not mined in time. @returns How many seconds later to look again. */
export async function replaceSettlement(
  keeper: Keeper,
  memory: KeeperMemory,
  seen: Observation,
  sent: SentSettlement,
): Promise<number> {
  memory.doing = `replacing the transaction that settles epoch ${sent.epoch}`;
  requireFreeNonce(memory, seen);
  memory.sentAt = keeper.clock();
  const sending = await replaceTransaction(senderOf(keeper, memory), sent, seen.baseFeePerGasWei);
  return conclude(keeper, memory, sent.epoch, sending);
}

/**
 * Validators' nodes see an epoch due as late as this machine does, or later: nothing is reported for this many looks.
 */
const looksOfPatience = 10;

/** Reports who is missing, and again when more stake has signed, or something else. */
function tellOfGap(
  { connection, tell }: Keeper,
  memory: KeeperMemory,
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

/**
 * Where a nonce was refused because a transaction with it is mined, the next look must have counted that transaction.
 * @throws ContradictionError where it has not: then nothing that is sent can ever be mined.
 */
function requireFreeNonce(memory: KeeperMemory, { minedTransactions }: Observation): void {
  const { takenNonce } = memory;
  memory.takenNonce = null;
  if (takenNonce === null || minedTransactions > takenNonce) return;
  throw new ContradictionError(
    `An endpoint counts only ${minedTransactions} mined transactions of the keeper, although the one with nonce ${takenNonce} is mined.`,
  );
}

/** Reports and remembers what came of it. @returns How many seconds later to look again. */
function conclude(keeper: Keeper, memory: KeeperMemory, epoch: number, settling: Settling): number {
  const { tell, clock } = keeper;
  const { pollSeconds, replaceAfterSeconds, maxFeePerGasWei: ceilingWei } = keeper.connection.deployment.config.keeper;
  const during = `settling epoch ${epoch}`;
  switch (settling.kind) {
    case "sent": {
      const { sent } = settling;
      const { nonce } = sent.request;
      if (sent.hash !== null) {
        memory.signed.add(sent.hash);
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
      const { askedWei } = settling;
      const retryInSeconds = Math.min(5 * pollSeconds, patienceSeconds);
      tell({ kind: "feeAboveCeiling", epoch, askedWei, ceilingWei, retryInSeconds });
      return retryInSeconds;
    }
    case "quorumMissing":
      return Math.min(5 * pollSeconds, patienceSeconds);
    case "halted":
      halt(memory, { epoch, reason: settling.reason, mayBeAccepted: settling.mayBeAccepted, at: clock() }, tell);
      return pollSeconds;
    case "nonceTaken":
      memory.takenNonce = settling.nonce;
      return pollSeconds;
    case "baseFeeRose":
      tell({ kind: "failed", during, reason: "the base fee rose above what it offered", retryInSeconds: pollSeconds });
      return pollSeconds;
  }
}

function senderOf({ connection, signer }: Keeper, memory: KeeperMemory): Sender {
  const { maxFeePerGasWei } = connection.deployment.config.keeper;
  return { connection, signer, maxFeePerGasWei, onSigned: (hash) => memory.signed.add(hash) };
}
