import { type Hex } from "viem";
import { type EpochInputs, type EpochResult } from "./computeEpoch";
import { policyHash } from "./policy/fields";

/** What `Treasury.settleEpoch` takes, field by field. Amounts in wei. */
export interface Settlement {
  readonly epoch: bigint;
  readonly emission: bigint;
  readonly burnedUnmetQuota: bigint;
  readonly burnedQualityPenalty: bigint;
  readonly minerRewards: bigint;
  readonly validatorRewards: bigint;
  readonly daoShare: bigint;
  readonly returned: bigint;
  readonly utilityWad: bigint;
  readonly qualityWad: bigint;
  readonly rewardsRoot: Hex;
  readonly policyHash: Hex;
  readonly inputsHash: Hex;
}

/** What a settlement commits to besides amounts: everybody's rewards, this epoch's included, and what decided it. */
export type Commitments = Pick<Settlement, "rewardsRoot" | "inputsHash">;

/** The settlement that a computed epoch calls for. */
export function settlementOf(inputs: EpochInputs, result: EpochResult, commitments: Commitments): Settlement {
  return {
    epoch: BigInt(inputs.epoch),
    emission: result.emission.emissionWei,
    burnedUnmetQuota: result.burnedUnmetQuotaWei,
    burnedQualityPenalty: result.burnedQualityPenaltyWei,
    minerRewards: result.miners.rewardsWei,
    validatorRewards: result.validators.rewardsWei,
    daoShare: result.daoWei,
    returned: result.returnedWei,
    utilityWad: result.utility.utilityWad,
    qualityWad: result.qualityWad,
    policyHash: policyHash(inputs.policy),
    ...commitments,
  };
}

/** The first field in which two settlements differ, in words; undefined where they are equal. */
export function firstDifference(computed: Settlement, settled: Settlement): string | undefined {
  const fields = Object.keys(computed) as (keyof Settlement)[];
  const field = fields.find((name) => computed[name] !== settled[name]);
  return field && `${field} is ${String(settled[field])} on chain, but should be ${String(computed[field])}`;
}
