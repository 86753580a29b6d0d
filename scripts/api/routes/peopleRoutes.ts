import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { type accountView } from "../accountView";
import { type peopleView } from "../peopleView";
import { accountAnswer } from "../schemas/accounts";
import { minersAnswer, validatorsAnswer } from "../schemas/people";
import { toWire } from "../wire";
import { answers } from "./answers";
import { accountParam, noQuery } from "./questions";

const get = { method: "get" as const, tags: ["people"] };

const account = createRoute({
  ...get,
  path: "/v1/accounts/{address}",
  summary: "What an account earned, was paid and can claim, with the proof that Treasury.claim takes",
  request: { params: accountParam, query: noQuery },
  responses: answers(accountAnswer, "The account's rewards"),
});

const validators = createRoute({
  ...get,
  path: "/v1/validators",
  summary: "Everybody who ever registered as a validator",
  request: { query: noQuery },
  responses: answers(validatorsAnswer, "The validators"),
});

const miners = createRoute({
  ...get,
  path: "/v1/miners",
  summary: "Every miner and what it completed of late",
  request: { query: noQuery },
  responses: answers(minersAnswer, "The miners"),
});

/** Adds the routes about accounts, validators and miners. */
export function addPeopleRoutes(
  app: OpenAPIHono,
  rewardsOf: ReturnType<typeof accountView>,
  view: ReturnType<typeof peopleView>,
): void {
  app.openapi(account, async (c) => c.json(toWire(await rewardsOf(c.req.valid("param").address)), 200));
  app.openapi(validators, async (c) => c.json(toWire(await view.validators()), 200));
  app.openapi(miners, async (c) => c.json(toWire(await view.miners()), 200));
}
