import { createWalletClient, type Hex, http, keccak256, zeroAddress } from "viem";
import { commitmentOf, encodeScores, type Score } from "../keeper/scorePayload";
import { type Connection } from "./connection";
import { addressOf, type Signer } from "./signer";
import { transact } from "./transact";

/** The signer acts for no validator. */
export class NotAValidatorError extends Error {
  override readonly name = "NotAValidatorError";
}

/**
 * The salt of one validator's scores for one epoch: a hash of the signer's signature. Signatures are deterministic
 * (RFC 6979), so the key alone brings a lost salt back, and nobody without the key can guess it.
 */
async function saltOf({ url, deployment, reader }: Connection, signer: Signer, epoch: bigint): Promise<Hex> {
  const wallet = createWalletClient({ account: signer, transport: http(url, { retryCount: 0 }) });
  const message = [
    "ModernTensor: salt of my scores. Sign this nowhere else.",
    `chain ${await reader.getChainId()}`,
    `score board ${deployment.addresses.ScoreBoard.toLowerCase()}`,
    `epoch ${epoch}`,
  ].join("\n");
  return keccak256(await wallet.signMessage({ account: signer, message }));
}

/** The validator for which the signer acts, its payload and its commitment for `epoch`. */
async function sealedScores(connection: Connection, signer: Signer, epoch: bigint, scores: readonly Score[]) {
  const { staking, scoreBoard } = connection.contracts;
  const validator = await staking.read.validatorOf([addressOf(signer)]);
  if (validator === zeroAddress) {
    throw new NotAValidatorError(`${addressOf(signer)} is neither a validator nor a validator's operator.`);
  }
  const payload = encodeScores(scores);
  const salt = await saltOf(connection, signer, epoch);
  const chainId = await connection.reader.getChainId();
  const commitment = commitmentOf(payload, { chainId, scoreBoard: scoreBoard.address, validator, epoch, salt });
  return { validator, payload, salt, commitment };
}

/** Commits to scores for the running epoch. The same key and the same scores reveal them later; nothing else is needed. */
export async function commitScores(connection: Connection, signer: Signer, scores: readonly Score[]) {
  const { scoreBoard } = connection.contracts;
  const epoch = await scoreBoard.read.currentEpoch({ blockTag: "pending" });
  const { validator, commitment } = await sealedScores(connection, signer, epoch, scores);
  await transact(connection, signer, { ...scoreBoard, functionName: "commitScores", args: [commitment] });
  return { validator, epoch, commitment };
}

/** Reveals the scores that were committed for `epoch`; the operator that committed must be the one that reveals. */
export async function revealScores(connection: Connection, signer: Signer, epoch: bigint, scores: readonly Score[]) {
  const { scoreBoard } = connection.contracts;
  const { validator, payload, salt } = await sealedScores(connection, signer, epoch, scores);
  await transact(connection, signer, { ...scoreBoard, functionName: "revealScores", args: [epoch, payload, salt] });
  return { validator, epoch, payload };
}
