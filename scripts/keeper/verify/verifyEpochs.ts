/** Settled epochs, computed again and compared. */
import { type Hex } from "viem";
import { type Connection, withEventsAsOfNow } from "../../chain/connection";
import {
  type Carried,
  nothingCarried,
  type ComputedEpoch,
  computeSettlement,
  standingEpoch,
} from "../compute/computeSettlement";
import { noProgress, type OnProgress } from "../../core/progress";
import { readSettledEpochs, fundsBefore, rootOf, type SettledEpoch } from "../facts/settledEpochs";
import { firstDifference } from "../../core/settlement";

/**
 * The outcome of verifying: everything agreed, or the first difference, and the findings of all epochs that have one.
 */
export type Verification =
  | { readonly kind: "verified"; readonly fromEpoch: number; readonly toEpoch: number }
  | {
      readonly kind: "different";
      readonly epoch: number;
      readonly difference: string;
      readonly findings: readonly EpochFinding[];
    }
  | { readonly kind: "notSettled"; readonly epoch: number; readonly settledEpochs: number };

/** Where a verification begins: with nothing before epoch 0, or with what was verified up to an epoch. */
export interface StartingPoint {
  readonly nextEpoch: number;
  readonly carried: Carried;
}

/** How to verify; everything is optional. */
export interface VerifyOptions {
  /** The first epoch that is judged. Missing: the first that is computed. */
  readonly fromEpoch?: number | undefined;
  readonly start?: StartingPoint;
  readonly onProgress?: OnProgress | undefined;
}

/** The beginning of the network. */
export const beginning: StartingPoint = { nextEpoch: 0, carried: nothingCarried };

/**
 * Computes every epoch up to `toEpoch` again, from the chain and nothing else, and compares each field with what was
 * settled. Rewards are cumulative, so an epoch can only be verified on top of those before it: from the beginning, or
 * from a trusted starting point. One epoch is in memory at a time. No archive endpoint is needed: facts are events, and
 * views that never change after an epoch.
 */
export async function verifyEpochs(
  connection: Connection,
  toEpoch: number,
  options: VerifyOptions = {},
): Promise<Verification> {
  return (await inspectEpochs(connection, toEpoch, options)).verification;
}

/** Verifies as verifyEpochs does. @returns Also the last epoch that was inspected; undefined if there was none. */
export async function inspectEpochs(
  connection: Connection,
  toEpoch: number,
  { start = beginning, fromEpoch = start.nextEpoch, onProgress = noProgress }: VerifyOptions,
): Promise<{ readonly verification: Verification; readonly last?: InspectedEpoch | undefined }> {
  const settled = await readSettledEpochs(connection);
  const { length: settledEpochs } = settled;
  if (toEpoch >= settledEpochs) return { verification: { kind: "notSettled", epoch: toEpoch, settledEpochs } };
  const view = await withEventsAsOfNow(connection);
  const findings: EpochFinding[] = [];
  let { carried } = start;
  let last: InspectedEpoch | undefined;
  for (let epoch = start.nextEpoch; epoch <= toEpoch; epoch++) {
    last = await inspectEpoch(view, epoch, settled[epoch]!, carried, onProgress);
    carried = last.standing.carried;
    if (epoch >= fromEpoch && differenceOf(last.finding) !== null) findings.push(last.finding);
    onProgress("epochs computed", epoch + 1, toEpoch + 1);
  }
  const [first] = findings;
  if (first === undefined) return { verification: { kind: "verified", fromEpoch, toEpoch }, last };
  const { epoch } = first;
  return { verification: { kind: "different", epoch, difference: differenceOf(first)!, findings }, last };
}

/** The first thing that is wrong with an epoch; null if nothing is. */
export function differenceOf({ difference, repostDifference }: EpochFinding): string | null {
  return difference ?? repostDifference;
}

/** What comparing an epoch with its own facts found. */
export interface EpochFinding {
  readonly epoch: number;
  /** The first field in which the settlement differs from what the facts call for, in words; null if it agrees. */
  readonly difference: string | null;
  /** The same for the roots that were posted after a veto; null if they agree, or if there were none. */
  readonly repostDifference: string | null;
  /** The root that the epoch posted last, and the one that its posted rewards call for. */
  readonly root: Hex;
  readonly rightRoot: Hex;
  readonly isVetoed: boolean;
  readonly isReposted: boolean;
}

/** An inspected epoch: what was found, and the epoch as it stands, for the next one. */
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
    unequal("recycled", emission.recycledWei, recycledWei) ??
    unequal("minted", emission.mintedWei, mintedWei);
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
      unequal("returned by the repost", right.toReturnWei, returnedWei) ??
      unequal("the reposted root", right.epoch.tree.root, root) ??
      unequal("the reposted inputsHash", computed.settlement.inputsHash, inputsHash);
    if (difference !== null) return difference;
  }
  return null;
}

function unequal<T extends bigint | Hex>(name: string, computed: T, posted: T): string | null {
  return computed === posted ? null : `${name} is ${posted} on chain, but should be ${computed}`;
}
