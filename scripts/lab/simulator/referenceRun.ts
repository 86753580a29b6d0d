import { distributeToMiners } from "../../core/distribution/miners";
import { distributeToValidators } from "../../core/distribution/validators";
import { bpsDown } from "../../core/fixedPoint";
import { DEFAULT_POLICY } from "../../core/policy/fields";
import { type Day } from "./days";
import { type EpochConsensus, noLegacy } from "./epochConsensus";
import { type Run } from "./policyRun";
import { type ReferenceSchedule } from "./referenceSchedules";

/**
 * The same people doing the same work under a schedule to compare with: all that it emits is minted, nothing is burned or
 * recycled, and there are no block rewards. Miners share by the same consensus, validators by stake.
 */
export class ReferenceRun implements Run {
  #issuedWei = 0n;

  constructor(private readonly schedule: ReferenceSchedule) {}

  step({ epoch }: Day, consensus: EpochConsensus) {
    const { schedule } = this;
    const emissionWei = schedule.emissionWei(epoch, this.#issuedWei);
    this.#issuedWei += emissionWei;
    const { inputs } = consensus.under(withoutPolicy, noLegacy);
    const miners = distributeToMiners(bpsDown(emissionWei, schedule.minerShareBps), inputs.miners, 0);
    const validators = distributeToValidators(
      bpsDown(emissionWei, schedule.validatorShareBps),
      inputs.stakers,
      "stake",
    );
    return {
      flows: {
        emissionWei,
        mintedWei: emissionWei,
        blockRewardsWei: 0n,
        recycledWei: 0n,
        burnedWei: 0n,
        supplyWei: schedule.startWei + this.#issuedWei,
        poolWei: 0n,
      },
      incomes: [...miners.rewards, ...validators.rewards],
    };
  }
}

/** Consensus needs a policy's scoring; the rest of these inputs decides nothing here. */
const withoutPolicy = {
  policy: DEFAULT_POLICY,
  baseRewardWei: 0n,
  halvingIntervalEpochs: 1,
  tasks: { completed: 0, difficultySumBps: 0 },
  poolWei: 0n,
  mintableWei: 0n,
};
