import { type Connection, type Witness, type Witnesses } from "../../chain/connection";
import { readSettledEpochs, type SettledEpoch } from "./settledEpochs";

/**
 * The settlements as the chain has them now. What is known stays as long as its block does, so a look that finds nothing
 * new costs one read, and after a reorganisation only what it touched is read again. The newest one that is known is read
 * again with the first new one: until then, and no longer, its root can have been vetoed and posted again.
 * @param known The settlements as the chain had them at the last look, in order.
 * @param nextEpoch The next epoch to settle, which is how many settlements there are.
 */
export async function followSettlements(
  connection: Connection,
  known: readonly SettledEpoch[],
  nextEpoch: number,
): Promise<readonly SettledEpoch[]> {
  const kept = await stillThere(connection, known.slice(0, nextEpoch));
  if (kept.length === nextEpoch) return kept;
  return [...kept.slice(0, -1), ...(await readSettledEpochs(connection, kept.at(-1)))];
}

/** Those of the known settlements whose block is where it was. */
export async function stillThere(
  connection: Connection,
  known: readonly SettledEpoch[],
): Promise<readonly SettledEpoch[]> {
  let kept = known;
  while (kept.length > 0 && !(await isStillThere(connection, kept.at(-1)!))) kept = kept.slice(0, -1);
  return kept;
}

/** A block that is where it was has every block below it where it was, too. */
async function isStillThere({ reader }: Connection, { blockNumber, blockHash }: SettledEpoch): Promise<boolean> {
  if ((await reader.getBlockNumber()) < blockNumber) return false;
  return (await reader.getBlock({ blockNumber })).hash === blockHash;
}

/** The chain was shown as it was some blocks ago. */
export class OlderViewError extends Error {
  override readonly name = "OlderViewError";
}

/**
 * Sees to it that a chain which ends before a settlement that is known has really become shorter. While any endpoint still
 * shows that settlement's block, whoever showed less only lags behind, and nothing was taken back.
 * @param headBlock Where the chain ends, as it was shown.
 * @throws OlderViewError
 */
export async function requireNoOlderView(
  headBlock: bigint,
  known: readonly SettledEpoch[],
  witnesses: Witnesses,
): Promise<void> {
  const newest = known.at(-1);
  if (newest === undefined || headBlock >= newest.blockNumber) return;
  const shown = await Promise.all(witnesses().map((witness) => showsBlockOf(witness, newest)));
  if (!shown.includes(true)) return;
  throw new OlderViewError(
    `The chain was shown up to block ${headBlock} only, but block ${newest.blockNumber}, in which epoch ${newest.settlement.epoch} was settled, is still there.`,
  );
}

/** Not where the endpoint lacks the block, or can't say. */
async function showsBlockOf(
  { connection: { reader } }: Witness,
  { blockNumber, blockHash }: SettledEpoch,
): Promise<boolean> {
  try {
    return (await reader.getBlock({ blockNumber })).hash === blockHash;
  } catch {
    return false;
  }
}
