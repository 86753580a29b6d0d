import {
  type Address,
  maxUint256,
  encodeFunctionData,
  type Hex,
  padHex,
  parseAbi,
  recoverAddress,
  size,
  slice,
} from "viem";
import { type Connection } from "../../chain/connection";
import { rpcErrorOf } from "../../chain/nodeErrors";

/** A validator that may sign for an epoch. */
export interface EpochSigner {
  /** Its owner. */
  readonly validator: Address;
  /** Its weight, in wei. */
  readonly stakeWei: bigint;
  /** Where it stands among the epoch's active validators. */
  readonly position: number;
}

/** Who may sign for an epoch, and when nobody has to. */
export interface Electorate {
  readonly epoch: number;
  readonly signers: readonly EpochSigner[];
  /** How much stake must sign; null if all of it together is below the floor: then no quorum is possible. */
  readonly neededWei: bigint | null;
  /** From when a keeper may settle the epoch, or post its vetoed root again, without them; unix seconds. */
  readonly soloFrom: number;
}

/** Reads who may sign for an epoch. */
export async function readElectorate({ contracts }: Connection, epoch: number): Promise<Electorate> {
  const { settlementQuorum } = contracts;
  const [[validators, stakesWei, neededWei], soloFrom] = await Promise.all([
    settlementQuorum.read.signersOf([BigInt(epoch)]),
    settlementQuorum.read.soloAllowedFrom([BigInt(epoch)]),
  ]);
  return {
    epoch,
    signers: validators.map((validator, position) => ({ validator, stakeWei: stakesWei[position]!, position })),
    neededWei: neededWei === maxUint256 ? null : neededWei,
    soloFrom: Number(soloFrom),
  };
}

/** Whose signature it is: of the operator's key, or by the word of the operator's contract. */
export type SignedBy = "key" | "contract";

/**
 * Whether the SettlementQuorum takes a signature as an operator's: its key's, or, where it has code, what that says is one
 * (ERC-1271).
 */
export async function signedBy(
  { reader }: Pick<Connection, "reader">,
  operator: Address,
  digest: Hex,
  signature: Hex,
): Promise<SignedBy | undefined> {
  if (isCanonical(signature)) {
    const signer = await recoverAddress({ hash: digest, signature }).catch(() => undefined);
    if (signer === operator) return "key";
  }
  if ((await reader.getCode({ address: operator })) === undefined) return undefined;
  const question = encodeFunctionData({ abi: erc1271, args: [digest, signature] });
  try {
    const { data } = await reader.call({ to: operator, data: question, gas: mostGas });
    return data?.startsWith(isValid) ? "contract" : undefined;
  } catch (error) {
    // However it fails, the node has answered: what stands there does not answer as ERC-1271 has it.
    if (rpcErrorOf(error) !== undefined) return undefined;
    throw error;
  }
}

/** What a contract's word may take: it must neither keep a node busy nor fill a block. */
const mostGas = 2_000_000n;

const erc1271 = parseAbi(["function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)"]);

/** What ERC-1271 has a contract answer, as a word. */
const isValid = padHex("0x1626ba7e", { dir: "right" });

/** Half of the curve's order: for each signature there is a second one, with s above it. */
const largestS = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

/** r ‖ s ‖ v with the lower s and v 27 or 28: of each signature the one form that the contract takes. */
function isCanonical(signature: Hex): boolean {
  if (size(signature) !== 65) return false;
  return BigInt(slice(signature, 32, 64)) <= largestS && ["0x1b", "0x1c"].includes(slice(signature, 64));
}
