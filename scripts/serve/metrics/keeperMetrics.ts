import { Counter, Gauge, type Registry } from "prom-client";
import { type Listener } from "../../keeper/run/keeperEvents";
import { type KeeperState, overdueSeconds } from "../keeperHealth";
import { type EpochFigures } from "../../keeper/facts/settledEpochs";
import { lookAgeSeconds } from "../health";
import { each, inUnits, newRegistry, rpcCallMetrics, rpcMetrics, stateGauges } from "./registry";

/** Everything that Prometheus may watch of a keeper, and who has to be told for it to be right. */
export interface KeeperMetrics {
  readonly registry: Registry;
  /** Hears every event of the keeper. */
  readonly onEvent: Listener;
  /** Hears of every call to the chain. */
  readonly onCall: (method: string) => void;
}

/**
 * Opens a registry of its own, so that two keepers in one process don't share figures.
 * @param stateOf,now As keeperMetrics takes them.
 */
export function openKeeperMetrics(stateOf: () => KeeperState, now: () => number): KeeperMetrics {
  const registry = newRegistry();
  const onEvent = each(epochMetrics(registry), keeperMetrics(registry, stateOf, now), rpcMetrics(registry));
  return { registry, onEvent, onCall: rpcCallMetrics(registry) };
}

/**
 * Shows what the keeper sees and does.
 * @param stateOf The keeper's state, asked for at each scrape.
 * @param now Unix seconds by this machine's clock.
 */
function keeperMetrics(registry: Registry, stateOf: () => KeeperState, now: () => number): Listener {
  const gauge = stateGauges(registry, "moderntensor_keeper", stateOf);
  gauge("head_block", "Newest block that the keeper has read", ({ lastLook }) => number(lastLook?.headBlock));
  gauge("confirmed_block", "Newest block with the configured confirmations", (state) =>
    number(state.lastLook?.confirmedBlock),
  );
  gauge("head_lag_seconds", "Age of the newest block that the keeper has read", ({ lastLook }) =>
    lastLook === null ? null : Math.max(0, now() - lastLook.headTimestamp),
  );
  gauge("look_age_seconds", "Seconds since the keeper last read the chain", (state) => lookAgeSeconds(state, now()));
  gauge("last_settled_epoch", "Newest settled epoch, confirmed or not; -1 if none", ({ lastLook }) =>
    lastLook === null ? null : lastLook.nextEpochToSettle - 1,
  );
  gauge("overdue_seconds", "Seconds since the next epoch became due", (state) => overdueSeconds(state, now()));
  gauge("balance_ether", "Balance of the keeper's account, which pays for gas", ({ lastLook }) =>
    typeof lastLook?.keeperBalanceWei === "bigint" ? inUnits(lastLook.keeperBalanceWei) : null,
  );
  gauge("paused", "1 while the Treasury is paused", ({ lastLook }) =>
    lastLook === null ? null : Number(lastLook.paused),
  );
  gauge("quorum_missing_mdt", "Stake that must still sign before the next epoch can be settled", ({ quorumGap }) =>
    inUnits(quorumGap?.missingWei ?? 0n),
  );
  gauge("halted", "1 while an unusual settlement needs a human decision", ({ halted }) => (halted === null ? 0 : 1));
  return countActions(registry);
}

function countActions(registry: Registry): Listener {
  const counter = (name: string, help: string) =>
    new Counter({ name: `moderntensor_keeper_${name}`, help, registers: [registry] });
  const gasUsed = counter("gas_used_total", "Gas used by this keeper's mined settlements");
  const fees = counter("fees_ether_total", "Fees paid for this keeper's mined settlements");
  const settlements = counter("settlements_total", "Epochs that this keeper settled");
  const transactions = counter("transactions_total", "Transactions sent, replacements included");
  const replacements = counter("replacements_total", "Replacement transactions with a higher fee");
  const failures = counter("failures_total", "Failed attempts that the keeper retried");
  const reorganisations = counter("reorganisations_total", "Settlements dropped by a reorganisation");
  const computing = new Gauge({
    name: "moderntensor_keeper_compute_seconds",
    help: "Seconds spent computing the last settlement",
    registers: [registry],
  });
  return (event) => {
    switch (event.kind) {
      case "computed":
        computing.set(event.seconds);
        break;
      case "sent":
        transactions.inc();
        if (event.replaces !== null) replacements.inc();
        break;
      case "mined":
        settlements.inc();
        gasUsed.inc(Number(event.gasUsed));
        fees.inc(inUnits(event.feeWei));
        break;
      case "failed":
        failures.inc();
        break;
      case "reorganised":
        reorganisations.inc();
        break;
    }
  };
}

function number(block: bigint | undefined): number | null {
  return block === undefined ? null : Number(block);
}

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
  ["epoch_returned_mdt", "Returned to the pool because nobody earned it", (epoch) => inUnits(epoch.returnedWei)],
  ["total_supply_mdt", "Supply right after that epoch was settled", ({ totalSupplyWei }) => inUnits(totalSupplyWei)],
];

/** Shows the figures of the newest confirmed epoch. */
function epochMetrics(registry: Registry): Listener {
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
