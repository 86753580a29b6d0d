import { type Connection } from "../chain/connection";
import { figuresOf } from "../keeper/history";
import { type SettledEpoch } from "../keeper/settledEpochs";
import { type Listener } from "./keeperEvents";
import { type KeeperMemory } from "./keeperMemory";
import { type Observation } from "./look";
import { type SentSettlement } from "./sendTransaction";

/** Tells what changed since the last look, and remembers what was seen. */
export async function noticeChanges(
  connection: Connection,
  memory: KeeperMemory,
  seen: Observation,
  tell: Listener,
): Promise<void> {
  const { headBlock, headTimestamp, confirmedBlock, nextEpochToSettle, dueAt, paused, keeperBalanceWei } = seen;
  tell({
    kind: "looked",
    ...{ headBlock, headTimestamp, confirmedBlock, nextEpochToSettle, dueAt, paused, keeperBalanceWei },
  });
  for (const epoch of lostEpochs(memory.settled, seen.settled)) {
    tell({ kind: "reorganised", epoch });
    memory.reported = Math.min(memory.reported, epoch);
  }
  const { vetoedEpoch } = seen;
  if (vetoedEpoch !== null && vetoedEpoch !== memory.vetoedEpoch) tell({ kind: "vetoed", epoch: vetoedEpoch });
  memory.vetoedEpoch = vetoedEpoch;
  const { sent, outrunEpoch } = memory;
  const expected = sent?.epoch ?? outrunEpoch;
  const settlement = expected === null ? undefined : seen.settled[expected];
  if (expected !== null && settlement !== undefined) {
    if (sent !== null && memory.signed.has(settlement.transactionHash))
      await tellMined(connection, sent, settlement, tell);
    else tell({ kind: "alreadySettled", epoch: expected });
    memory.sent = memory.outrunEpoch = null;
  }
  memory.settled = seen.settled;
  const confirmed = figuresOf(seen.settled.slice(memory.reported, seen.confirmedEpochs));
  for (const figures of confirmed) {
    tell({ kind: "confirmed", figures, transactionHash: seen.settled[figures.epoch]!.transactionHash });
  }
  memory.reported = Math.max(memory.reported, seen.confirmedEpochs);
}

/** The epochs that are settled no more, or by another transaction. */
function lostEpochs(before: readonly SettledEpoch[], now: readonly SettledEpoch[]): readonly number[] {
  return before.flatMap(({ transactionHash }, epoch) =>
    now[epoch]?.transactionHash === transactionHash ? [] : [epoch],
  );
}

async function tellMined(
  { reader }: Connection,
  { epoch, paid }: SentSettlement,
  { transactionHash }: SettledEpoch,
  tell: Listener,
): Promise<void> {
  const { blockNumber, gasUsed, effectiveGasPrice } = await reader.getTransactionReceipt({ hash: transactionHash });
  tell({ kind: "mined", epoch, transactionHash, blockNumber, gasUsed, feeWei: gasUsed * effectiveGasPrice, paid });
}
