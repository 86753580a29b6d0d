import { type Hex } from "viem";
import { type Connection } from "../../chain/connection";
import { noProgress } from "../../core/progress";
import { type Carried, type ComputedEpoch, computeSettlement, standingEpoch } from "../compute/computeSettlement";
import { firstDifference } from "../../core/settlement";
import { fundsBefore, rootOf, type SettledEpoch } from "../facts/settledEpochs";

/** What comparing an epoch with its own facts found. */
export interface EpochFinding {
  readonly epoch: number;
  /** The first field in which the settlement differs from what the facts call for, in words; null where it agrees. */
  readonly difference: string | null;
  /** The same of the root that was posted after a veto; null where it agrees, and where none was. */
  readonly repostDifference: string | null;
  /** The root that the epoch posted last, and the one that its posted rewards call for. */
  readonly root: Hex;
  readonly rightRoot: Hex;
  readonly isVetoed: boolean;
  readonly isReposted: boolean;
}

/** An epoch that was looked at: what was found, and what it hands to the next as it stands. */
export interface InspectedEpoch {
  readonly finding: EpochFinding;
  readonly standing: ComputedEpoch;
}

/**
 * Computes a settled epoch again, from the chain and nothing else, and compares every field of its settlement, what it
 * recycled and minted, and every repost of its root.
 * @param before What the epochs before it left, as they stand.
 */
export async function inspectEpoch(
  connection: Connection,
  epoch: number,
  settled: SettledEpoch,
  before: Carried,
  onProgress = noProgress,
): Promise<InspectedEpoch> {
  const { settlement, recycledWei, mintedWei, isVetoed, reposts } = settled;
  const funds = await fundsBefore(connection, settled);
  const computed = await computeSettlement(connection, epoch, before, funds, onProgress);
  const { emission } = computed.result;
  const difference =
    firstDifference(computed.settlement, settlement) ??
    amountDifference("recycled", emission.recycledWei, recycledWei) ??
    amountDifference("minted", emission.mintedWei, mintedWei);
  const repostDifference = await firstRepostDifference(connection, computed, before, settled);
  const { epoch: standing } = await standingEpoch(connection, computed, before, settled);
  const root = rootOf(settled);
  const rightRoot = standing.tree.root;
  const isReposted = reposts.length > 0;
  return { finding: { epoch, difference, repostDifference, root, rightRoot, isVetoed, isReposted }, standing };
}

/** Each repost divides what the ones before it left. */
async function firstRepostDifference(
  connection: Connection,
  computed: ComputedEpoch,
  before: Carried,
  settled: SettledEpoch,
): Promise<string | null> {
  for (const [index, { root, inputsHash, returnedWei, isReturnable }] of settled.reposts.entries()) {
    const right = await standingEpoch(connection, computed, before, {
      settlement: settled.settlement,
      reposts: settled.reposts.slice(0, index),
      isReturnable,
    });
    const difference =
      amountDifference("returned by the repost", right.toReturnWei, returnedWei) ??
      hashDifference("the reposted root", right.epoch.tree.root, root) ??
      hashDifference("the reposted inputsHash", computed.settlement.inputsHash, inputsHash);
    if (difference !== null) return difference;
  }
  return null;
}

function amountDifference(name: string, computedWei: bigint, settledWei: bigint): string | null {
  return computedWei === settledWei ? null : `${name} is ${settledWei} on chain, but should be ${computedWei}`;
}

function hashDifference(name: string, computed: Hex, posted: Hex): string | null {
  return computed === posted ? null : `${name} is ${posted} on chain, but should be ${computed}`;
}
