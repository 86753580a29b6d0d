import { type Hex } from "viem";
import { type Connection } from "../../chain/connection";
import { NoAnswerError } from "../../nodes/protocol/asker";
import { referenceStringOf } from "../../nodes/prover/referenceString";
import { openWorkProver } from "../../nodes/prover/workProver";
import { provenType } from "./cast";

const patienceMilliseconds = 60_000;

/**
 * Makes what all miners prove with, once for them together.
 * @returns Its folder; null where this machine can't prove, which is told: then nobody is asked to.
 */
export async function referenceForMiners(
  { deployment }: Connection,
  tell: (sentence: string) => void,
): Promise<string | null> {
  const crs = referenceStringOf(undefined, "local", undefined)!;
  const modelHash = deployment.config.tasks.types[provenType]!.modelHash as Hex;
  try {
    await openWorkProver(crs, patienceMilliseconds).prepare(modelHash);
    return crs.directory;
  } catch (error) {
    if (!(error instanceof NoAnswerError)) throw error;
    tell(`No digits are proven: ${error.message}.`);
    return null;
  }
}
