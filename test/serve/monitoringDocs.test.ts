import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Registry } from "prom-client";
import { parse } from "yaml";
import { type Connection } from "../../scripts/chain/connection";
import { minerWording, validatorWording } from "../../scripts/nodes/run/nodeEvents";
import { newState, type Observable, type Pulse } from "../../scripts/serve/health";
import { observableKeeper } from "../../scripts/serve/keeper";
import { openDashboardMetrics } from "../../scripts/serve/dashboard";
import { observableNode } from "../../scripts/serve/node";
import { type ObservedEvent, openMetrics, rootMetrics, rpcCallMetrics } from "../../scripts/serve/metrics";
import { observableWatcher } from "../../scripts/serve/watcher";

const read = (name: string) => readFileSync(join(__dirname, "..", "..", "docs", "monitoring", name), "utf8");

/** Prometheus' names of the jobs: a keeper, a watcher, miners and validators, a dashboard. */
const jobs = ["moderntensor-keeper", "moderntensor-watch", "moderntensor-node", "moderntensor-dashboard"] as const;

/** Every series that each job offers, including those of its histograms. */
function offeredSeries(): ReadonlyMap<string, readonly string[]> {
  const metricsOf = <S extends Pulse, E extends ObservedEvent>(service: Observable<S, E>) =>
    openMetrics(
      service,
      () => newState(service, 0),
      () => 0,
    );
  const [keeper, watch, node] = [metricsOf(observableKeeper), metricsOf(observableWatcher), metricsOf(observableNode)];
  for (const { registry } of [keeper, node]) rpcCallMetrics(registry);
  for (const { registry } of [keeper, watch, node]) rootMetrics(registry, {} as Connection);
  const seriesOf = ({ registry }: { readonly registry: Registry }) =>
    registry
      .getMetricsAsArray()
      .flatMap(({ name, type }) =>
        String(type) === "histogram" ? ["_count", "_sum", "_bucket"].map((part) => name + part) : [name],
      );
  return new Map([keeper, watch, node, openDashboardMetrics([])].map((metrics, i) => [jobs[i]!, seriesOf(metrics)]));
}

/** The series that an expression asks for; `up` is Prometheus' own. */
function seriesIn(expression: string): readonly string[] {
  return [...expression.matchAll(/\b(?:moderntensor|process|nodejs)_\w+/g)].map(([name]) => name);
}

interface Rules {
  readonly groups: readonly {
    readonly name: string;
    readonly rules: readonly {
      readonly alert: string;
      readonly expr: string;
      readonly labels: { readonly severity: string };
      readonly annotations: { readonly summary: string; readonly description: string };
    }[];
  }[];
}

describe("The documents about monitoring", () => {
  it("have alerts that use only series of their group's job, and say what happened and what to do", () => {
    const offered = offeredSeries();
    const { groups } = parse(read("alerts.yml")) as Rules;
    expect(groups.map(({ name }) => name)).to.have.members([...jobs]);
    const alerts = groups.flatMap(({ name, rules }) => rules.map((rule) => ({ ...rule, job: name })));
    expect(alerts.map(({ alert }) => alert)).to.include.members([
      "EpochOverdue",
      "WatcherBlind",
      "ScoresLost",
      "ApiErrors",
    ]);
    for (const { job, alert, expr, labels, annotations } of alerts) {
      expect(offered.get(job), alert).to.include.members([...seriesIn(expr)]);
      expect(seriesIn(expr).length > 0 || expr.startsWith(`up{job="${job}"}`), `${alert} watches it`).to.equal(true);
      expect(["warning", "critical"], alert).to.include(labels.severity);
      expect(annotations.summary, alert).to.match(/\.$/);
      expect(annotations.description, alert).to.match(/\.$/);
    }
  });

  it("have a dashboard whose panels use only series of their jobs, and show every figure of an epoch", () => {
    const offered = offeredSeries();
    const { panels } = JSON.parse(read("grafana.json")) as {
      readonly panels: readonly { readonly title: string; readonly targets?: readonly { readonly expr: string }[] }[];
    };
    const asked = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));
    for (const { title, expr } of asked) {
      // The variable $job is a keeper.
      const keeperOr = expr.replace("$job", jobs[0]);
      const asks = jobs.filter((job) => new RegExp(`job=~?"[^"]*${job}`).test(keeperOr));
      expect(asks, title).to.have.length.above(0);
      for (const job of asks) expect(offered.get(job), title).to.include.members([...seriesIn(expr)]);
    }
    const figures = offered.get(jobs[0])!.filter((name) => /^moderntensor_(epoch|total_supply)/.test(name));
    expect(figures).to.have.length(12);
    expect(asked.flatMap(({ expr }) => seriesIn(expr))).to.include.members(figures);
  });

  it("list each event of nodes in docs/nodes.md, with warnings in bold", () => {
    const root = join(__dirname, "..", "..");
    const files = ["nodes/run/nodeEvents", "keeper/run/serviceEvents", "chain/rpc/endpointState"];
    const kinds = files.flatMap((file) =>
      [...readFileSync(join(root, "scripts", `${file}.ts`), "utf8").matchAll(/readonly kind: "(\w+)"/g)].map(
        ([, kind]) => kind!,
      ),
    );
    const docs = readFileSync(join(root, "docs", "nodes.md"), "utf8");
    const rows = [...docs.matchAll(/^\| (\**)`(\w+)`\** +\| (?:both|miner|validator) /gm)];
    expect(rows.map(([, , kind]) => kind)).to.have.members(kinds);
    const levels = { ...minerWording.levels, ...validatorWording.levels };
    for (const [, bold, kind] of rows) {
      const isLoud = /warn|error/.test(String(levels[kind as keyof typeof levels]));
      expect(bold === "**", kind).to.equal(isLoud);
    }
  });

  it("have Alertmanager page only for critical alerts, and inhibit only alerts that exist", () => {
    interface Route {
      readonly receiver: string;
      readonly matchers: readonly string[];
    }
    const config = parse(read("alertmanager.yml")) as {
      readonly route: { readonly receiver: string; readonly routes: readonly Route[] };
      readonly receivers: readonly { readonly name: string }[];
      readonly inhibit_rules: readonly Readonly<Record<"source_matchers" | "target_matchers", readonly string[]>>[];
    };
    const { receiver, routes } = config.route;
    expect(routes.map(({ matchers, receiver: to }) => [matchers, to])).to.deep.equal([
      [['severity="critical"'], "pager"],
      [['severity="warning"'], "chat"],
    ]);
    expect(config.receivers.map(({ name }) => name)).to.include.members([receiver, "pager", "chat"]);
    const known = (parse(read("alerts.yml")) as Rules).groups.flatMap(({ rules }) => rules.map(({ alert }) => alert));
    const named = config.inhibit_rules
      .flatMap(({ source_matchers: from, target_matchers: to }) => [...from, ...to])
      .flatMap((matcher) => /^alertname=~"(.*)"$/.exec(matcher)![1]!.split("|"));
    expect(known).to.include.members(named);
    expect(named).to.have.length.above(4);
  });

  it("have Prometheus load the rules, and scrape the jobs that they and the dashboard name", () => {
    const config = parse(read("prometheus.yml")) as {
      readonly rule_files: readonly string[];
      readonly scrape_configs: readonly { readonly job_name: string }[];
    };
    expect(config.rule_files).to.deep.equal(["alerts.yml"]);
    expect(config.scrape_configs.map(({ job_name: job }) => job)).to.have.members([...jobs]);
    const named = (text: string) => [...text.matchAll(/job=\\?"([\w-]+)\\?"/g)].map(([, job]) => job!);
    expect(new Set(named(read("alerts.yml")))).to.deep.equal(new Set(jobs));
    expect([...jobs]).to.include.members(named(read("grafana.json")));
  });
});
