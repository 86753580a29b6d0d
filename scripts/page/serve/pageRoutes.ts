import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { type Context, Hono } from "hono";
import { etag } from "hono/etag";
import { type BuiltPage } from "./buildPage";

/**
 * Serves the page at `/`: its document, script and style, each with the headers that keep it to itself, compressed, and not
 * sent again while it is the same. Compressing takes longer than everything else about it, so it is done once.
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
