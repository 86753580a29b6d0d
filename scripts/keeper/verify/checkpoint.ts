import { existsSync } from "node:fs";
import { type Address, type Hex } from "viem";
import { z } from "zod";
import { type Connection } from "../../chain/connection";
import { type Carried, treeOfRewards } from "../compute/computeSettlement";
import { canonicalHash, type JsonObject } from "../../core/canonicalJson";
import { bondRowsSchema, bondsOf, writeBonds } from "../archive/epochReport";
import { UnreadableFileError, readOwnJson, setAside } from "../archive/jsonFile";
import { readSettledEpochs, rootOf } from "../facts/settledEpochs";
import { writeWhole } from "../archive/textFile";
import {
  type InspectedEpoch,
  beginning,
  inspectEpochs,
  type StartingPoint,
  type Verification,
  verifyEpochs,
  type VerifyOptions,
} from "./verifyEpochs";

/** How to verify with a checkpoint. */
export interface CheckpointOptions extends Omit<VerifyOptions, "start"> {
  readonly checkpointFile?: string | undefined;
  /** Called with one sentence when the checkpoint can't be used and was set aside. */
  readonly onSetAside?: (sentence: string) => void;
}

/** The outcome of verifying with a checkpoint: there may be nothing to do. */
export type CheckpointedVerification = Verification | { readonly kind: "alreadyVerified"; readonly epoch: number };

/**
 * Verifies up to `toEpoch`, starting after the checkpoint's epoch if its file exists. Writes the checkpoint if
 * everything agreed and the last epoch's root stands on chain. A checkpoint that can't be used is set aside, and
 * everything is verified from the first epoch.
 * @throws LateCheckpointError if the checkpoint is later than epochs that are to be judged.
 */
export async function verifyWithCheckpoint(
  connection: Connection,
  toEpoch: number,
  { checkpointFile, fromEpoch, onProgress, onSetAside = () => undefined }: CheckpointOptions,
): Promise<CheckpointedVerification> {
  if (checkpointFile === undefined) return verifyEpochs(connection, toEpoch, { fromEpoch, onProgress });
  const start = await startingPoint(checkpointFile, connection, onSetAside);
  if (fromEpoch === undefined && toEpoch === start.nextEpoch - 1) return { kind: "alreadyVerified", epoch: toEpoch };
  const firstJudged = fromEpoch ?? start.nextEpoch;
  if (Math.min(firstJudged, toEpoch) < start.nextEpoch) {
    throw new LateCheckpointError(
      `The checkpoint ${checkpointFile} ends with epoch ${start.nextEpoch - 1}: choose later epochs, or omit --checkpoint.`,
    );
  }
  const options = { start, fromEpoch: firstJudged, onProgress };
  const { verification, last } = await inspectEpochs(connection, toEpoch, options);
  if (verification.kind === "verified" && last !== undefined && isOnChain(last)) {
    await writeCheckpoint(checkpointFile, connection, toEpoch, last.finding.root, last.standing.carried);
  }
  return verification;
}

/** After the checkpoint's epoch if there is a usable checkpoint, else the beginning. */
async function startingPoint(
  path: string,
  connection: Connection,
  onSetAside: (sentence: string) => void,
): Promise<StartingPoint> {
  const read = existsSync(path) ? await readCheckpoint(path, connection) : beginning;
  if (!("problem" in read)) return read;
  onSetAside(setAside(path, read.problem, ", and verification starts from the first epoch"));
  return beginning;
}

/** Only a root that the chain has can vouch for a checkpoint. */
function isOnChain({ finding: { root, rightRoot, isVetoed } }: InspectedEpoch): boolean {
  return root === rightRoot && !isVetoed;
}

/** The checkpoint is later than epochs that are to be judged. */
export class LateCheckpointError extends Error {
  override readonly name = "LateCheckpointError";
}

const wei = z.string().regex(/^\d+$/);
const hex = z.string().regex(/^0x[0-9a-f]+$/);

const contentSchema = z.strictObject({
  chainId: z.int(),
  treasury: hex,
  /** The last epoch that was verified, and the root of everyone's rewards after it. */
  epoch: z.int().nonnegative(),
  root: hex,
  rewards: z.array(z.tuple([hex, wei])),
  bonds: bondRowsSchema,
});

const checkpointSchema = z.strictObject({ content: contentSchema, contentHash: hex });

/**
 * Writes what a verification found up to `epoch`, so that a later one can start there: everyone's rewards, the bonds,
 * and the chain, Treasury, epoch and root that they belong to.
 */
export async function writeCheckpoint(
  path: string,
  connection: Connection,
  epoch: number,
  root: Hex,
  { cumulative, bonds }: Carried,
): Promise<void> {
  const content: JsonObject = {
    ...(await networkOf(connection)),
    epoch,
    root,
    rewards: [...cumulative].map(([account, cumulativeWei]) => [account, cumulativeWei.toString()]),
    bonds: writeBonds(bonds),
  };
  await writeWhole(path, [JSON.stringify({ content, contentHash: canonicalHash(content) }), "\n"], 0o600);
}

/**
 * Reads a checkpoint. Its rewards are believed because their tree has the root that the chain has. For its bonds, and
 * for the correctness of earlier settlements, you have only its author's word: use your own.
 * @returns The starting point; or what is wrong, as the rest of a sentence that begins with the path, if the file can't
 * be read, is damaged, belongs to another chain or Treasury, or does not have the chain's root.
 */
export async function readCheckpoint(
  path: string,
  connection: Connection,
): Promise<StartingPoint | { readonly problem: string }> {
  let json: unknown;
  try {
    json = readOwnJson(path);
  } catch (error) {
    if (error instanceof UnreadableFileError) return { problem: error.problem };
    throw error;
  }
  const { data } = checkpointSchema.safeParse(json);
  if (data === undefined) return { problem: "is not a complete checkpoint" };
  const { content, contentHash } = data;
  if (contentHash !== canonicalHash(content)) return { problem: "was changed after it was written" };
  const network = await networkOf(connection);
  if (content.chainId !== network.chainId || content.treasury !== network.treasury) {
    return { problem: "belongs to another chain or Treasury" };
  }
  const cumulative = new Map(content.rewards.map(([account, amountWei]) => [account as Address, BigInt(amountWei)]));
  const settled = (await readSettledEpochs(connection))[content.epoch];
  const { root } = await treeOfRewards(connection, cumulative);
  if (settled === undefined || rootOf(settled) !== root || content.root !== root) {
    return { problem: `does not match the on-chain root of epoch ${content.epoch}` };
  }
  return { nextEpoch: content.epoch + 1, carried: { cumulative, bonds: bondsOf(content.bonds) } };
}

async function networkOf({ reader, contracts }: Connection): Promise<{ chainId: number; treasury: string }> {
  return { chainId: await reader.getChainId(), treasury: contracts.treasury.address.toLowerCase() };
}
