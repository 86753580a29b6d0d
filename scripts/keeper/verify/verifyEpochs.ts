import { type Connection } from "../../chain/connection";
import { type Carried, nothingCarried } from "../compute/computeSettlement";
import { noProgress, type OnProgress } from "../../core/progress";
import { readFundsBefore } from "../facts/fundsBefore";
import { type EpochFinding, inspectEpoch, type InspectedEpoch } from "./inspectEpoch";
import { readSettledEpochs, type SettledEpoch } from "../facts/settledEpochs";

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
  /** Called after each epoch, for showing progress. */
  readonly onInspected?: ((inspected: InspectedEpoch) => void) | undefined;
  readonly onProgress?: OnProgress;
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
  { start = beginning, fromEpoch = start.nextEpoch, onInspected, onProgress = noProgress }: VerifyOptions = {},
): Promise<Verification> {
  const settled = await readSettledEpochs(connection);
  if (toEpoch >= settled.length) return { kind: "notSettled", epoch: toEpoch, settledEpochs: settled.length };
  const findings: EpochFinding[] = [];
  for await (const inspected of inspectEpochs(connection, settled, start, { toEpoch, onProgress })) {
    const { finding } = inspected;
    if (finding.epoch >= fromEpoch && differenceOf(finding) !== null) findings.push(finding);
    onInspected?.(inspected);
    onProgress("epochs that were computed", finding.epoch + 1, toEpoch + 1);
  }
  const [first] = findings;
  return first === undefined
    ? { kind: "verified", fromEpoch, toEpoch }
    : { kind: "different", epoch: first.epoch, difference: differenceOf(first)!, findings };
}

/** What is wrong with an epoch, first of all; null where nothing is. */
export function differenceOf({ difference, repostDifference }: EpochFinding): string | null {
  return difference ?? repostDifference;
}

/**
 * Looks at settled epochs one after the other, each on top of what the one before left as it stands.
 * @param settled Every settled epoch.
 */
async function* inspectEpochs(
  connection: Connection,
  settled: readonly SettledEpoch[],
  start: StartingPoint,
  { toEpoch = settled.length - 1, onProgress = noProgress }: { toEpoch?: number; onProgress?: OnProgress } = {},
): AsyncGenerator<InspectedEpoch> {
  const funds = await readFundsBefore(connection, settled);
  let { carried } = start;
  for (let epoch = start.nextEpoch; epoch <= toEpoch; epoch++) {
    const inspected = await inspectEpoch(connection, epoch, settled[epoch]!, carried, funds[epoch]!, onProgress);
    carried = inspected.standing.carried;
    yield inspected;
  }
}
