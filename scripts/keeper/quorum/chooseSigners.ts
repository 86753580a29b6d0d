import { type Address, type Hex } from "viem";
import { type EpochSigner, type SignedBy } from "./electorate";

/** A validator whose signature was checked and is valid. */
export interface Signature extends EpochSigner {
  readonly signature: Hex;
  readonly by: SignedBy;
  /** The JSON value that held the signature. */
  readonly answer: unknown;
}

/** Enough signatures, as the SettlementQuorum takes them. */
export interface Quorum {
  /** Ascending. */
  readonly validators: readonly Address[];
  readonly positions: readonly bigint[];
  readonly signatures: readonly Hex[];
  /** The validators that signed through their contracts: these may answer differently when they are asked again. */
  readonly byContract: readonly Address[];
}

/** How much stake has signed, in wei. */
export function signedWeiOf(signed: readonly EpochSigner[]): bigint {
  return signed.reduce((sum, { stakeWei }) => sum + stakeWei, 0n);
}

/**
 * The fewest signatures that are enough: those with the most stake. Contracts' signatures are used only if keys alone
 * don't suffice: a contract decides what asking it costs, and the sender of the transaction pays that.
 * @returns Undefined if all together are not enough.
 */
export function chooseSigners(signed: readonly Signature[], neededWei: bigint): Quorum | undefined {
  const chosen: Signature[] = [];
  for (const one of signed.toSorted(byWorth)) {
    if (signedWeiOf(chosen) >= neededWei) break;
    chosen.push(one);
  }
  if (signedWeiOf(chosen) < neededWei) return undefined;
  chosen.sort((a, b) => (BigInt(a.validator) < BigInt(b.validator) ? -1 : 1));
  return {
    validators: chosen.map(({ validator }) => validator),
    positions: chosen.map(({ position }) => BigInt(position)),
    signatures: chosen.map(({ signature }) => signature),
    byContract: chosen.filter(({ by }) => by === "contract").map(({ validator }) => validator),
  };
}

function byWorth(a: Signature, b: Signature): number {
  if (a.by !== b.by) return a.by === "key" ? -1 : 1;
  return a.stakeWei > b.stakeWei ? -1 : 1;
}
