import { constants } from "node:buffer";
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { type epochView } from "../epochView";
import { sayHowLong } from "../caching";
import { epochAnswer, epochsAnswer } from "../schemas/epochs";
import { archivedReport, reportAnswer } from "../schemas/report";
import { toWire } from "../wire";
import { answers } from "./answers";
import { epochParam, pageQuery, partQuery, plainQuery } from "./questions";

const get = { method: "get" as const, tags: ["epochs"] };

const page = createRoute({
  ...get,
  path: "/v1/epochs",
  summary: "Figures of settled epochs, a page at a time",
  request: { query: pageQuery },
  responses: answers(epochsAnswer, "A page"),
});

const one = createRoute({
  ...get,
  path: "/v1/epochs/{epoch}",
  summary: "One settled epoch: figures, settlement, transaction, and what became of its root",
  request: { params: epochParam, query: plainQuery },
  responses: answers(epochAnswer, "The epoch"),
});

const report = createRoute({
  ...get,
  path: "/v1/epochs/{epoch}/report",
  summary: "Why an epoch came out as it did, and who was paid, a page at a time",
  description: "At most `limit` miners and `limit` stakers, whatever the epoch's size; `next` leads to the others.",
  request: { params: epochParam, query: partQuery },
  responses: answers(reportAnswer, "The report"),
});

const whole = createRoute({
  ...get,
  path: "/v1/epochs/{epoch}/report/whole",
  summary: "Everything that decided an epoch, and all that came of it: for programs that compute it again",
  description:
    "Not paged, since its parts make sense only together: it grows with miners, delegations and bonds. " +
    `At most ${constants.MAX_STRING_LENGTH} bytes, as no keeper writes a longer report. ` +
    "`inputs` is what `epoch preview` takes.",
  request: { params: epochParam, query: plainQuery },
  responses: answers(archivedReport, "The report, whole"),
});

/** Adds the routes about settled epochs. */
export function addEpochRoutes(app: OpenAPIHono, view: ReturnType<typeof epochView>): void {
  app.openapi(page, async (c) => {
    const answer = await view.page(c.req.valid("query"));
    sayHowLong(c, answer.next !== null && (await view.isConfirmed(answer.next - 1)));
    return c.json(toWire(answer), 200);
  });
  app.openapi(one, async (c) => c.json(toWire(await view.one(c.req.valid("param").epoch)), 200));
  app.openapi(report, async (c) => {
    const { epoch } = c.req.valid("param");
    const answer = await view.report(epoch, c.req.valid("query"));
    sayHowLong(c, await view.isConfirmed(epoch));
    return c.json(toWire(answer), 200);
  });
  app.openapi(whole, async (c) => {
    const { epoch } = c.req.valid("param");
    const answer = await view.wholeReport(epoch);
    sayHowLong(c, await view.isConfirmed(epoch));
    return c.json(answer, 200);
  });
}
