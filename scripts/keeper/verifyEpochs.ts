import { type Connection } from "../chain/connection";
import { noProgress } from "../text/progress";
import { computeSettlement, nothingCarried } from "./computeSettlement";
import { firstDifference } from "./core/settlement";
import { readFundsBefore } from "./fundsBefore";
import { readSettledEpochs } from "./settledEpochs";

/** What came of verifying: how far everything agreed, and the first difference where it did not. */
export type Verification =
  | { readonly kind: "verified"; readonly fromEpoch: number; readonly toEpoch: number }
  | { readonly kind: "different"; readonly epoch: number; readonly difference: string }
  | { readonly kind: "notSettled"; readonly epoch: number; readonly settledEpochs: number };

/**
 * Computes every epoch up to `epoch` again, from the chain and nothing else, and compares each field with what was settled.
 * Rewards are cumulative, so an epoch can only be verified together with those before it.
 */
export async function verifyEpochs(
  connection: Connection,
  epoch: number,
  onProgress = noProgress,
): Promise<Verification> {
  const settled = await readSettledEpochs(connection);
  if (epoch >= settled.length) return { kind: "notSettled", epoch, settledEpochs: settled.length };
  const funds = await readFundsBefore(connection, settled);
  let carried = nothingCarried;
  for (let e = 0; e <= epoch; e++) {
    const { settlement, recycledWei, mintedWei } = settled[e]!;
    const computed = await computeSettlement(connection, e, carried, funds[e], onProgress);
    const { emission } = computed.result;
    const difference =
      firstDifference(computed.settlement, settlement) ??
      amountDifference("recycled", emission.recycledWei, recycledWei) ??
      amountDifference("minted", emission.mintedWei, mintedWei);
    if (difference !== undefined) return { kind: "different", epoch: e, difference };
    onProgress("epochs that agree", e + 1, epoch + 1);
    carried = computed.carried;
  }
  return { kind: "verified", fromEpoch: 0, toEpoch: epoch };
}

function amountDifference(name: string, computedWei: bigint, settledWei: bigint): string | undefined {
  return computedWei === settledWei ? undefined : `${name} is ${settledWei} on chain, but should be ${computedWei}`;
}
