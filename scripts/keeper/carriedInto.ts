import { type Connection } from "../chain/connection";
import { type Carried, computeSettlement, nothingCarried } from "./computeSettlement";
import { type EpochArchive } from "./epochArchive";
import { type SettledEpoch } from "./settledEpochs";
import { firstDifference } from "./core/settlement";

/** An epoch was settled otherwise than its facts say. */
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
 * @param settled Every settled epoch, in order; at least those before `epoch`.
 * @param onComputed Called for each epoch that had to be computed again, for showing progress.
 * @throws EarlierEpochOpenError where an epoch before it is not settled.
 * @throws SettlementDiffersError where the chain has another settlement than its own facts lead to.
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
      `Epoch ${epoch} starts with what the epochs before it left, but epoch ${settled.length} is not settled yet.`,
    );
  }
  let next = epoch;
  let carried: Carried | undefined;
  while (next > 0 && carried === undefined) {
    carried = await archive.carried(next - 1, settled[next - 1]!.settlement.rewardsRoot);
    if (carried === undefined) next--;
  }
  carried ??= nothingCarried;
  for (; next < epoch; next++) {
    const { settlement, recycledWei, mintedWei } = settled[next]!;
    const computed = await computeSettlement(connection, next, carried, {
      poolWei: recycledWei,
      mintableWei: mintedWei,
    });
    const difference = firstDifference(computed.settlement, settlement);
    if (difference !== undefined) {
      throw new SettlementDiffersError(`Epoch ${next} was settled otherwise than its facts say: ${difference}.`);
    }
    await archive.save(computed);
    onComputed(next);
    carried = computed.carried;
  }
  return carried;
}
