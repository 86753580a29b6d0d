/** What a watcher's events add up to: its health, and its metrics for Prometheus. */
import { type Registry } from "prom-client";
import {
  alertKinds,
  type ChainJudged,
  isAlert,
  type Turnout,
  type WatchEvent,
  type WatchListener,
} from "../keeper/watch/watchEvents";
import { balanceChecks, type Check, endpointsCheck, type Observable, type Pulse, type Vitals } from "./health";
import { countersIn, inUnits, stateGauges } from "./metrics";

/** What the watcher's events add up to. Moments in unix seconds by this machine's clock. */
interface WatchState extends Pulse {
  /** When an epoch was last judged or a look last succeeded; null before the first. */
  readonly lastJudgedAt: number | null;
  /** What the last successful look saw; null before the first. */
  readonly lastLook: ChainJudged | null;
  /** How much stake has signed the newest settlement that was asked about; null before the first. */
  readonly turnout: Turnout | null;
}

/** A watcher as its observers see it. */
export const observableWatcher: Observable<WatchState, WatchEvent> = {
  nothing: { lastJudgedAt: null, lastLook: null, turnout: null },
  after(state, event, now) {
    switch (event.kind) {
      case "looked":
        return { ...state, lastJudgedAt: now, lastLook: event };
      case "verified":
      case "repostVerified":
      case "different":
        return { ...state, lastTurnAt: now, lastJudgedAt: now };
      case "signatures":
      case "quorumAtRisk":
        return { ...state, turnout: event };
      default:
        return state;
    }
  },
  /** A wrong root that can be claimed against is no fault of the watcher, but fails a check too. */
  async check(vitals) {
    const { limits, now, state, endpoints } = vitals;
    const { lastLook } = state();
    const age = Math.floor(checkAgeSeconds(state(), now()));
    const wrongRoots = lastLook?.wrongRoots ?? 0;
    return [
      {
        name: "judging",
        ok: lastLook !== null && age <= limits.lookSeconds,
        says:
          lastLook === null
            ? "It is still catching up: not every epoch is checked yet."
            : `Last checked ${age} s ago (limit ${limits.lookSeconds} s).`,
      },
      endpointsCheck(endpoints()),
      ...(await roleChecks(vitals)),
      ...balanceChecks(lastLook?.guardianBalanceWei),
      { name: "wrongRoots", ok: wrongRoots === 0, says: `Wrong roots that can be claimed against: ${wrongRoots}.` },
    ];
  },
  show(registry, stateOf, now) {
    const gauge = stateGauges(registry, "moderntensor_watch", stateOf);
    gauge("head_block", "Newest block up to which the watcher has checked", ({ lastLook }) => lastLook?.headBlock);
    gauge(
      "last_judged_epoch",
      "Newest epoch that was checked; -1 if none is settled",
      ({ lastLook }) => lastLook?.lastJudgedEpoch,
    );
    gauge("check_age_seconds", "Seconds since the watcher's last successful check", (state) =>
      checkAgeSeconds(state, now()),
    );
    gauge(
      "wrong_roots",
      "Wrong roots that can be claimed against, now or after their claim delay",
      ({ lastLook }) => lastLook?.wrongRoots,
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
      ({ turnout }) => turnout?.silent,
    );
    return countActions(registry);
  },
};

/** Seconds since anything was judged; since the start if nothing was. */
function checkAgeSeconds({ lastJudgedAt, startedAt }: WatchState, now: number): number {
  return Math.max(0, now - (lastJudgedAt ?? startedAt));
}

/** Whether the account that signs is a guardian; no check if there is no account. */
async function roleChecks({ isGuardian }: Pick<Vitals<Pulse>, "isGuardian">): Promise<readonly Check[]> {
  if (isGuardian === null) return [];
  try {
    const ok = await isGuardian();
    return [{ name: "role", ok, says: `Its account ${ok ? "may" : "may not"} veto.` }];
  } catch {
    return [{ name: "role", ok: false, says: "Can't read from the chain whether its account may veto." }];
  }
}

function countActions(registry: Registry): WatchListener {
  const counter = countersIn(registry, "moderntensor_watch");
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
