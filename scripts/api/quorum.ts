import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { type Connection } from "../chain/connection";
import { epochStatus } from "../keeper/facts/epochStatus";
import { signedWeiOf } from "../keeper/quorum/chooseSigners";
import { type Electorate, readElectorate } from "../keeper/quorum/electorate";
import { askingRulesOf, type Gathered } from "../keeper/quorum/gather";
import { surveySignatures } from "../keeper/quorum/survey";
import { type Heads } from "./heads";
import { answers, plainQuery, toWire } from "./questions";
import { quorumAnswer } from "./schemas/quorum";
import { type ApiSettings, type ApiSource } from "./source";

const quorum = createRoute({
  method: "get",
  tags: ["epochs"],
  path: "/v1/quorum",
  operationId: "getQuorum",
  summary: "Who may sign the next epoch to settle; while it is due, who has signed and who has not",
  description:
    "Signatures are asked of the validators' published nodes, at most every half a minute. They are checked, and what they sign is " +
    "not computed here: they count for the settlement that the most stake has signed.",
  request: { query: plainQuery },
  responses: answers(quorumAnswer, "The quorum"),
});

/** Adds the route about the signatures of the epoch that is settled next. */
export function addQuorumRoute(app: OpenAPIHono, view: ReturnType<typeof quorumView>): void {
  app.openapi(quorum, async (c) => c.json(toWire(await view()), 200));
}

/** What the API reports on the quorum of the epoch that is settled next. */
export function quorumView({ connection }: ApiSource, heads: Heads, { surveyMilliseconds }: ApiSettings) {
  const next = heads.lately(() => readNext(connection));
  let last: { readonly epoch: number; readonly at: number; readonly survey: Promise<Gathered> } | undefined;

  /** What validators' nodes showed at most a moment ago, however many ask. */
  const surveyOf = (electorate: Electorate): Promise<Gathered> => {
    const now = performance.now();
    const { epoch } = electorate;
    if (last?.epoch !== epoch || now - last.at >= surveyMilliseconds) {
      const survey = surveySignatures(connection, electorate, askingRulesOf(connection));
      last = { epoch, at: now, survey };
      survey.catch(() => {
        last = undefined;
      });
    }
    return last.survey;
  };

  return async () => {
    const { electorate, dueAt, isDue } = await next();
    const { epoch, signers, neededWei, soloFrom } = electorate;
    const facts = { epoch, dueAt, isDue, neededWei, soloFrom };
    if (!isDue || neededWei === null) {
      const validators = signers.map(({ validator, stakeWei }) => ({
        validator,
        stakeWei,
        hasSigned: null,
        reason: null,
      }));
      return { ...facts, signedWei: null, validators };
    }
    const { signed, unsigned } = await surveyOf(electorate);
    const all = [...signed.map((one) => ({ ...one, reason: null })), ...unsigned];
    const validators = all
      .toSorted((a, b) => a.position - b.position)
      .map(({ validator, stakeWei, reason }) => ({ validator, stakeWei, hasSigned: reason === null, reason }));
    return { ...facts, signedWei: signedWeiOf(signed), validators };
  };
}

async function readNext(connection: Connection) {
  const { nextEpochToSettle, dueAt, isDue } = await epochStatus(connection);
  return { electorate: await readElectorate(connection, nextEpochToSettle), dueAt, isDue };
}
