import { type PageSettings } from "../api";
import { readAsset } from "./assets";
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { type Context, Hono } from "hono";
import { etag } from "hono/etag";

/** The page, ready to be served. */
export interface BuiltPage {
  readonly html: string;
  readonly script: string;
  readonly style: string;
  /** Value of the header `Content-Security-Policy`: the page may contact only this server and the endpoint. */
  readonly contentSecurityPolicy: string;
}

/** The page with its document and headers. */
export async function buildPage(settings: PageSettings): Promise<BuiltPage> {
  return {
    html: pageHtml(settings),
    ...(await readAsset("page")),
    contentSecurityPolicy: contentSecurityPolicy(settings),
  };
}

/** The document; the script fills it. */
function pageHtml({ rpcUrl, explorerUrl }: PageSettings): string {
  const attributes = [attribute("data-rpc-url", rpcUrl), attribute("data-explorer-url", explorerUrl)].join("");
  return `<!doctype html>
<html lang="en"${attributes}>
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>ModernTensor</title>
    <meta name="description" content="The token economy of ModernTensor: look at it, stake, claim.">
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="page.css">
    <script src="page.js" defer></script>
  </head>
  <body>
    <noscript>This page needs JavaScript. The same figures are in the API, at /v1.</noscript>
  </body>
</html>
`;
}

/** No inline script or style, no frames, no forms; connections to the page's own server and the endpoint only. */
function contentSecurityPolicy({ rpcUrl }: PageSettings): string {
  const endpoint = rpcUrl === null ? "" : ` ${new URL(rpcUrl).origin}`;
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self'${endpoint}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

function attribute(name: string, value: string | null): string {
  if (value === null) return "";
  return ` ${name}="${value.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;")}"`;
}

/**
 * Serves the page at `/`: its document, script and style, each compressed, with headers that isolate the page, and not
 * sent again while unchanged. Compressing takes longer than everything else here, so it is done once.
 */
export function pageRoutes({ html, script, style, contentSecurityPolicy }: BuiltPage): Hono {
  const app = new Hono();
  const answer = (text: string, contentType: string) => {
    const compressed = gzipSync(text, { level: 9 });
    const headers = {
      "Content-Type": `${contentType}; charset=utf-8`,
      "Content-Security-Policy": contentSecurityPolicy,
      "Cross-Origin-Opener-Policy": "same-origin",
      "Referrer-Policy": "no-referrer",
      "X-Content-Type-Options": "nosniff",
      "Cache-Control": "no-cache",
      ETag: `W/"${createHash("sha256").update(text).digest("base64url")}"`,
      Vary: "Accept-Encoding",
    };
    return (c: Context): Response =>
      /\bgzip\b/.test(c.req.header("Accept-Encoding") ?? "")
        ? c.body(compressed, 200, { ...headers, "Content-Encoding": "gzip" })
        : c.body(text, 200, headers);
  };
  app.get("/", etag(), answer(html, "text/html"));
  app.get("/page.js", etag(), answer(script, "text/javascript"));
  app.get("/page.css", etag(), answer(style, "text/css"));
  return app;
}

/** The URL in an option is not one that browsers can use. */
export class PageUrlError extends Error {
  override readonly name = "PageUrlError";
}

const thisMachine: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);

/**
 * The page's settings.
 * @param given As typed.
 * @param serverEndpoint The endpoint from which the server itself reads. The page gets it only if it is a node on this
 * machine: any other may hold a key in its address.
 * @throws PageUrlError if a given URL is not http(s).
 */
export function pageSettingsOf(
  given: { readonly rpcUrl?: string | undefined; readonly explorerUrl?: string | undefined },
  serverEndpoint: string,
): PageSettings {
  const rpcUrl = given.rpcUrl ?? (isLocal(serverEndpoint) ? serverEndpoint : null);
  return {
    rpcUrl: rpcUrl && publicUrl("rpc-url", rpcUrl),
    explorerUrl: given.explorerUrl === undefined ? null : publicUrl("explorer-url", given.explorerUrl),
  };
}

function isLocal(endpoint: string): boolean {
  return URL.canParse(endpoint) && thisMachine.has(new URL(endpoint).hostname);
}

/** The URL without a slash at its end. */
function publicUrl(option: string, url: string): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url.replace(/\/+$/, "");
  throw new PageUrlError(`--${option} must be an address that begins with http:// or https://, not "${url}".`);
}
