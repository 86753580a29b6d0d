import { collectDefaultMetrics, Counter, Registry } from "prom-client";
import { inUnits, rpcMetrics, stateGauges } from "./registry";
import { alertKinds, isAlert, type WatchListener } from "../../keeper/watch/watchEvents";
import { judgementAge, type WatchState } from "../watchHealth";

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
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = stateGauges(registry, "moderntensor_watch", stateOf);
  gauge("head_block", "Newest block that the watcher has judged", ({ lastLook }) =>
    lastLook === null ? null : Number(lastLook.headBlock),
  );
  gauge("last_judged_epoch", "Newest epoch that was judged; -1 where none is settled", ({ lastLook }) =>
    lastLook === null ? null : lastLook.lastJudgedEpoch,
  );
  gauge("judgement_age_seconds", "For how long nothing was judged", (state) => judgementAge(state, now()));
  gauge("wrong_roots", "Roots that are alive and proven wrong", ({ lastLook }) =>
    lastLook === null ? null : lastLook.wrongRoots,
  );
  gauge("guardian_balance_ether", "What the guardian can still pay for gas", ({ lastLook }) =>
    typeof lastLook?.guardianBalanceWei === "bigint" ? inUnits(lastLook.guardianBalanceWei) : null,
  );
  const share = (part: "signedWei" | "neededWei") => (state: WatchState) =>
    state.turnout && inUnits(state.turnout[part]) / inUnits(state.turnout.totalWei);
  gauge("signed_share", "Part of the stake that has signed the newest settlement", share("signedWei"));
  gauge("needed_share", "Part of the stake that had to", share("neededWei"));
  gauge(
    "silent_validators",
    "Validators that have signed none of the last three settlements",
    ({ turnout }) => turnout?.silent ?? null,
  );
  const listeners = [rpcMetrics(registry), countActions(registry)];
  return {
    registry,
    onEvent(event) {
      for (const listener of listeners) listener(event);
    },
  };
}

function countActions(registry: Registry): WatchListener {
  const counter = <L extends string>(name: string, help: string, labelNames: L[] = []) =>
    new Counter<L>({ name: `moderntensor_watch_${name}`, help, labelNames, registers: [registry] });
  const alerts = counter("alerts_total", "What a human had to know, by kind", ["kind"]);
  for (const kind of alertKinds) alerts.inc({ kind }, 0);
  const vetoes = counter("vetoes_sent_total", "Vetoes sent, those that outbid an earlier one included");
  const failures = counter("failures_total", "Looks that failed and were made again");
  const dissenting = counter(
    "endpoint_disagreements_total",
    "What a quorum of endpoints agrees on, and another one contradicts",
    ["endpoint"],
  );
  const alone = counter(
    "settled_alone_total",
    "Epochs that a keeper settled alone though there was stake for a quorum",
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
