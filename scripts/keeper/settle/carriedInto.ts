import { type Hex, zeroHash } from "viem";
import { type Connection, withEventsAsOfNow } from "../../chain/connection";
import { type Carried, computeSettlement, nothingCarried, standingEpoch } from "../compute/computeSettlement";
import { type EpochArchive } from "../archive/epochArchive";
import { readLiveRoots } from "../facts/rewardRoots";
import { fundsBefore, rootOf, type SettledEpoch } from "../facts/settledEpochs";
import { firstDifference } from "../../core/settlement";

/** An epoch was settled incorrectly, and its wrong root can or will be claimed against. */
export class SettlementDiffersError extends Error {
  override readonly name = "SettlementDiffersError";
}

/** An epoch starts with what those before it left, and one of them has not been settled. */
export class EarlierEpochOpenError extends Error {
  override readonly name = "EarlierEpochOpenError";
}

/**
 * What `epoch` starts with: everybody's rewards and the bonds after the epoch before. Taken from the newest archived epoch
 * that has the root of the chain, and computed from there on; with an empty archive, from epoch 0.
 *
 * An epoch that was settled wrongly counts as it stands (see standingEpoch): its posted amounts in the right proportions.
 * While its wrong root is alive nobody builds on it: a human decides, and the guardian vetoes.
 * @param settled Every settled epoch, in order.
 * @param onComputed Called for each epoch that had to be computed again, for showing progress.
 * @throws EarlierEpochOpenError where an epoch before it is not settled.
 * @throws SettlementDiffersError where a root that can or will be claimed against is not what its epoch's facts lead to.
 */
export async function carriedInto(
  connection: Connection,
  archive: EpochArchive,
  epoch: number,
  settled: readonly SettledEpoch[],
  onComputed: (epoch: number) => void = () => undefined,
): Promise<Carried> {
  if (settled.length < epoch) {
    throw new EarlierEpochOpenError(
      `Epoch ${epoch} can't be computed yet: epoch ${settled.length} before it is not settled.`,
    );
  }
  let next = epoch;
  let archived: Carried | undefined;
  while (next > 0 && archived === undefined) {
    archived = await archive.carried(next - 1, rootOf(settled[next - 1]!));
    if (archived === undefined) next--;
  }
  let carried = archived ?? nothingCarried;
  let root = next === 0 ? zeroHash : rootOf(settled[next - 1]!);
  const view = next < epoch ? await withEventsAsOfNow(connection) : connection;
  for (; next < epoch; next++) {
    const own = settled[next]!;
    const computed = await computeSettlement(view, next, carried, await fundsBefore(view, own));
    const { epoch: standing } = await standingEpoch(connection, computed, carried, own);
    if (rootOf(own) !== standing.tree.root && rootOf(own) !== root) {
      await requireDead(connection, next, rootOf(own), firstDifference(computed.settlement, own.settlement));
    }
    await archive.save(standing);
    onComputed(next);
    carried = standing.carried;
    root = standing.tree.root;
  }
  return carried;
}

/** A wrong root that was vetoed or replaced before it matured promises nothing to anybody. */
async function requireDead(
  connection: Connection,
  epoch: number,
  root: Hex,
  difference = "the reposted root has wrong rewards",
): Promise<void> {
  const live = await readLiveRoots(connection);
  if (!live.some((one) => one.root === root)) return;
  throw new SettlementDiffersError(`Epoch ${epoch} was settled incorrectly: ${difference}.`);
}
