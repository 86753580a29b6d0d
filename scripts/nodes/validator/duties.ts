/** What a validator does besides scoring: it has leaders drawn, produces its slots, and reports those that miss their reveals. */
import { type Address, isAddressEqual, zeroHash } from "viem";
import { type NodeView } from "../run/nodeView";
import { type Duty } from "../run/rehearsals";
import { findReport } from "../../actions/duties";
import { revealWindowOf } from "../../views/epochTimes";

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

/** Who is to be reported; everybody is looked at once an epoch, when its reveals are over. */
export class Reports {
  #lookedIn: number | undefined;
  #suspects: readonly Address[] = [];

  /**
   * Reports that the score board would take now.
   * @param active Every active validator.
   * @param place As `slotDuties`.
   */
  async duties({ chain, epoch, now }: NodeView, active: readonly Address[], place: number): Promise<readonly Duty[]> {
    if (epoch === null || epoch === 0) return [];
    const { slotSeconds } = chain.deployment.config.clock;
    if (now < revealWindowOf(chain, epoch - 1).closesAt + place * slotSeconds) return [];
    const looked = this.#lookedIn === epoch ? this.#suspects : active;
    const found = await Promise.all(
      looked.map(async (validator) => ({ validator, ...(await findReport(chain, validator)) })),
    );
    const reportable = found.filter((one) => one.kind === "found");
    this.#lookedIn = epoch;
    this.#suspects = reportable.map(({ validator }) => validator);
    const { scoreBoard } = chain.contracts;
    return reportable.map(({ validator, epochs }) => ({
      name: `report ${validator} for missing epochs ${epochs.join(", ")}`,
      call: { ...scoreBoard, functionName: "reportMissedReveals", args: [validator, epochs] },
    }));
  }
}
