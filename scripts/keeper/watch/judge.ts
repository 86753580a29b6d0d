/** How settled epochs are judged: each as a quorum of endpoints shows it, one after the other, from a checkpoint on. */
import { existsSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { zeroHash } from "viem";
import { type Connection } from "../../chain/connection";
import { type Carried } from "../compute/computeSettlement";
import { requireNoOlderView } from "../run/look";
import { readSettledEpochs, rootOf, type SettledBy, type SettledEpoch } from "../facts/settledEpochs";
import { setAside } from "../archive/jsonFile";
import { reasonOf } from "../run/serviceEvents";
import { readCheckpoint, writeCheckpoint } from "../verify/checkpoint";
import { type EpochFinding, inspectEpoch, beginning, differenceOf, type StartingPoint } from "../verify/verifyEpochs";
import { EndpointsDisagreeError, type EndpointQuorum } from "./endpointQuorum";
import { isRootWrong, type JudgedPoint, type Judgement, type Watcher } from "./memory";
import { tellIfAlone } from "./notices";
import { type WatchEvent } from "./watchEvents";

/** Judges every settlement that is new, was reposted, or stands in another block than before. */
export async function judgeSettlements(watcher: Watcher, quorum: EndpointQuorum): Promise<void> {
  const { tell, clock, stopping, memory, singleEndpoints } = watcher;
  await requireNoOlderView(quorum.headBlock, memory.settled, singleEndpoints);
  const settled = await quorum.agree("which epochs are settled", readSettledEpochs);
  const changed = firstChange(memory.settled, settled);
  for (const epoch of lostEpochs(memory.settled, settled)) tell({ kind: "reorganised", epoch });
  memory.settled = memory.settled.slice(0, changed);
  memory.points = memory.points.filter(({ nextEpoch }) => nextEpoch <= changed);
  if (changed === settled.length) return;
  let point = memory.points.at(-1) ?? (await startingPoint(watcher, quorum, settled));
  memory.points = memory.points.length === 0 ? [point] : memory.points;
  while (point.nextEpoch < settled.length) {
    const { finding, carried } = await judgeEpoch(quorum, settled, point);
    stopping.throwIfAborted();
    const { epoch } = finding;
    const judgement = { finding, rightRootBefore: point.root };
    tell(eventOf(memory.judgements.get(epoch), judgement, settled[epoch]!.signed));
    memory.judgements.set(epoch, judgement);
    point = { nextEpoch: epoch + 1, carried, root: finding.rightRoot };
    memory.points = [...memory.points, point].slice(-2);
    memory.settled = settled.slice(0, epoch + 1);
    memory.progressAt = clock();
    await tellIfAlone(watcher, settled[epoch]!);
  }
}

/** What to report about a judgement; after a correct repost, what was wrong before is not reported again. */
function eventOf(before: Judgement | undefined, now: Judgement, signed: SettledBy | null): WatchEvent {
  const { finding } = now;
  const { epoch, root, rightRoot, difference, repostDifference, isVetoed } = finding;
  if (differenceOf(finding) === null) return { kind: "verified", epoch, signed };
  const isKnown = before?.finding.difference === difference && before.finding.repostDifference === repostDifference;
  if (isKnown && root === rightRoot && root !== before.finding.root && !isVetoed) {
    return { kind: "repostVerified", epoch, root };
  }
  return { kind: "different", finding, isRootWrong: isRootWrong(now) };
}

/** The first epoch that is new or has changed; the number of settled epochs if there is none. */
function firstChange(before: readonly SettledEpoch[], now: readonly SettledEpoch[]): number {
  const changed = now.findIndex(
    (epoch, index) =>
      before[index] !== epoch && (before[index] === undefined || markOf(before[index]) !== markOf(epoch)),
  );
  return changed === -1 ? now.length : changed;
}

/** Distinguishes a settlement from any other: its block stands for all facts before it; its reposts come later. */
function markOf({ blockHash, transactionHash, reposts }: SettledEpoch): string {
  return [blockHash, transactionHash, ...reposts.map((repost) => repost.transactionHash)].join(" ");
}

function lostEpochs(before: readonly SettledEpoch[], now: readonly SettledEpoch[]): readonly number[] {
  const kept = before.findLastIndex(({ blockHash }, epoch) => now[epoch]?.blockHash === blockHash) + 1;
  return before.slice(kept).map((_, i) => kept + i);
}

/** After the checkpoint's epoch if the chain still has its root, else the beginning. */
async function startingPoint(
  { checkpointFile, tell }: Watcher,
  quorum: EndpointQuorum,
  settled: readonly SettledEpoch[],
): Promise<JudgedPoint> {
  const fromTheBeginning = { ...beginning, root: zeroHash };
  if (!existsSync(checkpointFile)) return fromTheBeginning;
  const kept = await quorum.agree("the checkpoint", (view) => readCheckpoint(checkpointFile, view));
  if (!("problem" in kept)) return { ...kept, root: rootOf(settled[kept.nextEpoch - 1]!) };
  // Set aside only after all have read it: each endpoint's reading needs the file.
  tell({ kind: "checkpointRefused", reason: setAside(checkpointFile, kept.problem, "") });
  return fromTheBeginning;
}

/** What was found of an epoch, and what it hands to the next as it stands. */
interface JudgedEpoch {
  readonly finding: EpochFinding;
  readonly carried: Carried;
}

/**
 * Judges the epoch after `before`. It is computed again from the facts that each asked endpoint shows; a quorum must
 * lead to the same finding, and leave the same behind. A single endpoint may err, so if there is only one, it must show
 * a difference twice, with everything read again.
 * @param settled Every settled epoch.
 * @throws EndpointsDisagreeError
 */
async function judgeEpoch(
  quorum: EndpointQuorum,
  settled: readonly SettledEpoch[],
  { nextEpoch: epoch, carried: before }: StartingPoint,
): Promise<JudgedEpoch> {
  const subject = `epoch ${epoch}`;
  const inspect = async (view: Connection, shown: readonly SettledEpoch[]): Promise<JudgedEpoch> => {
    const { finding, standing } = await inspectEpoch(view, epoch, shown[epoch]!, before);
    return { finding, carried: standing.carried };
  };
  const judged = await quorum.agree(subject, (view) => inspect(view, settled));
  if (!quorum.isOne || differenceOf(judged.finding) === null) return judged;
  const again = await quorum.agree(subject, async (view) => {
    view.events.forget();
    const shown = await readSettledEpochs(view);
    // It may no longer be settled.
    return epoch < shown.length ? inspect(view, shown) : undefined;
  });
  if (isDeepStrictEqual(again, judged)) return judged;
  throw new EndpointsDisagreeError(
    `The only endpoint gave two different answers for ${subject}, so the watcher can't judge it.`,
  );
}

/**
 * Writes where to continue after a restart: the epoch before the newest judged one, so that the newest, which may be
 * reposted, is judged again. Nothing is written while a wrong root is alive, or if the chain does not hold that epoch's
 * right root. A full disk is reported, and does not stop the watcher.
 */
export async function saveCheckpoint({ memory, checkpointFile, connection, tell }: Watcher): Promise<void> {
  const [point] = memory.points;
  const own = point === undefined ? undefined : memory.settled[point.nextEpoch - 1];
  if (point === undefined || own === undefined || point.nextEpoch !== memory.settled.length - 1) return;
  if (memory.wrongRoots.size > 0 || own.isVetoed || rootOf(own) !== point.root) return;
  try {
    await writeCheckpoint(checkpointFile, connection, point.nextEpoch - 1, point.root, point.carried);
  } catch (error) {
    tell({ kind: "failed", during: "writing the checkpoint", reason: reasonOf(error), retryInSeconds: 0 });
  }
}
