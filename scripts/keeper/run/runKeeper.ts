import { setTimeout as sleep } from "node:timers/promises";
import { addressOf } from "../../chain/signer";
import { decide, type Decision, type Intentions } from "./decide";
import { halt, haltedEpochAt, patienceSeconds } from "./halting";
import { type Keeper } from "./keeper";
import { type KeeperMemory, newMemory } from "./keeperMemory";
import { look, type Observation } from "./look";
import { noticeChanges } from "./noticeChanges";
import { requireNoOlderView } from "../facts/olderView";
import { reasonOf } from "./reasonOf";
import { retrySeconds } from "./retrySeconds";
import { replaceTransaction, type Sender } from "./sendTransaction";
import { settleDue, type Settling } from "./settleDue";

/** Something that may pass by itself: it is told, and tried again later. */
class Setback extends Error {
  override readonly name = "Setback";
}

/**
 * Settles epoch after epoch until it is stopped: looks at the chain, decides, acts, and looks again. Whatever goes wrong is
 * told and tried again later. It remembers nothing that the chain does not say, so it can be killed at any moment.
 */
export async function runKeeper(keeper: Keeper): Promise<void> {
  const { connection, signer, stopping, tell } = keeper;
  const { confirmations, pollSeconds } = connection.deployment.config.keeper;
  const hasStopped = (): boolean => stopping.aborted;
  const memory = newMemory();
  let failures = 0;
  while (!hasStopped()) {
    let pauseSeconds = pollSeconds;
    try {
      memory.doing = "looking at the chain";
      const seen = await look(connection, confirmations, addressOf(signer), memory.settled);
      await requireNoOlderView(seen.headBlock, memory.settled, keeper.witnesses);
      await noticeChanges(connection, memory, seen, tell);
      const decision = decide(seen, intentionsOf(keeper, memory));
      pauseSeconds = await act(keeper, memory, seen, decision);
      failures = 0;
    } catch (error) {
      if (hasStopped()) break;
      pauseSeconds = retrySeconds(pollSeconds, failures++, keeper.random());
      tell({ kind: "failed", during: memory.doing, reason: reasonOf(error), retryInSeconds: pauseSeconds });
    }
    await sleep(pauseSeconds * 1_000, undefined, { signal: stopping }).catch(() => undefined);
  }
  tell({ kind: "stopped", reason: String(stopping.reason) });
}

/** Does what was decided. @returns How many seconds later to look again. */
async function act(keeper: Keeper, memory: KeeperMemory, seen: Observation, decision: Decision): Promise<number> {
  const { pollSeconds } = keeper.connection.deployment.config.keeper;
  const { epoch } = decision;
  const isNews = memory.lastDecision?.kind !== decision.kind || memory.lastDecision.epoch !== epoch;
  memory.lastDecision = decision;
  switch (decision.kind) {
    case "wait":
      if (isNews) keeper.tell({ ...decision, kind: "waiting" });
      return pollSeconds;
    case "paused":
      if (isNews) keeper.tell(decision);
      return pollSeconds;
    case "awaitMining":
    case "confirm":
    case "halted":
      return pollSeconds;
    case "abandon":
      memory.sent = null;
      throw new Setback("the nonce of the transaction that was to settle it is used up, and it is not settled");
    case "settle": {
      memory.doing = `settling epoch ${epoch}`;
      const outbid = memory.lastSent?.request.nonce === seen.minedTransactions ? memory.lastSent.fees : undefined;
      return conclude(keeper, memory, epoch, await settleDue(keeper, senderOf(keeper, memory), seen, outbid));
    }
    case "replace": {
      const { sent } = decision;
      memory.doing = `replacing the transaction that settles epoch ${epoch}`;
      memory.sentAt = keeper.clock();
      const sending = await replaceTransaction(senderOf(keeper, memory), sent, seen.baseFeePerGasWei);
      return conclude(keeper, memory, epoch, sending);
    }
  }
}

/** Tells and remembers what came of sending. @returns How many seconds later to look again. */
function conclude(keeper: Keeper, memory: KeeperMemory, epoch: number, settling: Settling): number {
  const { tell, clock } = keeper;
  const { pollSeconds, maxFeePerGasWei } = keeper.connection.deployment.config.keeper;
  switch (settling.kind) {
    case "sent": {
      const { sent } = settling;
      if (sent.hash !== null) {
        memory.signed.add(sent.hash);
        const replaces = memory.sent?.hash ?? null;
        const { nonce } = sent.request;
        tell({ kind: "sent", epoch, transactionHash: sent.hash, nonce, ...sent.fees, replaces });
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
      tell({
        kind: "feeAboveCeiling",
        epoch,
        askedWei: settling.askedWei,
        ceilingWei: maxFeePerGasWei,
        retryInSeconds,
      });
      return retryInSeconds;
    }
    case "halted":
      halt(memory, { epoch, reason: settling.reason, mayBeAccepted: settling.mayBeAccepted, at: clock() }, tell);
      return pollSeconds;
    case "lookAgain":
      return pollSeconds;
  }
}

function senderOf({ connection, signer }: Keeper, memory: KeeperMemory): Sender {
  const { maxFeePerGasWei } = connection.deployment.config.keeper;
  return { connection, signer, maxFeePerGasWei, onSigned: (hash) => memory.signed.add(hash) };
}

function intentionsOf({ connection, clock }: Keeper, memory: KeeperMemory): Intentions {
  return {
    sent: memory.sent,
    outrunEpoch: memory.outrunEpoch,
    secondsSinceSent: clock() - memory.sentAt,
    replaceAfterSeconds: connection.deployment.config.keeper.replaceAfterSeconds,
    haltedEpoch: haltedEpochAt(memory, clock()),
  };
}
