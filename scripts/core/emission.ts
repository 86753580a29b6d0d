import { min, mulDivDown, type Ratio } from "./fixedPoint";

/** The schedule's place and parameters, and what can pay for an emission, all amounts in wei. */
export interface EmissionInputs {
  readonly epoch: number;
  readonly baseRewardWei: bigint;
  readonly halvingIntervalEpochs: number;
  /** What the recycling pool holds. */
  readonly poolWei: bigint;
  /** What the Treasury may still mint. */
  readonly mintableWei: bigint;
}

/** What an epoch emits, why not more, and where it comes from; amounts in wei. */
export interface Emission {
  readonly halvings: bigint;
  /** The schedule's ceiling: ⌊base / 2^halvings⌋, which the Treasury enforces too. */
  readonly ceilingWei: bigint;
  /** What the schedule and the utility call for. */
  readonly grossWei: bigint;
  readonly emissionWei: bigint;
  /** "funds" where pool and mint allowance together could not cover the gross emission. */
  readonly limitedBy: "schedule" | "funds";
  /** Taken from the pool, always first. */
  readonly recycledWei: bigint;
  /** The shortfall, minted. */
  readonly mintedWei: bigint;
}

/** An EVM word has 256 bits: from so many halvings on, `baseReward >> halvings` is zero whatever the base. */
const HALVINGS_TO_ZERO = 256n;

/**
 * gross = ⌊base · utility / 2^halvings⌋, emission = min(gross, pool + mintable), recycled = min(pool, emission).
 *
 * Should the mint allowance ever bind, the pool still pays: recycled tokens are never stuck behind the cap.
 */
export function emissionOf(inputs: EmissionInputs, utility: Ratio): Emission {
  const halvings = BigInt(inputs.epoch) / BigInt(inputs.halvingIntervalEpochs);
  const shift = min(halvings, HALVINGS_TO_ZERO);
  const grossWei = mulDivDown(inputs.baseRewardWei, utility.numerator, utility.denominator << shift);
  const fundsWei = inputs.poolWei + inputs.mintableWei;
  const emissionWei = min(grossWei, fundsWei);
  const recycledWei = min(inputs.poolWei, emissionWei);
  return {
    halvings,
    ceilingWei: inputs.baseRewardWei >> shift,
    grossWei,
    emissionWei,
    limitedBy: fundsWei < grossWei ? "funds" : "schedule",
    recycledWei,
    mintedWei: emissionWei - recycledWei,
  };
}
