/** What a validator does for its slots: the epoch's leaders are drawn, and the slots that it leads are produced. */
import { type Address, isAddressEqual, zeroHash } from "viem";
import { type NodeView } from "../run/nodeView";
import { type Duty } from "../run/rehearsals";

/**
 * What is to be done for the running slot.
 * @param place The validator's place among the active ones in this epoch: the first draws at once, each further one waits a slot
 * longer, so that they do not all pay for the same call.
 */
export async function slotDuties(
  { chain, epoch, slot, headBlock }: NodeView,
  validator: Address,
  place: number,
): Promise<readonly Duty[]> {
  if (epoch === null || slot === null) return [];
  const { blockRewards } = chain.contracts;
  const { openedInBlock, seed } = await blockRewards.read.rotationOf([BigInt(epoch)]);
  if (seed === zeroHash) {
    const slotInEpoch = slot - epoch * chain.deployment.config.clock.slotsPerEpoch;
    if (slotInEpoch < place) return [];
    if (openedInBlock === 0n) {
      return [{ name: `open epoch ${epoch}`, call: { ...blockRewards, functionName: "openEpoch", args: [] } }];
    }
    if (headBlock < openedInBlock) return [];
    return [{ name: `seal epoch ${epoch}`, call: { ...blockRewards, functionName: "sealEpoch", args: [] } }];
  }
  const [leader, isProduced] = await Promise.all([
    blockRewards.read.leaderOf([BigInt(slot)]),
    blockRewards.read.hasProduced([BigInt(slot)]),
  ]);
  if (isProduced || !isAddressEqual(leader, validator)) return [];
  return [{ name: `produce slot ${slot}`, call: { ...blockRewards, functionName: "produce", args: [] } }];
}
