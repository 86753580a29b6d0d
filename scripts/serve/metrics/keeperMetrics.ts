import { Counter, Gauge, type Registry } from "prom-client";
import { type Listener } from "../../keeper/run/keeperEvents";
import { type KeeperState, overdueSeconds } from "../keeperState";
import { inUnits } from "./epochMetrics";
import { stateGauges } from "./stateGauge";

/**
 * Shows what the keeper sees and does.
 * @param stateOf The keeper's state, asked for at each scrape.
 * @param now Unix seconds by this machine's clock.
 */
export function keeperMetrics(registry: Registry, stateOf: () => KeeperState, now: () => number): Listener {
  const gauge = stateGauges(registry, "moderntensor_keeper", stateOf);
  gauge("head_block", "Newest block that the keeper has seen", ({ lastLook }) => number(lastLook?.headBlock));
  gauge("confirmed_block", "Newest block with the configured confirmations", (state) =>
    number(state.lastLook?.confirmedBlock),
  );
  gauge("head_lag_seconds", "Age of the newest block that the keeper has seen", ({ lastLook }) =>
    lastLook === null ? null : Math.max(0, now() - lastLook.headTimestamp),
  );
  gauge("look_age_seconds", "Since when the keeper has not seen the chain", ({ lastLook, startedAt }) =>
    Math.max(0, now() - (lastLook?.at ?? startedAt)),
  );
  gauge("last_settled_epoch", "Newest settled epoch, confirmed or not; -1 where none is", ({ lastLook }) =>
    lastLook === null ? null : lastLook.nextEpochToSettle - 1,
  );
  gauge("overdue_seconds", "For how long the next epoch has been due", (state) => overdueSeconds(state, now()));
  gauge("balance_ether", "What the keeper can still pay for gas", ({ lastLook }) =>
    typeof lastLook?.keeperBalanceWei === "bigint" ? inUnits(lastLook.keeperBalanceWei) : null,
  );
  gauge("paused", "1 where the Treasury is paused", ({ lastLook }) =>
    lastLook === null ? null : Number(lastLook.paused),
  );
  gauge("halted", "1 where an unusual settlement waits for a human", ({ halted }) => (halted === null ? 0 : 1));
  return countDeeds(registry);
}

function countDeeds(registry: Registry): Listener {
  const counter = (name: string, help: string) =>
    new Counter({ name: `moderntensor_keeper_${name}`, help, registers: [registry] });
  const gasUsed = counter("gas_used_total", "Gas of the settlements that this keeper got mined");
  const fees = counter("fees_ether_total", "Fees of the settlements that this keeper got mined");
  const settlements = counter("settlements_total", "Epochs that this keeper settled");
  const transactions = counter("transactions_total", "Transactions sent, replacements included");
  const replacements = counter("replacements_total", "Transactions that outbid an earlier one");
  const failures = counter("failures_total", "Attempts that failed and were made again");
  const reorganisations = counter("reorganisations_total", "Settlements that the chain took back");
  const computing = new Gauge({
    name: "moderntensor_keeper_compute_seconds",
    help: "How long it took to compute the last settlement",
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
