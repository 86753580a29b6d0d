import { join } from "node:path";
import { type Address, createWalletClient, type Hex, keccak256, type Transport } from "viem";
import { z } from "zod";
import { type Connection } from "../chain/connection";
import { type Miner } from "../chain/participants";
import { type Signer } from "../chain/signer";
import { ADDRESS, addressProblem, wrongChecksum, lowerCase } from "../core/address";
import { type CommitmentContext, commitmentOf, encodeScores, type Score } from "../core/scores";
import { readStrict, RefusedInputError, wholeNumber, writtenAddress } from "../core/strictJson";
import { UnreadableFileError, readOwnJson, setAside } from "../keeper/archive/jsonFile";
import { writeWhole } from "../keeper/archive/textFile";

/** Scores can't be committed now, or committed scores can't be restored. */
export class ScoresError extends Error {
  override readonly name = "ScoresError";
}

/** Maximum bytes of a file of scores: enough for some 200,000 miners by address. */
export const scoreFileBytes = 1 << 24;

const inputSchema = z.record(z.string(), wholeNumber(0, 65_535), {
  error: 'must be an object of scores by miner, like { "1": 65535 }',
});

/**
 * Reads a validator's scores: a JSON object that gives miners, by id or by address, a score from 0 to 65,535. Miners
 * that it does not name have score 0.
 * @param miners Every miner, by id.
 * @throws RefusedInputError naming the first field that is not a score, not a miner, or a miner named before.
 */
export function parseScores(value: unknown, miners: readonly Miner[]): readonly Score[] {
  const idOf = new Map(
    miners.flatMap(({ minerId, account }) => [
      [String(minerId), minerId],
      [account.toLowerCase(), minerId],
    ]),
  );
  const scoreOf = new Map<number, number>();
  for (const [name, scoreU16] of Object.entries(readStrict(inputSchema, value, ""))) {
    const minerId = idOf.get(name.toLowerCase());
    if (ADDRESS.test(name) && addressProblem(name) !== undefined)
      throw new RefusedInputError(name, `does not name a miner: ${wrongChecksum}`);
    if (minerId === undefined) throw new RefusedInputError(name, 'does not name a miner: see "npx mdt miner list"');
    if (scoreOf.has(minerId)) throw new RefusedInputError(name, `names miner ${minerId} a second time`);
    scoreOf.set(minerId, scoreU16);
  }
  return [...scoreOf].map(([minerId, scoreU16]) => ({ minerId, scoreU16 }));
}

const address = writtenAddress.transform((text) => text as Address);
const bytes32 = z.custom<Hex>((text) => typeof text === "string" && /^0x[0-9a-f]{64}$/.test(text), {
  error: "must be 32 bytes in lower-case hexadecimal digits",
});
const bytes = z.custom<Hex>((text) => typeof text === "string" && /^0x([0-9a-f]{2})*$/.test(text), {
  error: "must be bytes in lower-case hexadecimal digits",
});

const sealedSchema = z.strictObject({
  epoch: wholeNumber(0, Number.MAX_SAFE_INTEGER),
  validator: address,
  payload: bytes,
  salt: bytes32,
  commitment: bytes32,
});

/** A validator's scores between commit and reveal: everything that the reveal needs. */
export type SealedScores = Readonly<z.output<typeof sealedSchema>>;

/**
 * Saves sealed scores before the commit, readable by this user alone. Files are named by commitment, so that no file
 * ever overwrites another, and the chain says which file is meant.
 * @param directory The deployment's data directory.
 * @returns The file.
 */
export async function saveSealedScores(directory: string, sealed: SealedScores): Promise<string> {
  const path = fileOf(directory, sealed);
  await writeWhole(path, [`${JSON.stringify(sealed, null, 2)}\n`], 0o600);
  return path;
}

/**
 * The scores sealed under a commitment; undefined if this machine has not saved them. A file that does not hold them is
 * set aside: then only the scores themselves, with the key that committed, can restore it.
 * @param board What the commitment is bound to: the chain and its ScoreBoard.
 * @throws ScoresError if the file was damaged.
 */
export function readSealedScores(
  directory: string,
  { epoch, commitment }: Pick<SealedScores, "epoch" | "commitment">,
  board: Pick<CommitmentContext, "chainId" | "scoreBoard">,
): SealedScores | undefined {
  const path = fileOf(directory, { epoch, commitment });
  try {
    const json = readOwnJson(path, scoreFileBytes);
    if (json === undefined) return undefined;
    const sealed = { ...readStrict(sealedSchema, json, path), epoch, commitment };
    const { payload, salt } = sealed;
    const context = { ...board, validator: lowerCase(sealed.validator), epoch: BigInt(epoch), salt };
    if (commitmentOf(payload, context) === commitment) return sealed;
  } catch (error) {
    if (error instanceof UnreadableFileError) throw lost(path, error.problem);
    if (!(error instanceof RefusedInputError)) throw error;
  }
  throw lost(path, "does not hold the scores that were committed");
}

function lost(path: string, problem: string): ScoresError {
  const whatHelps = ": name the file of these scores with --input, and sign with the key that committed";
  return new ScoresError(setAside(path, problem, whatHelps));
}

function fileOf(directory: string, { epoch, commitment }: Pick<SealedScores, "epoch" | "commitment">): string {
  return join(directory, "scores", `epoch-${epoch}-${commitment}.json`);
}

/** Packs scores and hides them in a commitment that nobody else can use as their own. */
export async function seal(
  connection: Connection,
  signer: Signer,
  { validator, epoch }: Pick<SealedScores, "validator" | "epoch">,
  scores: readonly Score[],
): Promise<SealedScores> {
  const payload = encodeScores(scores);
  const chainId = await connection.reader.getChainId();
  const scoreBoard = connection.contracts.scoreBoard.address;
  const salt = await saltOf(connection.transport, signer, chainId, scoreBoard, epoch);
  const commitment = commitmentOf(payload, { chainId, scoreBoard, validator, epoch: BigInt(epoch), salt });
  return { epoch, validator, payload, salt, commitment };
}

/**
 * The salt of one key's scores for one epoch: a hash of the key's signature. Signatures are deterministic (RFC 6979),
 * so the key alone restores a lost salt, and nobody without the key can guess it.
 */
async function saltOf(
  transport: Transport,
  signer: Signer,
  chainId: number,
  scoreBoard: Address,
  epoch: number,
): Promise<Hex> {
  const wallet = createWalletClient({ account: signer, transport });
  const message = [
    "ModernTensor: salt of my scores. Sign this nowhere else.",
    `chain ${chainId}`,
    `score board ${scoreBoard.toLowerCase()}`,
    `epoch ${epoch}`,
  ].join("\n");
  return keccak256(await wallet.signMessage({ account: signer, message }));
}
