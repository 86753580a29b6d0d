import { Gauge, type Registry } from "prom-client";
import { formatEther } from "viem";
import { type EpochFigures } from "../../keeper/facts/figures";
import { type Listener } from "../../keeper/run/keeperEvents";

/** Each figure of an epoch, what it is called and what it says. Amounts in MDT are for watching: a double is not exact. */
const figures: readonly (readonly [name: string, help: string, value: (figures: EpochFigures) => number])[] = [
  ["epoch", "Newest settled and confirmed epoch", ({ epoch }) => epoch],
  ["epoch_utility_ratio", "Utility of that epoch, 0 to 1", ({ utilityWad }) => inUnits(utilityWad)],
  ["epoch_quality_ratio", "Quality of the network in that epoch, 0 to 1", ({ qualityWad }) => inUnits(qualityWad)],
  ["epoch_emission_mdt", "Emission of that epoch", ({ emissionWei }) => inUnits(emissionWei)],
  ["epoch_minted_mdt", "Minted for that epoch", ({ mintedWei }) => inUnits(mintedWei)],
  ["epoch_recycled_mdt", "Taken from the recycling pool for that epoch", ({ recycledWei }) => inUnits(recycledWei)],
  ["epoch_burned_mdt", "Burned of the emission of that epoch", ({ burnedWei }) => inUnits(burnedWei)],
  ["epoch_miner_rewards_mdt", "Rewards of all miners in that epoch", (epoch) => inUnits(epoch.minerRewardsWei)],
  [
    "epoch_validator_rewards_mdt",
    "Rewards of all validators and delegators in that epoch",
    (epoch) => inUnits(epoch.validatorRewardsWei),
  ],
  ["epoch_dao_share_mdt", "The DAO's share of that epoch", ({ daoWei }) => inUnits(daoWei)],
  ["epoch_returned_mdt", "Returned to the pool because nobody could receive it", (epoch) => inUnits(epoch.returnedWei)],
  ["total_supply_mdt", "Supply right after that epoch was settled", ({ totalSupplyWei }) => inUnits(totalSupplyWei)],
];

/** Shows the figures of the newest confirmed epoch. */
export function epochMetrics(registry: Registry): Listener {
  const gauges = figures.map(([name, help, value]) => {
    const gauge = new Gauge({ name: `moderntensor_${name}`, help, registers: [registry] });
    // Nothing is said before there is an epoch: a zero would be a figure.
    gauge.remove();
    return { gauge, value };
  });
  let newest = -1;
  return (event) => {
    if (event.kind === "reorganised") newest = Math.min(newest, event.epoch - 1);
    if (event.kind !== "confirmed" || event.figures.epoch < newest) return;
    newest = event.figures.epoch;
    for (const { gauge, value } of gauges) gauge.set(value(event.figures));
  };
}

/** 18 decimals as a floating-point number. */
export function inUnits(amountWei: bigint): number {
  return Number(formatEther(amountWei));
}
