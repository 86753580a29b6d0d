import { html } from "hono/html";
import { type Address, type Hex } from "viem";
import { epochStory } from "../epochStory";
import { type ExplainedEpoch } from "../../keeper/settle/explainedEpochs";
import { type EpochFigures } from "../../keeper/facts/figures";
import { figureHeads, figureRow } from "../figures";
import { formatMdt, formatWad } from "../amounts";
import { epochCharts } from "../charts/epochCharts";
import { chartCard, type Markup, type Report, tableCard, tiles } from "./htmlFile";
import { sum } from "../../core/fixedPoint";

/** What a report on settled epochs says besides their numbers. */
export interface EpochsReport {
  readonly title: string;
  /** One line under the title: which network, where. */
  readonly subtitle: string;
  readonly epochs: readonly ExplainedEpoch[];
  /** How an account is called. */
  readonly nameOf: (account: Address) => string;
  /** What an epoch is called; undefined where it has only its number. */
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
      Amounts are rounded down. <code>npx mdt epoch verify</code> recomputes all of it from the chain.
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
