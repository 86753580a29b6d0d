import { isDeepStrictEqual } from "node:util";
import { type Connection } from "../../chain/connection";
import { type Carried } from "../compute/computeSettlement";
import { type Funds } from "../../core/assembleInputs";
import { readFundsBefore } from "../facts/fundsBefore";
import { type EpochFinding, inspectEpoch } from "../verify/inspectEpoch";
import { readSettledEpochs, type SettledEpoch } from "../facts/settledEpochs";
import { differenceOf, type StartingPoint } from "../verify/verifyEpochs";
import { EndpointsDisagreeError, type Jury } from "./jury";

/** What was found of an epoch, and what it hands to the next as it stands. */
export interface JudgedEpoch {
  readonly finding: EpochFinding;
  readonly carried: Carried;
}

/**
 * Judges the epoch after `before`. Each endpoint that is asked has it computed from the facts that this endpoint shows; two
 * must lead to the same finding, and leave the same behind. One alone may have erred, so where there is no other it must
 * show a difference twice, with everything read again.
 * @param settled Every settled epoch.
 * @param funds What could pay for each of them.
 * @throws EndpointsDisagreeError
 */
export async function judgeEpoch(
  jury: Jury,
  settled: readonly SettledEpoch[],
  funds: readonly Funds[],
  before: StartingPoint,
): Promise<JudgedEpoch> {
  const subject = `epoch ${before.nextEpoch}`;
  const judged = await jury.agree(subject, (view) => inspect(view, settled, funds, before));
  if (!jury.isOne || differenceOf(judged.finding) === null) return judged;
  const again = await jury.agree(subject, (view) => inspectAnew(view, before));
  if (isDeepStrictEqual(again, judged)) return judged;
  throw new EndpointsDisagreeError(`The only endpoint in use shows ${subject} in two ways, so nothing is concluded.`);
}

async function inspect(
  view: Connection,
  settled: readonly SettledEpoch[],
  funds: readonly Funds[],
  { nextEpoch, carried }: StartingPoint,
): Promise<JudgedEpoch> {
  const { finding, standing } = await inspectEpoch(view, nextEpoch, settled[nextEpoch]!, carried, funds[nextEpoch]!);
  return { finding, carried: standing.carried };
}

/** Undefined where the epoch is settled no more. */
async function inspectAnew(view: Connection, before: StartingPoint): Promise<JudgedEpoch | undefined> {
  const settled = await readSettledEpochs(view);
  if (before.nextEpoch >= settled.length) return undefined;
  return inspect(view, settled, await readFundsBefore(view, settled), before);
}
