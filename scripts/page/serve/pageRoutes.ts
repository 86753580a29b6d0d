import { Hono } from "hono";
import { compress } from "hono/compress";
import { etag } from "hono/etag";
import { type BuiltPage } from "./buildPage";

/** Serves the page at `/`: its document, script and style, each with the headers that keep it to itself, compressed, and not sent again while it is the same. */
export function pageRoutes({ html, script, style, contentSecurityPolicy }: BuiltPage): Hono {
  const app = new Hono();
  const whole = [compress(), etag()] as const;
  const answer = (body: string, contentType: string) => (): Response =>
    new Response(body, {
      headers: {
        "Content-Type": `${contentType}; charset=utf-8`,
        "Content-Security-Policy": contentSecurityPolicy,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-cache",
      },
    });
  app.get("/", ...whole, answer(html, "text/html"));
  app.get("/page.js", ...whole, answer(script, "text/javascript"));
  app.get("/page.css", ...whole, answer(style, "text/css"));
  return app;
}
