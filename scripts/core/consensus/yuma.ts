import { type Policy, type ValidatorRule } from "../policy/fields";
import { agree, type Agreement, type Voice } from "./agreement";
import { type BondOutcome, type BondParameters, yuma2Bonds, yuma3Bonds } from "./bonds";
import { type SparseRow } from "./sparseRow";

/** The two forms of bonds; they differ in nothing else. */
export type YumaRule = Exclude<ValidatorRule, "stake">;

/** What a policy says of consensus and bonds. */
export type YumaParameters = Pick<Policy, "kappaU16"> & BondParameters;

/** A validator's voice and the u16 bonds it comes with. */
export interface BondedVoice extends Voice {
  readonly bonds: SparseRow;
}

const bondsOf = { yuma2: yuma2Bonds, yuma3: yuma3Bonds } as const;

/**
 * One epoch of Yuma consensus, bit for bit as subtensor computes it (pallets/subtensor/src/epoch: run_epoch.rs, math.rs):
 * I32F32 throughout, every product and quotient rounded down, bonds stored in 16 bits between epochs.
 *
 * Where subtensor's two ways to compute an epoch differ, the dense one is followed: under liquid alpha a bond in a miner
 * that a row no longer lists decays as with a weight of 0; the sparse one forgets it at once.
 */
export function yumaEpoch(
  rule: YumaRule,
  voices: readonly BondedVoice[],
  minerCount: number,
  parameters: YumaParameters,
): Agreement & BondOutcome {
  const agreement = agree(voices, minerCount, parameters.kappaU16);
  const oldBonds = voices.map(({ bonds }) => bonds);
  return { ...agreement, ...bondsOf[rule](agreement, oldBonds, parameters) };
}
