import { type Address, createWalletClient, type Hex, keccak256, type Transport } from "viem";
import { commitmentOf, encodeScores, type Score } from "../core/scorePayload";
import { type Connection } from "../chain/connection";
import { type SealedScores } from "./sealedScores";
import { type Signer } from "../chain/signer";

/** Packs scores and hides them under a commitment that nobody can take for their own. */
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
 * The salt of one key's scores for one epoch: a hash of the key's signature. Signatures are deterministic (RFC 6979), so
 * the key alone brings a lost salt back, and nobody without the key can guess it.
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
