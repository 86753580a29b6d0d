import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type Connection } from "../../scripts/chain/connection";
import { newKeeperState } from "../../scripts/serve/keeperHealth";
import { openKeeperMetrics } from "../../scripts/serve/metrics/keeperMetrics";
import { rootMetrics } from "../../scripts/serve/metrics/registry";
import { openWatchMetrics } from "../../scripts/serve/metrics/watchMetrics";
import { newWatchState } from "../../scripts/serve/watchHealth";

const read = (name: string) => readFileSync(join(__dirname, "..", "..", "docs", "monitoring", name), "utf8");

/** Every series that a keeper and a watcher offer, with those that a histogram consists of. */
function offeredSeries(): ReadonlySet<string> {
  const { registry } = openKeeperMetrics(
    () => newKeeperState(0),
    () => 0,
  );
  rootMetrics(registry, {} as Connection);
  const watch = openWatchMetrics(
    () => newWatchState(0),
    () => 0,
  );
  const metrics = [...registry.getMetricsAsArray(), ...watch.registry.getMetricsAsArray()];
  return new Set(
    metrics.flatMap(({ name, type }) =>
      String(type) === "histogram" ? ["_count", "_sum", "_bucket"].map((part) => name + part) : [name],
    ),
  );
}

/** The series that an expression asks for; `up` is Prometheus' own. */
function seriesIn(expression: string): readonly string[] {
  return [...expression.matchAll(/\b(?:moderntensor|process|nodejs)_\w+/g)].map(([name]) => name);
}

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly alert: string;
      readonly expr: string;
      readonly labels: { readonly severity: string };
      readonly annotations: { readonly summary: string; readonly description: string };
    }[];
  }[];
}

describe("What docs/monitoring watches", () => {
  it("each alert asks for series that the keeper or the watcher offers, and says what happened and what to do", () => {
    const offered = offeredSeries();
    const alerts = (parse(read("alerts.yml")) as Rules).groups.flatMap(({ rules }) => rules);
    expect(alerts.map(({ alert }) => alert)).to.include.members(["EpochOverdue", "KeeperHalted", "WatcherBlind"]);
    for (const { alert, expr, labels, annotations } of alerts) {
      expect([...offered, "up"], alert).to.include.members([...seriesIn(expr)]);
      expect(seriesIn(expr).length > 0 || expr.startsWith("up{"), `${alert} watches something`).to.equal(true);
      expect(["warning", "critical"], alert).to.include(labels.severity);
      expect(annotations.summary, alert).to.match(/\.$/);
      expect(annotations.description, alert).to.match(/\.$/);
    }
  });

  it("each panel of the dashboard asks for series that the keeper or the watcher offers, and every figure of an epoch has a place", () => {
    const offered = offeredSeries();
    const { panels } = JSON.parse(read("grafana.json")) as {
      readonly panels: readonly { readonly title: string; readonly targets?: readonly { readonly expr: string }[] }[];
    };
    const shown = panels.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => seriesIn(expr)));
    expect([...offered]).to.include.members(shown);
    const figures = [...offered].filter((name) => /^moderntensor_(epoch|total_supply)/.test(name));
    expect(figures).to.have.length(12);
    expect(shown).to.include.members(figures);
  });

  it("Prometheus is told of the rules, and of the jobs that they and the dashboard name", () => {
    const config = parse(read("prometheus.yml")) as {
      readonly rule_files: readonly string[];
      readonly scrape_configs: readonly { readonly job_name: string }[];
    };
    expect(config.rule_files).to.deep.equal(["alerts.yml"]);
    const jobs = config.scrape_configs.map(({ job_name: job }) => job);
    const named = (text: string) => [...text.matchAll(/job=\\?"([\w-]+)\\?"/g)].map(([, job]) => job!);
    expect(new Set(named(read("alerts.yml")))).to.deep.equal(new Set(jobs));
    expect(jobs).to.include.members(named(read("grafana.json")));
  });
});
