import { html } from "hono/html";
import { type Markup } from "./htmlFile";

/** A card with the chart of this place in the list that the page carries. */
export function chartCard(index: number): Markup {
  return html`<section class="card"><div data-chart="${index}"></div></section>`;
}

/** Names with one value each, large. */
export function tiles(entries: readonly (readonly [name: string, value: string])[]): Markup {
  return html`<dl class="tiles">
    ${entries.map(
      ([name, value]) =>
        html`<div class="card tile">
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

/**
 * A table that scrolls sideways where it is wider than the page; the first column names the rows.
 * @param heads A title that starts with ">" is aligned to the right, without the sign.
 */
export function tableCard(title: string, heads: readonly string[], rows: readonly (readonly string[])[]): Markup {
  const classes = heads.map((head) => (head.startsWith(">") ? "number" : "words"));
  return html`<section class="card">
    <h2>${title}</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="${title}">
      <table>
        <thead>
          <tr>
            ${heads.map((head, index) => html`<th scope="col" class="${classes[index]}">${head.replace(/^>/, "")}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ([name, ...cells]) =>
              html`<tr>
                <th scope="row">${name}</th>
                ${cells.map((cell, index) => html`<td class="${classes[index + 1]}">${cell}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}
