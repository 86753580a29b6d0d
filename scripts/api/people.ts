/** The routes about accounts, validators and miners. */
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { incomeCsv } from "../show/incomeCsv";
import { type accountView, type claimableView, type historyView } from "./accountView";
import { type incomeView } from "./income";
import { type peopleView } from "./peopleView";
import { answers, textAnswers, toWire } from "./answers";
import { accountParam, claimableQuery, incomeQuery, minersQuery, namesQuery, pageQuery, plainQuery } from "./questions";
import {
  accountAnswer,
  claimableAnswer,
  historyAnswer,
  minersAnswer,
  namesAnswer,
  validatorsAnswer,
} from "./schemas/people";

const get = { method: "get" as const, tags: ["people"] };

const account = createRoute({
  ...get,
  path: "/v1/accounts/{address}",
  operationId: "getAccount",
  summary: "What an account earned, was paid and can claim, with the proof for Treasury.claim",
  request: { params: accountParam, query: plainQuery },
  responses: answers(accountAnswer, "The account's rewards"),
});

const history = createRoute({
  ...get,
  path: "/v1/accounts/{address}/history",
  operationId: "getAccountHistory",
  summary: "What an account earned epoch by epoch, and why: score, stake, share",
  request: { params: accountParam, query: pageQuery },
  responses: answers(historyAnswer, "A page"),
});

const income = createRoute({
  ...get,
  path: "/v1/accounts/{address}/income.csv",
  operationId: "getAccountIncome",
  summary: "Everything an account earned, payment by payment, for a spreadsheet",
  description:
    "A row for each epoch and role, in MDT with every digit; `date` and `transaction` are the settlement's, `paidDate` and " +
    "`paidTransaction` the claim's, and `from` and `to` refer to `date`. Rewards that are claimed are taken to be paid in the " +
    "order in which they were earned.",
  request: { params: accountParam, query: incomeQuery },
  responses: textAnswers("text/csv", incomeCsv([]), "The income"),
});

const claimable = createRoute({
  ...get,
  path: "/v1/claimable",
  operationId: "listClaimable",
  summary: "Accounts with claimable rewards, largest first, with the proofs for Treasury.claim, a page at a time",
  request: { query: claimableQuery },
  responses: answers(claimableAnswer, "A page"),
});

const names = createRoute({
  ...get,
  path: "/v1/names",
  operationId: "listNames",
  summary: "Self-declared, unverified names of accounts, to be shown beside the address",
  request: { query: namesQuery },
  responses: answers(namesAnswer, "The names"),
});

const validators = createRoute({
  ...get,
  path: "/v1/validators",
  operationId: "listValidators",
  summary: "All validators that ever registered",
  request: { query: plainQuery },
  responses: answers(validatorsAnswer, "The validators"),
});

const miners = createRoute({
  ...get,
  path: "/v1/miners",
  operationId: "listMiners",
  summary: "Miners and their service in the last eight scored epochs and since, a page at a time",
  description: "At most `limit` miners, however many there are; `next` leads to the others.",
  request: { query: minersQuery },
  responses: answers(minersAnswer, "A page"),
});

/** Where the answers about people come from. */
export interface PeopleViews {
  readonly rewardsOf: ReturnType<typeof accountView>;
  readonly historyOf: ReturnType<typeof historyView>;
  readonly claimable: ReturnType<typeof claimableView>;
  readonly incomeOf: ReturnType<typeof incomeView>;
  readonly people: ReturnType<typeof peopleView>;
}

/** Adds the routes about accounts, validators and miners. */
export function addPeopleRoutes(app: OpenAPIHono, views: PeopleViews): void {
  const { rewardsOf, historyOf, incomeOf, people } = views;
  app.openapi(account, async (c) => c.json(toWire(await rewardsOf(c.req.valid("param").address)), 200));
  app.openapi(history, async (c) =>
    c.json(toWire(await historyOf(c.req.valid("param").address, c.req.valid("query"))), 200),
  );
  app.openapi(income, async (c) => {
    const { address } = c.req.valid("param");
    const file = `attachment; filename="income-${address}.csv"`;
    const headers = { "Content-Type": "text/csv; charset=utf-8", "Content-Disposition": file };
    return c.body(incomeCsv(await incomeOf(address, c.req.valid("query"))), 200, headers);
  });
  app.openapi(claimable, async (c) => c.json(toWire(await views.claimable(c.req.valid("query"))), 200));
  app.openapi(names, async (c) => c.json(await people.names(c.req.valid("query").accounts), 200));
  app.openapi(validators, async (c) => c.json(toWire(await people.validators()), 200));
  app.openapi(miners, async (c) => c.json(toWire(await people.miners(c.req.valid("query"))), 200));
}
