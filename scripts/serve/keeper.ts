/** What a keeper's events add up to: its health, and its metrics for Prometheus. */
import { type HeadSeen, type KeeperEvent, type Listener } from "../keeper/run/keeperEvents";
import {
  balanceChecks,
  chainCheck,
  type Check,
  endpointsCheck,
  lookAgeSeconds,
  type Observable,
  type Sight,
  type Vitals,
} from "./health";
import { Gauge, type Registry } from "prom-client";
import { type EpochFigures } from "../keeper/facts/settledEpochs";
import { countersIn, inUnits, stateGauges } from "./metrics";

/** What the keeper's events add up to. Moments in unix seconds by this machine's clock. */
export interface KeeperState extends Sight {
  /** When the chain was last seen, and what was seen; null before the first look. */
  readonly lastLook: (HeadSeen & { readonly at: number }) | null;
  /** When the Treasury was last seen paused; zero if it never was. */
  readonly pausedAt: number;
  /** The epoch whose quorum is missing, and how much more stake has to sign; null if none is missing. */
  readonly quorumGap: { readonly epoch: number; readonly missingWei: bigint } | null;
  /** The epoch that waits for a human, and why; null if none does. */
  readonly halted: { readonly epoch: number; readonly reason: string } | null;
}

/** A keeper as its observers see it. */
export const observableKeeper: Observable<KeeperState, KeeperEvent> = {
  nothing: { lastLook: null, pausedAt: 0, quorumGap: null, halted: null },
  after,
  check,
  show(registry, stateOf, now) {
    const showEpoch = epochMetrics(registry);
    const count = keeperMetrics(registry, stateOf, now);
    return (event) => {
      showEpoch(event);
      count(event);
    };
  },
};

function after(state: KeeperState, event: KeeperEvent, now: number): KeeperState {
  switch (event.kind) {
    case "looked": {
      const isOver = (one: { readonly epoch: number } | null) => one !== null && one.epoch < event.nextEpochToSettle;
      const halted = isOver(state.halted) ? null : state.halted;
      const quorumGap = isOver(state.quorumGap) ? null : state.quorumGap;
      const pausedAt = event.paused ? now : state.pausedAt;
      return { ...state, lastLook: { ...event, at: now }, pausedAt, quorumGap, halted };
    }
    case "halted":
      return { ...state, halted: { epoch: event.epoch, reason: event.reason } };
    case "quorumMissing": {
      const { epoch, signedWei, neededWei } = event;
      return { ...state, quorumGap: neededWei === null ? null : { epoch, missingWei: neededWei - signedWei } };
    }
    case "sent":
      return { ...state, quorumGap: null, halted: null };
    default:
      return state;
  }
}

/**
 * Seconds for which the next epoch could have been settled; 0 if it is not due, the Treasury is paused, or nothing was
 * seen yet. The later of this machine's clock and the chain's counts, so a keeper that stopped looking still becomes
 * overdue.
 */
function overdueSeconds({ lastLook, pausedAt }: KeeperState, now: number): number {
  if (lastLook === null || lastLook.paused) return 0;
  return Math.max(0, Math.max(now, lastLook.headTimestamp) - Math.max(lastLook.dueAt, pausedAt));
}

function check(vitals: Vitals<KeeperState>): Promise<readonly Check[]> {
  const { limits, now, state, endpoints } = vitals;
  const { lastLook, halted } = state();
  const overdue = Math.floor(overdueSeconds(state(), now()));
  return Promise.resolve([
    chainCheck(vitals),
    endpointsCheck(endpoints()),
    ...balanceChecks(lastLook?.keeperBalanceWei),
    {
      name: "halted",
      ok: halted === null,
      says:
        halted === null
          ? "No epoch needs a human decision."
          : `Epoch ${halted.epoch} needs a human decision: ${halted.reason}`,
    },
    {
      name: "overdue",
      ok: overdue <= limits.overdueSeconds,
      says: `The next epoch is overdue by ${overdue} s (limit ${limits.overdueSeconds} s).`,
    },
  ]);
}

/** Shows what the keeper sees and does. */
function keeperMetrics(registry: Registry, stateOf: () => KeeperState, now: () => number): Listener {
  const gauge = stateGauges(registry, "moderntensor_keeper", stateOf);
  gauge("head_block", "Newest block that the keeper has read", ({ lastLook }) => lastLook?.headBlock);
  gauge("final_block", "Newest block with the configured confirmations", ({ lastLook }) => lastLook?.finalBlock);
  gauge(
    "head_lag_seconds",
    "Age of the newest block that the keeper has read",
    ({ lastLook }) => lastLook && Math.max(0, now() - lastLook.headTimestamp),
  );
  gauge("look_age_seconds", "Seconds since the keeper last read the chain", (state) => lookAgeSeconds(state, now()));
  gauge(
    "last_settled_epoch",
    "Newest settled epoch, final or not; -1 if none",
    ({ lastLook }) => lastLook && lastLook.nextEpochToSettle - 1,
  );
  gauge("overdue_seconds", "Seconds since the next epoch became due", (state) => overdueSeconds(state, now()));
  gauge("balance_ether", "Balance of the keeper's account, which pays for gas", ({ lastLook }) =>
    typeof lastLook?.keeperBalanceWei === "bigint" ? inUnits(lastLook.keeperBalanceWei) : null,
  );
  gauge("paused", "1 while the Treasury is paused", ({ lastLook }) => lastLook && Number(lastLook.paused));
  gauge("quorum_missing_mdt", "Stake that must still sign before the next epoch can be settled", ({ quorumGap }) =>
    inUnits(quorumGap?.missingWei ?? 0n),
  );
  gauge("halted", "1 while an unusual settlement needs a human decision", ({ halted }) => Number(halted !== null));
  return countActions(registry);
}

function countActions(registry: Registry): Listener {
  const counter = countersIn(registry, "moderntensor_keeper");
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

/** Each figure of an epoch, with its name and its help text. Amounts in MDT are for watching: a double is not exact. */
const figures: readonly (readonly [name: string, help: string, value: (figures: EpochFigures) => number])[] = [
  ["epoch", "Newest settled and final epoch", ({ epoch }) => epoch],
  ["epoch_utility_ratio", "Utility of that epoch, 0 to 1", ({ utilityWad }) => inUnits(utilityWad)],
  ["epoch_quality_ratio", "Quality of the network in that epoch, 0 to 1", ({ qualityWad }) => inUnits(qualityWad)],
  ["epoch_emission_mdt", "Emission of that epoch", ({ emissionWei }) => inUnits(emissionWei)],
  ["epoch_minted_mdt", "Minted for that epoch", ({ mintedWei }) => inUnits(mintedWei)],
  ["epoch_recycled_mdt", "Taken from the recycling pool for that epoch", ({ recycledWei }) => inUnits(recycledWei)],
  ["epoch_burned_mdt", "Part of that epoch's emission that was burned", ({ burnedWei }) => inUnits(burnedWei)],
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

/** Shows the figures of the newest final epoch; nothing before there is one, because a zero would be a figure. */
function epochMetrics(registry: Registry): Listener {
  let shown: EpochFigures | null = null;
  let newest = -1;
  const gauge = stateGauges(registry, "moderntensor", () => shown);
  for (const [name, help, value] of figures) gauge(name, help, (epoch) => epoch && value(epoch));
  return (event) => {
    if (event.kind === "reorganised") newest = Math.min(newest, event.epoch - 1);
    if (event.kind !== "final" || event.figures.epoch < newest) return;
    shown = event.figures;
    newest = shown.epoch;
  };
}
