import { type Address, isAddressEqual, getAddress } from "viem";
import { type Connection } from "../chain/connection";
import { type Profile, shownProfile } from "../core/profile";
import { type Contracts } from "../chain/contracts";
import { type Fold } from "../chain/events/eventLog";
import { accountAt, amountAt, type RewardList } from "../core/rewardTree/rewardList";
import { lowerCase } from "../core/address";
import { descending } from "../core/fixedPoint";

/** Who an account says it is, as it may be shown; null if it says nothing. */
export async function readProfile(
  { contracts }: Pick<Connection, "contracts">,
  account: Address,
): Promise<Profile | null> {
  return shownProfile(await contracts.directory.read.profileOf([account]));
}

/** Stake that is leaving. */
export interface Exit {
  /** It can be withdrawn from the start of this epoch, and slashed until then. */
  readonly withdrawableEpoch: number;
  readonly amountWei: bigint;
}

/** An account's stake on one validator; on itself this is its own stake. Amounts in wei. */
export interface Position {
  readonly validator: Address;
  /** Stake that counts for the running epoch. */
  readonly countsWei: bigint;
  /** Stake that will count from the epoch after the next on, if nothing changes: with additions, without exits. */
  readonly willCountWei: bigint;
  readonly withdrawableWei: bigint;
  readonly exits: readonly Exit[];
}

/**
 * Where an account's stake is, as of the pending block: one position for each of `validators` on which it has anything
 * at all.
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

/** An account that a claim would pay. Amounts in wei. */
export interface ClaimableAccount {
  readonly account: Address;
  readonly claimableWei: bigint;
}

/** The total that each account was paid, in wei, by account in lower case. */
const claimed: Fold<Map<Address, bigint>> = {
  names: ["Claimed"],
  start: () => new Map(),
  copy: (paid) => new Map(paid),
  apply(paid, event) {
    if (event.name === "Claimed") paid.set(lowerCase(event.args.account), event.args.cumulative);
  },
};

/**
 * Everyone with something to claim, the largest amount first.
 * @param list What everyone has earned according to the root that can be claimed against.
 */
export async function listClaimable({ events }: Connection, list: RewardList): Promise<readonly ClaimableAccount[]> {
  const paid = await events.fold(claimed);
  const rows: ClaimableAccount[] = [];
  for (const position of list.byAccount) {
    const account = accountAt(list, position);
    const claimableWei = amountAt(list, position) - (paid.get(account) ?? 0n);
    if (claimableWei > 0n) rows.push({ account: getAddress(account), claimableWei });
  }
  return rows.sort((a, b) => descending(a.claimableWei, b.claimableWei));
}
