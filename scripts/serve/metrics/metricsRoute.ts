import { Hono } from "hono";
import { type Registry } from "prom-client";

/** `/metrics`, in Prometheus' text format. */
export function metricsRoute(registry: Registry): Hono {
  const app = new Hono();
  app.get("/metrics", async (c) => c.body(await registry.metrics(), 200, { "Content-Type": registry.contentType }));
  return app;
}
