import { atBlock } from "../../chain/atBlock";
import { type Connection, type Witness } from "../../chain/connection";
import { type EpochFinding, inspectEpoch } from "../../keeper/inspectEpoch";
import { readFundsBefore } from "../../keeper/fundsBefore";
import { readSettledEpochs } from "../../keeper/settledEpochs";
import { type StartingPoint } from "../../keeper/verifyEpochs";

/** A settlement seems wrong to one endpoint and not to another: nobody knows which of them is. */
export class EndpointsDisagreeError extends Error {
  override readonly name = "EndpointsDisagreeError";
}

/**
 * Sees to it that nobody is accused on one endpoint's word: everything that decides the epoch is read again, through one
 * endpoint alone and then another, until two of them show the very same difference; one does where no other is in use.
 * @param witnesses The endpoints in use. The first ones are asked most, so it is the last ones that can best contradict them.
 * @param headBlock The block as of which the difference was found.
 * @param before What the epochs before it left; known to be right, as every difference before was confirmed like this one.
 * @throws EndpointsDisagreeError where too few of them show it; what hindered an endpoint from telling where that was it.
 */
export async function confirmDifference(
  witnesses: readonly Witness[],
  headBlock: bigint,
  before: StartingPoint,
  finding: EpochFinding,
): Promise<void> {
  const needed = Math.min(2, witnesses.length);
  let confirmed = 0;
  let problem: unknown = new EndpointsDisagreeError(`No endpoint is left to confirm what epoch ${finding.epoch} is.`);
  for (const { endpoint, connection } of [...witnesses].reverse()) {
    try {
      const again = await inspectAlone(atBlock(connection, headBlock), before);
      if (again === undefined || !isSame(again, finding)) throw disagreement(endpoint, finding.epoch);
      if (++confirmed === needed) return;
    } catch (error) {
      problem = error;
    }
  }
  throw problem;
}

async function inspectAlone(
  view: Connection,
  { nextEpoch, carried }: StartingPoint,
): Promise<EpochFinding | undefined> {
  const settled = await readSettledEpochs(view);
  const own = settled[nextEpoch];
  if (own === undefined) return undefined;
  const funds = await readFundsBefore(view, settled);
  return (await inspectEpoch(view, nextEpoch, own, carried, funds[nextEpoch]!)).finding;
}

function isSame(one: EpochFinding, other: EpochFinding): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function disagreement(endpoint: string, epoch: number): EndpointsDisagreeError {
  return new EndpointsDisagreeError(
    `Epoch ${epoch} differs from its facts, but not as ${endpoint} shows them: an endpoint is wrong, so nothing is vetoed.`,
  );
}
