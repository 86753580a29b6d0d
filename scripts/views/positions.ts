import { type Address, isAddressEqual } from "viem";
import { type Contracts } from "../chain/contracts";

/** Stake leaving. */
export interface Exit {
  /** It can be withdrawn from the start of this epoch, and slashed until then. */
  readonly withdrawableEpoch: number;
  readonly amountWei: bigint;
}

/** What an account has on one validator; on itself this is its own stake. Amounts in wei. */
export interface Position {
  readonly validator: Address;
  /** What counts for the running epoch. */
  readonly countsWei: bigint;
  /** What will count from the epoch after the next on, if nothing changes: with what was added, without what leaves. */
  readonly willCountWei: bigint;
  readonly withdrawableWei: bigint;
  readonly exits: readonly Exit[];
}

/**
 * Where an account's stake is, in the block to come: one position for each of `validators` on which it has anything at all.
 * @param epoch The running one; 0 before genesis.
 */
export async function readPositions(
  { staking, stakingLens }: Contracts,
  account: Address,
  validators: readonly Address[],
  epoch: number,
): Promise<readonly Position[]> {
  const at = { blockTag: "pending" } as const;
  const positions = await Promise.all(
    validators.map(async (validator) => {
      const stakeIn = (counting: number): Promise<bigint> =>
        isAddressEqual(validator, account)
          ? staking.read.stakeAt([validator, BigInt(counting)], at)
          : staking.read.delegationAt([validator, account, BigInt(counting)], at);
      const [countsWei, willCountWei, withdrawableWei, exits] = await Promise.all([
        stakeIn(epoch),
        stakeIn(epoch + 2),
        stakingLens.read.withdrawableWei([validator, account], at),
        stakingLens.read.pendingExits([validator, account], at),
      ]);
      return { validator, countsWei, willCountWei, withdrawableWei, exits: exits.map(exitOf) };
    }),
  );
  return positions.filter(
    ({ countsWei, willCountWei, withdrawableWei, exits }) =>
      countsWei + willCountWei + withdrawableWei > 0n || exits.length > 0,
  );
}

function exitOf(exit: { readonly withdrawableEpoch: bigint; readonly amountWei: bigint }): Exit {
  return { withdrawableEpoch: Number(exit.withdrawableEpoch), amountWei: exit.amountWei };
}
