import { type Connection, withEventsAsOfNow } from "../../chain/connection";
import { type Carried, nothingCarried } from "../compute/computeSettlement";
import { noProgress, type OnProgress } from "../../core/progress";
import { type EpochFinding, inspectEpoch, type InspectedEpoch } from "./inspectEpoch";
import { readSettledEpochs } from "../facts/settledEpochs";

/** What came of verifying: everything agreed, or the first difference, and what was found of each epoch that has one. */
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

/** How to verify; nothing of it is needed. */
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
 * settled. Rewards are cumulative, so an epoch can only be verified on top of those before it: from the beginning, or from
 * a starting point that one trusts. One epoch is in memory at a time. No archive endpoint is needed: facts are events, and
 * views that never change after an epoch.
 */
export async function verifyEpochs(
  connection: Connection,
  toEpoch: number,
  options: VerifyOptions = {},
): Promise<Verification> {
  return (await inspectEpochs(connection, toEpoch, options)).verification;
}

/** Verifies as verifyEpochs does. @returns Also the last epoch that was looked at; undefined where there was none. */
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
    onProgress("epochs that were computed", epoch + 1, toEpoch + 1);
  }
  const [first] = findings;
  if (first === undefined) return { verification: { kind: "verified", fromEpoch, toEpoch }, last };
  const { epoch } = first;
  return { verification: { kind: "different", epoch, difference: differenceOf(first)!, findings }, last };
}

/** What is wrong with an epoch, first of all; null where nothing is. */
export function differenceOf({ difference, repostDifference }: EpochFinding): string | null {
  return difference ?? repostDifference;
}
