import { Hono } from "hono";
import { type WebApp } from "./server";

/**
 * One site out of several: each part answers its own paths, and the API everything else, so that a path that nobody knows is
 * answered with the API's sentence. The API's limits hold for the API alone.
 */
export function siteOf(api: WebApp, parts: readonly Hono[]): Hono {
  const site = new Hono();
  for (const part of parts) site.route("/", part);
  site.notFound((c) => api.fetch(c.req.raw, c.env as object));
  return site;
}
