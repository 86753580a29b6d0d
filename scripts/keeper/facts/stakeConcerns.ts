import { type Address, isAddressEqual } from "viem";
import { type Connection } from "../../chain/connection";
import { concernedEpochs, concernsOf, type StakeConcern } from "../../core/stakeConcerns";
import { epochStatus } from "./epochStatus";
import { readSettledEpochs } from "./settledEpochs";
import { readPast } from "./validatorPast";

/** What an account should know of the validators with which it has stake. */
export async function readStakeConcerns(view: Connection, account: Address): Promise<readonly StakeConcern[]> {
  const { staking, stakingLens } = view.contracts;
  const epoch = (await epochStatus(view)).epoch ?? 0;
  const [seated, settled] = await Promise.all([
    // Whoever is jailed now is from the next epoch on.
    stakingLens.read.seatedValidators([BigInt(epoch + 1)]),
    readSettledEpochs(view),
  ]);
  const pasts = await readPast(
    view,
    seated.map(({ validator }) => validator),
    settled,
    concernedEpochs,
  );
  const concerns = await Promise.all(
    seated.map(async ({ validator, isJailed }) => {
      const found = concernsOf({ validator, isJailed, ...pasts.get(validator)! }, epoch);
      if (found.length === 0) return [];
      // What is staked now counts from the epoch after the next.
      const counting = BigInt(epoch + 2);
      const stakeWei = isAddressEqual(validator, account)
        ? await staking.read.stakeAt([validator, counting])
        : await staking.read.delegationAt([validator, account, counting]);
      return stakeWei === 0n ? [] : found;
    }),
  );
  return concerns.flat();
}
