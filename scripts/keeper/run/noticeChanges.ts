import { type Connection } from "../../chain/connection";
import { figuresOf } from "../facts/figures";
import { deedsSince, expectedEpoch, settledOnlyIn } from "./deeds";
import { type Listener } from "./keeperEvents";
import { type KeeperMemory } from "./keeperMemory";
import { type Observation } from "./look";

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
  const { vetoedEpoch } = seen;
  if (vetoedEpoch !== null && vetoedEpoch !== memory.vetoedEpoch) tell({ kind: "vetoed", epoch: vetoedEpoch });
  memory.vetoedEpoch = vetoedEpoch;
  const deeds = await deedsSince(connection, memory, seen.settled);
  for (const epoch of settledOnlyIn(memory.settled, seen.settled)) {
    tell({ kind: "reorganised", epoch });
    memory.reported = Math.min(memory.reported, epoch);
  }
  deeds.forEach(tell);
  const expected = expectedEpoch(memory);
  if (expected !== null && seen.settled[expected] !== undefined) memory.sent = memory.outrunEpoch = null;
  memory.settled = seen.settled;
  const confirmed = figuresOf(seen.settled.slice(memory.reported, seen.confirmedEpochs));
  for (const figures of confirmed) {
    tell({ kind: "confirmed", figures, transactionHash: seen.settled[figures.epoch]!.transactionHash });
  }
  memory.reported = Math.max(memory.reported, seen.confirmedEpochs);
}
