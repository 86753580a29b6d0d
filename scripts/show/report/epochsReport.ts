import { html } from "hono/html";
import { type Address, type Hex } from "viem";
import { epochStory } from "../epochStory";
import { type ExplainedEpoch } from "../../keeper/settle/epochInputs";
import { type EpochFigures } from "../../keeper/facts/settledEpochs";
import { figureHeads, figureRow } from "../describeEpoch";
import { formatMdt, formatWad, hasQuality } from "../amounts";
import { chartCard, type Markup, type Report, tableCard, tiles } from "./htmlFile";
import { sum, type Ratio, wadDown } from "../../core/fixedPoint";
import { type ChartData, type ChartSeries, colours, mdtNumber, percentNumber } from "../charts/chartData";

/** The contents of a report on settled epochs. */
export interface EpochsReport {
  readonly title: string;
  /** One line under the title: which network, where. */
  readonly subtitle: string;
  readonly epochs: readonly ExplainedEpoch[];
  /** The name of an account. */
  readonly nameOf: (account: Address) => string;
  /** The title of an epoch; undefined if it has only its number. */
  readonly titleOf: (epoch: number) => string | undefined;
  /** Tasks that were proven for an epoch, by the hash of the model that did them. */
  readonly provenOf: (epoch: number) => readonly (readonly [modelHash: Hex, tasks: number])[];
}

/** Settled epochs as a report: the network at a glance, charts, the table, and each epoch's story, the newest first. */
export function epochsReport(report: EpochsReport): Report {
  const { title, subtitle, epochs } = report;
  const charts = epochs.length === 0 ? [] : epochCharts(epochs);
  const figures = epochs.map((epoch) => epoch.figures);
  const body = html`<main class="page">
    <header class="report-head">
      <p class="muted">${subtitle}</p>
      <h1>${title}</h1>
    </header>
    ${epochs.length === 0 ? html`<p>No epoch is settled yet.</p>` : glance(figures)}
    ${charts.length === 0 ? "" : html`<h2>Epoch after epoch</h2>`}
    <div class="grid">${charts.map((_chart, index) => chartCard(index))}</div>
    ${figures.length === 0 ? "" : tableCard("Every epoch, in MDT", figureHeads, figures.map(figureRow))}
    ${charts.length === 0 ? "" : html`<h2>What happened, and why</h2>`}
    ${epochs.toReversed().map((epoch, index) => storyCard(epoch, report, index === 0))}
    <p class="muted">
      Amounts are rounded down. <code>npx mdt epoch verify</code> recomputes everything from the chain.
    </p>
  </main>`;
  return { title, body, charts };
}

function glance(figures: readonly EpochFigures[]): Markup {
  const last = figures.at(-1)!;
  const total = (field: "emissionWei" | "mintedWei" | "recycledWei" | "burnedWei"): string =>
    formatMdt(sum(figures.map((epoch) => epoch[field])), 2);
  return tiles([
    ["Latest utility", formatWad(last.utilityWad)],
    ["Emitted, MDT", total("emissionWei")],
    ["Minted, MDT", total("mintedWei")],
    ["Recycled, MDT", total("recycledWei")],
    ["Burned, MDT", total("burnedWei")],
    ["Supply, MDT", formatMdt(last.totalSupplyWei, 2)],
  ]);
}

function storyCard(
  { figures: { epoch }, computed }: ExplainedEpoch,
  { titleOf, nameOf, provenOf }: EpochsReport,
  isNewest: boolean,
): Markup {
  const title = titleOf(epoch);
  return html`<details class="card story" ${isNewest ? "open" : ""}>
    <summary><h3>Epoch ${epoch}${title === undefined ? "" : `: ${title}`}</h3></summary>
    ${
      computed === null
        ? html`<p>
            This machine has no report of this epoch. To read its inputs from the chain:
            <code>${`npx mdt epoch inputs --epoch ${epoch}`}</code>
          </p>`
        : html`<dl>
            ${epochStory(computed, nameOf).map(
              ({ question, answer }) =>
                html`<dt>${question}</dt>
                  <dd>${answer}</dd>`,
            )}
            ${provenOf(epoch).map(
              ([modelHash, tasks]) =>
                html`<dt>Which model was proven?</dt>
                  <dd>${tasks} ${tasks === 1 ? "task" : "tasks"} by <code>${modelHash}</code></dd>`,
            )}
          </dl>`
    }
  </details>`;
}

/** The charts of settled epochs. */
export function epochCharts(epochs: readonly ExplainedEpoch[]): readonly ChartData[] {
  const amounts = (
    name: string,
    kind: ChartSeries["kind"],
    wei: (figures: EpochFigures) => bigint,
    colour?: number,
  ): ChartSeries => ({
    name,
    ...(colour === undefined ? {} : { colour }),
    kind,
    values: epochs.map(({ figures }) => mdtNumber(wei(figures))),
  });
  const chart = (title: string, unit: string, series: readonly ChartSeries[], stacked = false): ChartData => ({
    title,
    xTitle: "Epoch",
    unit,
    xs: epochs.map(({ figures }) => figures.epoch),
    series,
    stacked,
  });
  return [
    chart("Utility and its three parts", "%", utilityParts(epochs), true),
    chart("Emission and its ceiling", "MDT", [
      amounts("Emission", "area", ({ emissionWei }) => emissionWei),
      ceiling(epochs),
    ]),
    chart(
      "Where the emission came from",
      "MDT",
      [
        amounts("Minted", "bars", ({ mintedWei }) => mintedWei, colours.minted),
        amounts("Recycled", "bars", ({ recycledWei }) => recycledWei, colours.recycled),
      ],
      true,
    ),
    chart(
      "Where the emission went",
      "MDT",
      [
        amounts("Miners", "bars", ({ minerRewardsWei }) => minerRewardsWei, colours.miners),
        amounts("Validators", "bars", ({ validatorRewardsWei }) => validatorRewardsWei, colours.validators),
        amounts("DAO", "bars", ({ daoWei }) => daoWei, colours.dao),
        amounts("Burned", "bars", ({ burnedWei }) => burnedWei, colours.burned),
        amounts("Returned", "bars", ({ returnedWei }) => returnedWei, colours.returned),
      ],
      true,
    ),
    chart("Quality and its threshold", "%", [quality(epochs), threshold(epochs)]),
    chart("Minted, recycled and burned so far", "MDT", [
      sumsOf("Minted", epochs, ({ mintedWei }) => mintedWei, colours.minted),
      sumsOf("Recycled", epochs, ({ recycledWei }) => recycledWei, colours.recycled),
      sumsOf("Burned", epochs, ({ burnedWei }) => burnedWei, colours.burned),
    ]),
    {
      ...chart("Supply", "MDT", [amounts("Total supply", "line", ({ totalSupplyWei }) => totalSupplyWei)]),
      zoomed: true,
    },
  ];
}

/** What each factor added to the utility. */
function utilityParts(epochs: readonly ExplainedEpoch[]): readonly ChartSeries[] {
  const names = ["Task volume", "Difficulty", "Participation"];
  return names.map((name, index) => ({
    name,
    kind: "area",
    values: epochs.map(({ computed }) => {
      if (computed === null) return null;
      const { taskScore, difficulty, participation } = computed.result.utility;
      const factor: Ratio = [taskScore, difficulty, participation][index]!;
      const weightBps = BigInt(computed.inputs.policy.weightsBps[index]!);
      return percentNumber(wadDown({ ...factor, numerator: factor.numerator * weightBps }) / 10_000n);
    }),
  }));
}

function ceiling(epochs: readonly ExplainedEpoch[]): ChartSeries {
  return {
    name: "Ceiling",
    kind: "line",
    dashed: true,
    colour: colours.reference,
    values: epochs.map(({ computed }) => (computed === null ? null : mdtNumber(computed.result.emission.ceilingWei))),
  };
}

function quality(epochs: readonly ExplainedEpoch[]): ChartSeries {
  const valueOf = (figures: EpochFigures) => (hasQuality(figures) ? percentNumber(figures.qualityWad) : null);
  return { name: "Quality", kind: "line", values: epochs.map(({ figures }) => valueOf(figures)) };
}

/** The quality below which a part of the emission is burned. */
function threshold(epochs: readonly ExplainedEpoch[]): ChartSeries {
  const values = epochs.map(({ computed }) =>
    computed === null ? null : computed.inputs.policy.qualityThresholdBps / 100,
  );
  return { name: "Threshold", kind: "line", dashed: true, colour: colours.reference, values };
}

/** Sums from the first epoch on; each is exact until it becomes a number. */
function sumsOf(
  name: string,
  epochs: readonly ExplainedEpoch[],
  wei: (figures: EpochFigures) => bigint,
  colour: number,
): ChartSeries {
  let sumWei = 0n;
  const values = epochs.map(({ figures }) => {
    sumWei += wei(figures);
    return mdtNumber(sumWei);
  });
  return { name, kind: "line", colour, values };
}
