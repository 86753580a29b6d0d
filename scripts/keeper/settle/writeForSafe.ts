import { nextTimestamp } from "../../chain/blocks";
import { type Connection } from "../../chain/connection";
import { safeBatch } from "./safeBatch";
import { type SettleOutcome } from "./settleEpoch";
import { writeWhole } from "../archive/textFile";

/** Writes a settlement that is ready to be sent to a file that a Safe's Transaction Builder imports. */
export async function writeForSafe(
  { reader, contracts, deployment }: Connection,
  { epoch, calldata }: Extract<SettleOutcome, { kind: "ready" }>,
  path: string,
): Promise<void> {
  const batch = safeBatch({
    chainId: deployment.chainId,
    to: contracts.treasury.address,
    data: calldata,
    name: `Settle epoch ${epoch}`,
    createdAt: Number(await nextTimestamp(reader)),
  });
  await writeWhole(path, [JSON.stringify(batch, null, 2), "\n"]);
}
