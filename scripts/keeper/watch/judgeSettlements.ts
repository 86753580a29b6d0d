import { existsSync } from "node:fs";
import { zeroHash } from "viem";
import { type Connection } from "../../chain/connection";
import { CheckpointError, readCheckpoint } from "../verify/checkpoint";
import { beginning, differenceOf, type StartingPoint } from "../verify/verifyEpochs";
import { readFundsBefore } from "../facts/fundsBefore";
import { readSettledEpochs, rootOf, type SettledEpoch } from "../facts/settledEpochs";
import { stillThere } from "../facts/followSettlements";
import { requireNoOlderView } from "../facts/olderView";
import { judgeEpoch } from "./judgeEpoch";
import { type Jury } from "./jury";
import { isRootWrong, type Judgement } from "./remedy";
import { type WatchEvent } from "./watchEvents";
import { type JudgedPoint, type Watcher, type WatchMemory } from "./watcher";

/** Judges every settlement that is new, was posted again, or stands in another block than before. */
export async function judgeSettlements(watcher: Watcher, memory: WatchMemory, jury: Jury): Promise<void> {
  const { tell, clock, stopping, witnesses } = watcher;
  await requireNoOlderView(jury.headBlock, memory.settled, witnesses);
  const settled = await jury.agree("which epochs are settled", (view) => settlementsNow(view, memory.settled));
  const changed = firstChange(memory.settled, settled);
  for (const epoch of lostEpochs(memory.settled, settled)) tell({ kind: "reorganised", epoch });
  memory.settled = memory.settled.slice(0, changed);
  memory.points = memory.points.filter(({ nextEpoch }) => nextEpoch <= changed);
  if (changed === settled.length) return;
  let point = memory.points.at(-1) ?? (await startingPoint(watcher, jury, settled));
  memory.points = memory.points.length === 0 ? [point] : memory.points;
  const funds = await jury.agree("what could pay for the epochs", (view) => readFundsBefore(view, settled));
  while (point.nextEpoch < settled.length) {
    const { finding, carried } = await judgeEpoch(jury, settled, funds, point);
    stopping.throwIfAborted();
    const { epoch } = finding;
    const judgement = { finding, rightRootBefore: point.root };
    tell(eventOf(memory.judgements.get(epoch), judgement));
    memory.judgements.set(epoch, judgement);
    point = { nextEpoch: epoch + 1, carried, root: finding.rightRoot };
    memory.points = [...memory.points, point].slice(-2);
    memory.settled = settled.slice(0, epoch + 1);
    memory.progressAt = clock();
  }
}

/** What to tell of a judgement; a right repost is no news of what was wrong before it. */
export function eventOf(before: Judgement | undefined, now: Judgement): WatchEvent {
  const { finding } = now;
  const { epoch, root, rightRoot, difference, repostDifference, isVetoed } = finding;
  if (differenceOf(finding) === null) return { kind: "verified", epoch };
  const isKnown = before?.finding.difference === difference && before.finding.repostDifference === repostDifference;
  if (isKnown && root === rightRoot && root !== before.finding.root && !isVetoed) {
    return { kind: "repostVerified", epoch, root };
  }
  return { kind: "different", finding, isRootWrong: isRootWrong(now) };
}

/** The settlements as the chain has them; only the newest known one, and those after it, can have changed in one chain. */
async function settlementsNow(view: Connection, known: readonly SettledEpoch[]): Promise<readonly SettledEpoch[]> {
  const kept = await stillThere(view, known);
  return [...kept.slice(0, -1), ...(await readSettledEpochs(view, kept.at(-1)))];
}

/** The first epoch that is new or not what it was; the number of settled epochs where there is none. */
function firstChange(before: readonly SettledEpoch[], now: readonly SettledEpoch[]): number {
  const changed = now.findIndex(
    (epoch, index) => before[index] === undefined || markOf(before[index]) !== markOf(epoch),
  );
  return changed === -1 ? now.length : changed;
}

/** Tells a settlement from any other: its block stands for all facts before it, its reposts follow it. */
function markOf({ blockHash, transactionHash, reposts }: SettledEpoch): string {
  return [blockHash, transactionHash, ...reposts.map((repost) => repost.transactionHash)].join(" ");
}

function lostEpochs(before: readonly SettledEpoch[], now: readonly SettledEpoch[]): readonly number[] {
  return before.flatMap(({ blockHash }, epoch) => (now[epoch]?.blockHash === blockHash ? [] : [epoch]));
}

/** After the checkpoint's epoch where the chain still has its root, else the beginning. */
async function startingPoint(
  { checkpointFile, tell }: Watcher,
  jury: Jury,
  settled: readonly SettledEpoch[],
): Promise<JudgedPoint> {
  const fromTheBeginning = { ...beginning, root: zeroHash };
  if (!existsSync(checkpointFile)) return fromTheBeginning;
  const kept = await jury.agree("the checkpoint", (view) => keptPoint(checkpointFile, view));
  if ("nextEpoch" in kept) return { ...kept, root: rootOf(settled[kept.nextEpoch - 1]!) };
  tell({ kind: "checkpointRefused", reason: kept.refusal });
  return fromTheBeginning;
}

async function keptPoint(
  checkpointFile: string,
  view: Connection,
): Promise<StartingPoint | { readonly refusal: string }> {
  try {
    return await readCheckpoint(checkpointFile, view);
  } catch (error) {
    if (error instanceof CheckpointError) return { refusal: error.message };
    throw error;
  }
}
