import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { type networkView } from "../networkView";
import { deploymentAnswer, policyAnswer, statusAnswer, supplyAnswer } from "../schemas/network";
import { toWire } from "../wire";
import { answers } from "./answers";
import { plainQuery } from "./questions";

const get = { method: "get" as const, tags: ["network"], request: { query: plainQuery } };

const deployment = createRoute({
  ...get,
  path: "/v1/deployment",
  summary: "What never changes: addresses, clock, schedule",
  responses: answers(deploymentAnswer, "The deployment"),
});

const status = createRoute({
  ...get,
  path: "/v1/status",
  summary: "Where the network stands in time, and what is due",
  responses: answers(statusAnswer, "The status"),
});

const supply = createRoute({
  ...get,
  path: "/v1/supply",
  summary: "Where every token is",
  responses: answers(supplyAnswer, "The supply"),
});

const policy = createRoute({
  ...get,
  path: "/v1/policy",
  summary: "The policy in force, every published version, and the changes to come",
  responses: answers(policyAnswer, "The policy"),
});

/** Adds the routes about the network as a whole. */
export function addNetworkRoutes(app: OpenAPIHono, view: ReturnType<typeof networkView>): void {
  app.openapi(deployment, async (c) => c.json(toWire(await view.deployment()), 200));
  app.openapi(status, async (c) => c.json(toWire(await view.status()), 200));
  app.openapi(supply, async (c) => c.json(toWire(await view.supply()), 200));
  app.openapi(policy, async (c) => c.json(toWire(await view.policy()), 200));
}
