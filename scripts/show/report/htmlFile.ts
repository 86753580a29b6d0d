import { html, raw } from "hono/html";
import { createHash } from "node:crypto";
import { type ChartData } from "../charts/chartData";

/** Markup whose texts are escaped, as the `html` template of hono makes it. */
export type Markup = ReturnType<typeof html>;

/** A program for the browser, whole: what goes between `<script>` and `</script>`, and between `<style>` and `</style>`. */
export interface Bundle {
  readonly script: string;
  readonly style: string;
}

/** What a self-contained page is made of. */
export interface HtmlFile {
  readonly title: string;
  readonly body: Markup;
  /** What the script reads with `JSON.parse` from the element `#data`. */
  readonly data: unknown;
  readonly bundle: Bundle;
}

/**
 * One HTML file with everything inside: it loads nothing from elsewhere, and its Content-Security-Policy forbids it to.
 * Only this script and style may run, by their hashes.
 */
export async function htmlFile({ title, body, data, bundle }: HtmlFile): Promise<string> {
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(bundle.script)}'`,
    `style-src '${hashOf(bundle.style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const page = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${element("style", bundle.style)}
      </head>
      <body>
        ${body} ${element('script type="application/json" id="data"', jsonInHtml(data))}
        ${element("script", bundle.script)}
      </body>
    </html> `;
  return `${page}\n`;
}

/** An element around text that is no markup, unchanged to the byte: with one more space, the hash would not match. */
function element(tag: string, content: string): Markup {
  return raw(`<${tag}>${content}</${tag.split(" ")[0]!}>`);
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

/** JSON in which no `<` can end its element. */
function jsonInHtml(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

/** A card with the chart at this place in the page's list. */
export function chartCard(index: number): Markup {
  return html`<section class="card"><div data-chart="${index}"></div></section>`;
}

/** Tiles: names, each with one large value. */
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
 * A table that scrolls sideways if it is wider than the page; the first column names the rows. On a phone's width each
 * row is a separate block, with the columns' titles beside the values. The roles are those that the elements have
 * anyway, because browsers drop them on that width.
 * @param heads A title that starts with ">" is aligned to the right, without the sign.
 */
export function tableCard(title: string, heads: readonly string[], rows: readonly (readonly string[])[]): Markup {
  const columns = heads.map((head) => ({
    title: head.replace(/^>/, ""),
    look: head.startsWith(">") ? "number" : "words",
  }));
  return html`<section class="card">
    <h2>${title}</h2>
    <div class="scroll rows ${heads.length > 4 ? "" : "rows-long"}" tabindex="0" role="region" aria-label="${title}">
      <table role="table">
        <thead role="rowgroup">
          <tr role="row">
            ${columns.map((one) => html`<th role="columnheader" scope="col" class="${one.look}">${one.title}</th>`)}
          </tr>
        </thead>
        <tbody role="rowgroup">
          ${rows.map(
            (cells) =>
              html`<tr role="row">
                ${cells.map((cell, index) => cellOf(cell, columns[index]!, index === 0))}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

function cellOf(text: string, { title, look }: Readonly<Record<"title" | "look", string>>, namesRow: boolean): Markup {
  return namesRow
    ? html`<th role="rowheader" scope="row">${text}</th>`
    : html`<td role="cell" class="${look}" data-title="${title}"><span>${text}</span></td>`;
}

/** A report before it is a file: its body refers to charts by their places in the list. */
export interface Report {
  readonly title: string;
  readonly body: Markup;
  readonly charts: readonly ChartData[];
}
