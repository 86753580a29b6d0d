/** What an epoch is computed from: what earlier epochs left, its facts, and the funds that could pay for it. */
import { type Hex, zeroHash } from "viem";
import { type Connection, withEventsAsOfNow } from "../../chain/connection";
import { type Carried, computeSettlement, nothingCarried, standingEpoch } from "../compute/computeSettlement";
import { type EpochArchive } from "../archive/epochArchive";
import { readLiveRoots } from "../facts/rewardRoots";
import {
  fundsBefore,
  rootOf,
  type SettledEpoch,
  type EpochFigures,
  figuresOf,
  readSettledEpochs,
} from "../facts/settledEpochs";
import { firstDifference } from "../../core/settlement";
import { type ComputedFrom, computeEpoch, type EpochInputs } from "../../core/computeEpoch";
import { assembleInputs, noBonds } from "../../core/assembleInputs";
import { collectFacts, readFunds, requireOver } from "../facts/collectFacts";

/** An epoch was settled incorrectly, and its wrong root can or will be claimed against. */
export class SettlementDiffersError extends Error {
  override readonly name = "SettlementDiffersError";
}

/** An epoch starts with what those before it left, and one of them has not been settled. */
export class EarlierEpochOpenError extends Error {
  override readonly name = "EarlierEpochOpenError";
}

/**
 * What `epoch` starts with: everyone's rewards and the bonds after the epoch before. Taken from the newest archived
 * epoch that has the root of the chain, and computed from there on; with an empty archive, from epoch 0.
 *
 * An epoch that was settled wrongly counts as it stands (see standingEpoch): its posted amounts in the right
 * proportions. While its wrong root is alive, nobody builds on it: a human decides, and the guardian vetoes.
 * @param settled Every settled epoch, in order.
 * @param onComputed Called for each epoch that had to be computed again, for showing progress.
 * @throws EarlierEpochOpenError if an epoch before it is not settled.
 * @throws SettlementDiffersError if a root that can or will be claimed against contradicts its epoch's facts.
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
      `Epoch ${epoch} can't be computed yet: epoch ${settled.length} must be settled first.`,
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

/** A wrong root that was vetoed or replaced before it matured promises nothing to anyone. */
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

/** A settled epoch, with what it was computed from; null if this machine has no report of it. */
export interface ExplainedEpoch {
  readonly figures: EpochFigures;
  readonly computed: ComputedFrom | null;
}

/**
 * Every settled epoch with its inputs. Epochs after the last archived one are computed from the chain and archived;
 * inputs from a file count only if they have the hash that was settled.
 * @throws SettlementDiffersError if an epoch was settled incorrectly, and its wrong root is alive.
 */
export async function explainEpochs(connection: Connection, archive: EpochArchive): Promise<readonly ExplainedEpoch[]> {
  const settled = await readSettledEpochs(connection);
  await carriedInto(connection, archive, settled.length, settled);
  const figures = figuresOf(settled);
  return Promise.all(
    settled.map(async ({ settlement }, epoch) => {
      const inputs = await archive.inputs(epoch, settlement.inputsHash);
      return {
        figures: figures[epoch]!,
        computed: inputs === undefined ? null : { inputs, result: computeEpoch(inputs) },
      };
    }),
  );
}

/**
 * The inputs of an epoch, from the chain, in the form that `epoch preview` takes. For a settled epoch, the pool is what
 * it recycled and the mint allowance what it minted, which lead to the same result; otherwise both are the current
 * amounts.
 * @throws EpochNotOverError while scores may still be revealed.
 */
export async function readInputs(connection: Connection, archive: EpochArchive, epoch: number): Promise<EpochInputs> {
  await requireOver(connection, epoch);
  const facts = await collectFacts(connection, epoch);
  const settled = await readSettledEpochs(connection);
  const own = settled[epoch];
  const funds =
    own === undefined ? await readFunds(connection) : { poolWei: own.recycledWei, mintableWei: own.mintedWei };
  const needsBonds = facts.policy.validatorRule !== "stake";
  const bonds = needsBonds ? (await carriedInto(connection, archive, epoch, settled)).bonds : noBonds;
  return assembleInputs(facts, funds, bonds).inputs;
}
