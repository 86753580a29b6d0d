import { Counter, type Registry } from "prom-client";
import { each, inUnits, newRegistry, rpcMetrics, stateGauges } from "./registry";
import { alertKinds, isAlert, type WatchListener } from "../../keeper/watch/watchEvents";
import { checkAgeSeconds, type WatchState } from "../watchHealth";

/** Everything that Prometheus may watch of a watcher, and who has to be told for it to be right. */
export interface WatchMetrics {
  readonly registry: Registry;
  /** Hears every event of the watcher. */
  readonly onEvent: WatchListener;
}

/**
 * Opens a registry of its own.
 * @param stateOf The watcher's state, asked for at each scrape.
 * @param now Unix seconds by this machine's clock.
 */
export function openWatchMetrics(stateOf: () => WatchState, now: () => number): WatchMetrics {
  const registry = newRegistry();
  const gauge = stateGauges(registry, "moderntensor_watch", stateOf);
  gauge("head_block", "Newest block up to which the watcher has checked", ({ lastLook }) =>
    lastLook === null ? null : Number(lastLook.headBlock),
  );
  gauge("last_judged_epoch", "Newest epoch that was checked; -1 if none is settled", ({ lastLook }) =>
    lastLook === null ? null : lastLook.lastJudgedEpoch,
  );
  gauge("check_age_seconds", "Seconds since the watcher's last successful check", (state) =>
    checkAgeSeconds(state, now()),
  );
  gauge("wrong_roots", "Wrong roots that can be claimed against, now or after their claim delay", ({ lastLook }) =>
    lastLook === null ? null : lastLook.wrongRoots,
  );
  gauge("guardian_balance_ether", "Balance of the guardian's account, which pays for gas", ({ lastLook }) =>
    typeof lastLook?.guardianBalanceWei === "bigint" ? inUnits(lastLook.guardianBalanceWei) : null,
  );
  const share = (part: "signedWei" | "neededWei") => (state: WatchState) =>
    state.turnout && inUnits(state.turnout[part]) / inUnits(state.turnout.totalWei);
  gauge("signed_share", "Share of the stake that signed the newest settlement", share("signedWei"));
  gauge("needed_share", "Share of the stake that the quorum needed", share("neededWei"));
  gauge(
    "silent_validators",
    "Validators that signed none of the last three settlements",
    ({ turnout }) => turnout?.silent ?? null,
  );
  return { registry, onEvent: each(rpcMetrics(registry), countActions(registry)) };
}

function countActions(registry: Registry): WatchListener {
  const counter = <L extends string>(name: string, help: string, labelNames: L[] = []) =>
    new Counter<L>({ name: `moderntensor_watch_${name}`, help, labelNames, registers: [registry] });
  const alerts = counter("alerts_total", "Alerts, by kind", ["kind"]);
  for (const kind of alertKinds) alerts.inc({ kind }, 0);
  const vetoes = counter("vetoes_sent_total", "Veto transactions sent, replacements included");
  const failures = counter("failures_total", "Failed checks that the watcher retried");
  const dissenting = counter(
    "endpoint_disagreements_total",
    "Times that an endpoint contradicted the quorum of endpoints",
    ["endpoint"],
  );
  const alone = counter(
    "settled_alone_total",
    "Epochs that a keeper settled alone although there was enough stake for a quorum",
  );
  return (event) => {
    if (isAlert(event)) alerts.inc({ kind: event.kind });
    else if (event.kind === "vetoSent") vetoes.inc();
    else if (event.kind === "settledAlone") alone.inc();
    else if (event.kind === "failed") failures.inc();
    else if (event.kind === "endpointDisagrees") dissenting.inc({ endpoint: event.endpoint });
    else if (event.kind === "started") for (const endpoint of event.endpoints) dissenting.inc({ endpoint }, 0);
  };
}
