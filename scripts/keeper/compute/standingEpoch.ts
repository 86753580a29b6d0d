import { type Connection } from "../../chain/connection";
import { type Carried, type ComputedEpoch, treeOfRewards } from "./computeSettlement";
import { addRewards, divideRewards } from "../../core/standingRewards";
import { type SettledEpoch } from "../facts/settledEpochs";
import { sum } from "../../core/fixedPoint";

/** An epoch as it stands: what it really added to everybody's rewards, whoever settled it and whatever root was posted. */
export interface StandingEpoch {
  /** In the form of a computed epoch: rewards, tree and root are those that stand, the amounts those that were settled. */
  readonly epoch: ComputedEpoch;
  /** What of the posted rewards is promised to nobody: what an honest repost returns to the pool. */
  readonly undividedWei: bigint;
}

/**
 * What stands of a settled epoch. Its amounts are as posted, for the money has moved; whose they are follows from the
 * epoch's facts, never from the posted root. So an epoch that was settled honestly stands exactly as computed, and after
 * any other the rewards still add up to what the Treasury holds.
 * @param computed The epoch as its facts call for, with the funds that there were before it was settled.
 * @param before What the epochs before it left.
 */
export async function standingEpoch(
  connection: Connection,
  computed: ComputedEpoch,
  before: Carried,
  { settlement, reposts }: Pick<SettledEpoch, "settlement" | "reposts">,
): Promise<StandingEpoch> {
  const { result } = computed;
  const { undividedWei, miners, validators } = divideRewards(result, {
    minerRewardsWei: settlement.minerRewards,
    validatorRewardsWei: settlement.validatorRewards,
    returnedWei: sum(reposts.map(({ returnedWei }) => returnedWei)),
  });
  if (miners.rewardsWei === result.miners.rewardsWei && validators.rewardsWei === result.validators.rewardsWei) {
    return { epoch: computed, undividedWei };
  }
  const cumulative = addRewards(before.cumulative, { miners, validators });
  const tree = await treeOfRewards(connection, cumulative);
  const epoch: ComputedEpoch = {
    ...computed,
    result: { ...result, miners: { ...result.miners, ...miners }, validators: { ...result.validators, ...validators } },
    tree,
    settlement: { ...settlement, rewardsRoot: tree.root },
    carried: { cumulative, bonds: computed.carried.bonds },
  };
  return { epoch, undividedWei };
}
