import { type SingleEndpoint, type SingleEndpoints } from "../../chain/pooledConnection";
import { type SettledEpoch } from "./settledEpochs";

/** The chain was shown as it was some blocks ago. */
export class OlderViewError extends Error {
  override readonly name = "OlderViewError";
}

/**
 * Ensures that a chain which ends before a settlement that is known has really become shorter. While any endpoint still
 * shows that settlement's block, anyone who showed less only lags behind, and nothing was dropped.
 * @param headBlock Where the chain ends, as it was shown.
 * @throws OlderViewError
 */
export async function requireNoOlderView(
  headBlock: bigint,
  known: readonly SettledEpoch[],
  singleEndpoints: SingleEndpoints,
): Promise<void> {
  const newest = known.at(-1);
  if (newest === undefined || headBlock >= newest.blockNumber) return;
  const shown = await Promise.all(singleEndpoints().map((source) => showsBlockOf(source, newest)));
  if (!shown.includes(true)) return;
  throw new OlderViewError(
    `An endpoint shows the chain only up to block ${headBlock}, but block ${newest.blockNumber}, which settled epoch ${newest.settlement.epoch}, still exists.`,
  );
}

/** Not where the endpoint lacks the block, or can't say. */
async function showsBlockOf(
  { connection: { reader } }: SingleEndpoint,
  { blockNumber, blockHash }: SettledEpoch,
): Promise<boolean> {
  try {
    return (await reader.getBlock({ blockNumber })).hash === blockHash;
  } catch {
    return false;
  }
}
