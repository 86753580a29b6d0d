import { type Address, maxUint256 } from "viem";
import { type Connection } from "../../chain/connection";

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
  /** How much stake must sign; null where all of it together is below the floor: then no quorum is possible. */
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
