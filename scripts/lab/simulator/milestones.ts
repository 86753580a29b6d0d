import { type NetworkConfig } from "../../config/networkConfig";
import { min } from "../../core/fixedPoint";
import { type Ledger } from "./ledger";
import { TAO_BLOCK_SECONDS, taoEra } from "./reference";

/** A halving: before `epoch` the reward was twice as high. */
export interface Halving {
  readonly halving: number;
  readonly epoch: number;
}

/**
 * Whether everything that may be minted will be: in which epoch, or never, because the schedule ends first; then the most
 * that can have been minted by then, burned since or not, what there was at the start included, in wei.
 */
export type CapReached =
  | { readonly kind: "reached"; readonly epoch: number }
  | { readonly kind: "never"; readonly endEpoch: number; readonly mintedAtMostWei: bigint };

/** Halvings, all of them in order, and the cap. They follow from the schedule alone, so they reach beyond a run exactly. */
export interface Milestones {
  readonly halvings: readonly Halving[];
  readonly cap: CapReached;
}

/**
 * Of a policy: halvings come after fixed epochs. How much its emission stays under the ceiling nobody knows beforehand, so
 * from the end of the run on every epoch counts with its whole ceiling, and with all its block rewards.
 * @param epochs How many epochs were run.
 */
export function policyMilestones({ emission, supply }: NetworkConfig, ledger: Ledger, epochs: number): Milestones {
  const { baseRewardWei, halvingIntervalEpochs } = emission;
  const count = baseRewardWei.toString(2).length;
  const halvings = Array.from({ length: count }, (_, index) => ({
    halving: index + 1,
    epoch: (index + 1) * halvingIntervalEpochs,
  }));
  const endEpoch = count * halvingIntervalEpochs;
  let mintableWei = ledger.treasuryMintableWei;
  for (let era = Math.floor(epochs / halvingIntervalEpochs); era < count; era++) {
    const rest = (era + 1) * halvingIntervalEpochs - Math.max(epochs, era * halvingIntervalEpochs);
    mintableWei -= min((baseRewardWei >> BigInt(era)) * BigInt(rest), mintableWei);
  }
  const allowedWei = supply.daoAllocationWei + supply.treasuryAllowanceWei + supply.blockRewardsAllowanceWei;
  return { halvings, cap: { kind: "never", endEpoch, mintedAtMostWei: allowedWei - mintableWei } };
}

/** Of Bittensor's schedule: a halving each time half of what was left is issued, counted in whole blocks. */
export function bittensorMilestones({ supply, clock }: NetworkConfig): Milestones {
  const capWei = supply.maxSupplyWei;
  const epochSeconds = clock.slotSeconds * clock.slotsPerEpoch;
  const halvings: Halving[] = [];
  let issuedWei = 0n;
  let blocks = 0n;
  for (;;) {
    const { blockWei, endsAtWei } = taoEra(issuedWei, capWei);
    const epoch = Math.floor((Number(blocks) * TAO_BLOCK_SECONDS) / epochSeconds);
    if (blocks > 0n) halvings.push({ halving: halvings.length + 1, epoch });
    if (blockWei === 0n) return { halvings, cap: { kind: "never", endEpoch: epoch, mintedAtMostWei: issuedWei } };
    const taken = (endsAtWei - issuedWei + blockWei - 1n) / blockWei;
    issuedWei += taken * blockWei;
    blocks += taken;
  }
}

/** Of the fixed schedule: no halving, and the end of the allowance. */
export function fixedMilestones({ supply, emission }: NetworkConfig): Milestones {
  const { baseRewardWei } = emission;
  const epochs = (supply.treasuryAllowanceWei + baseRewardWei - 1n) / baseRewardWei;
  return { halvings: [], cap: { kind: "reached", epoch: Number(epochs) - 1 } };
}
