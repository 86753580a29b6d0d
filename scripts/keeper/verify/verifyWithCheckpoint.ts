import { existsSync } from "node:fs";
import { type Connection } from "../../chain/connection";
import { noProgress } from "../../core/progress";
import { CheckpointError, readCheckpoint, writeCheckpoint } from "./checkpoint";
import { type InspectedEpoch } from "./inspectEpoch";
import { beginning, type Verification, type VerifyOptions, verifyEpochs } from "./verifyEpochs";

/** How to verify with a checkpoint. */
export interface CheckpointOptions extends Omit<VerifyOptions, "start"> {
  readonly checkpointFile?: string | undefined;
}

/** What came of verifying with a checkpoint: it may say that there is nothing to do. */
export type CheckpointedVerification = Verification | { readonly kind: "alreadyVerified"; readonly epoch: number };

/**
 * Verifies up to `toEpoch`, beginning after the checkpoint's epoch where its file exists, and writes the checkpoint where
 * everything agreed and the last epoch's root stands on chain.
 * @throws CheckpointError where the checkpoint can't be believed, or stands after epochs that are to be judged.
 */
export async function verifyWithCheckpoint(
  connection: Connection,
  toEpoch: number,
  { checkpointFile, fromEpoch, onInspected, onProgress = noProgress }: CheckpointOptions,
): Promise<CheckpointedVerification> {
  if (checkpointFile === undefined) return verifyEpochs(connection, toEpoch, { fromEpoch, onInspected, onProgress });
  const start = existsSync(checkpointFile) ? await readCheckpoint(checkpointFile, connection) : beginning;
  if (fromEpoch === undefined && toEpoch === start.nextEpoch - 1) return { kind: "alreadyVerified", epoch: toEpoch };
  const firstJudged = fromEpoch ?? start.nextEpoch;
  if (Math.min(firstJudged, toEpoch) < start.nextEpoch) {
    throw new CheckpointError(
      `The checkpoint ${checkpointFile} stands after epoch ${start.nextEpoch - 1}: name later epochs, or leave the checkpoint away.`,
    );
  }
  let last: InspectedEpoch | undefined;
  const verification = await verifyEpochs(connection, toEpoch, {
    start,
    fromEpoch: firstJudged,
    onProgress,
    onInspected(inspected) {
      last = inspected;
      onInspected?.(inspected);
    },
  });
  if (verification.kind === "verified" && last !== undefined && isOnChain(last)) {
    await writeCheckpoint(checkpointFile, connection, toEpoch, last.finding.root, last.standing.carried);
  }
  return verification;
}

/** Only a root that the chain has can vouch for a checkpoint. */
function isOnChain({ finding: { root, rightRoot, isVetoed } }: InspectedEpoch): boolean {
  return root === rightRoot && !isVetoed;
}
