import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { type accountView } from "../accountView";
import { type historyView } from "../historyView";
import { type peopleView } from "../peopleView";
import { accountAnswer, historyAnswer } from "../schemas/accounts";
import { minersAnswer, validatorsAnswer } from "../schemas/people";
import { toWire } from "../wire";
import { answers } from "./answers";
import { accountParam, pageQuery, partQuery, plainQuery } from "./questions";

const get = { method: "get" as const, tags: ["people"] };

const account = createRoute({
  ...get,
  path: "/v1/accounts/{address}",
  summary: "What an account earned, was paid and can claim, with the proof that Treasury.claim takes",
  request: { params: accountParam, query: plainQuery },
  responses: answers(accountAnswer, "The account's rewards"),
});

const history = createRoute({
  ...get,
  path: "/v1/accounts/{address}/history",
  summary: "What an account earned epoch by epoch, and why: score, stake, share",
  request: { params: accountParam, query: pageQuery },
  responses: answers(historyAnswer, "A page"),
});

const validators = createRoute({
  ...get,
  path: "/v1/validators",
  summary: "Everybody who ever registered as a validator",
  request: { query: plainQuery },
  responses: answers(validatorsAnswer, "The validators"),
});

const miners = createRoute({
  ...get,
  path: "/v1/miners",
  summary: "Miners by id and what each completed of late, a page at a time",
  description: "At most `limit` miners, however many there are; `next` leads to the others.",
  request: { query: partQuery },
  responses: answers(minersAnswer, "A page"),
});

/** Where the answers about people come from. */
export interface PeopleViews {
  readonly rewardsOf: ReturnType<typeof accountView>;
  readonly historyOf: ReturnType<typeof historyView>;
  readonly people: ReturnType<typeof peopleView>;
}

/** Adds the routes about accounts, validators and miners. */
export function addPeopleRoutes(app: OpenAPIHono, { rewardsOf, historyOf, people }: PeopleViews): void {
  app.openapi(account, async (c) => c.json(toWire(await rewardsOf(c.req.valid("param").address)), 200));
  app.openapi(history, async (c) =>
    c.json(toWire(await historyOf(c.req.valid("param").address, c.req.valid("query"))), 200),
  );
  app.openapi(validators, async (c) => c.json(toWire(await people.validators()), 200));
  app.openapi(miners, async (c) => c.json(toWire(await people.miners(c.req.valid("query"))), 200));
}
