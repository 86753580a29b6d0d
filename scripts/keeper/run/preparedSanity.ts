import { parseUnits } from "viem";
import { type Connection } from "../../chain/connection";
import { type SettledEpoch } from "../facts/settledEpochs";
import { type PreparedSettlement } from "../settle/settlementCall";
import { recentEpochs, type Sanity, sanityOf } from "./sanity";

/**
 * The sanity on a settlement that was just prepared.
 * @param settled Every settled epoch, in order.
 */
export function sanityOfPrepared(
  { deployment }: Pick<Connection, "deployment">,
  settled: readonly SettledEpoch[],
  { before, computed }: PreparedSettlement,
): Sanity {
  return sanityOf({
    settlement: computed.settlement,
    before: before.cumulative,
    after: computed.carried.cumulative,
    baseRewardWei: computed.collected.baseRewardWei,
    halvingIntervalEpochs: computed.collected.halvingIntervalEpochs,
    settled: settled.slice(-recentEpochs).map(({ settlement }) => settlement),
    maxJumpFactorWad: parseUnits(String(deployment.config.keeper.maxJumpFactor), 18),
  });
}
