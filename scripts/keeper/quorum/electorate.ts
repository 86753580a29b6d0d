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
  /** Its position among the epoch's active validators. */
  readonly position: number;
}

/** Who may sign for an epoch, and when nobody has to. */
export interface Electorate {
  readonly epoch: number;
  readonly signers: readonly EpochSigner[];
  /** Stake that must sign, in wei; null if all of it together is below the floor: then no quorum is possible. */
  readonly neededWei: bigint | null;
  /** From when a keeper may settle the epoch, or repost its vetoed root, without them; unix seconds. */
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

/** Who vouches for a signature: the operator's key, or the operator's contract. */
export type SignedBy = "key" | "contract";

/**
 * How the SettlementQuorum accepts a signature as an operator's: by its key, or, if the operator has code, because the
 * contract approves it (ERC-1271); undefined if it doesn't.
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
    // Whatever the error, the node has answered: this contract doesn't answer as ERC-1271 requires.
    if (rpcErrorOf(error) !== undefined) return undefined;
    throw error;
  }
}

/** Maximum gas for asking a contract, which must neither keep a node busy nor fill a block. */
const mostGas = 2_000_000n;

const erc1271 = parseAbi(["function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)"]);

/** A contract's approval as ERC-1271 defines it, as a word. */
const isValid = padHex("0x1626ba7e", { dir: "right" });

/** Half of the curve's order: each signature has a second form, with s above it. */
const largestS = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

/** r ‖ s ‖ v with the lower s, and v 27 or 28: the only form of a signature that the contract takes. */
function isCanonical(signature: Hex): boolean {
  if (size(signature) !== 65) return false;
  return BigInt(slice(signature, 32, 64)) <= largestS && ["0x1b", "0x1c"].includes(slice(signature, 64));
}
