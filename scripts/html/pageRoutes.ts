import { Hono } from "hono";
import { type BuiltPage } from "./buildPage";

/** Serves the page at `/`: its document, script and style, each with the headers that keep it to itself. */
export function pageRoutes({ html, script, style, contentSecurityPolicy }: BuiltPage): Hono {
  const app = new Hono();
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
  app.get("/", answer(html, "text/html"));
  app.get("/page.js", answer(script, "text/javascript"));
  app.get("/page.css", answer(style, "text/css"));
  return app;
}
