import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { type Connection } from "../chain/connection";
import { epochStatus } from "../keeper/facts/epochStatus";
import { signedWeiOf } from "../keeper/quorum/chooseSigners";
import { type Electorate, readElectorate } from "../keeper/quorum/electorate";
import { askingRulesOf, type Gathered, ask, judgementOn, type Unsigned } from "../keeper/quorum/gather";
import { type Heads, type ApiSettings, type ApiSource } from "./source";
import { answers, toWire } from "./answers";
import { plainQuery } from "./questions";
import { quorumAnswer } from "./schemas/epochs";
import { type Hex } from "viem";
import { type AskingRules } from "../chain/askEndpoint";
import { RefusedInputError } from "../core/strictJson";
import { settlementForm, domainOf, type Statement, statementOf } from "../keeper/quorum/statements";

const quorum = createRoute({
  method: "get",
  tags: ["epochs"],
  path: "/v1/quorum",
  operationId: "getQuorum",
  summary: "Who may sign the next epoch to settle; while it is due, who has signed and who has not",
  description:
    "The server asks the validators' published nodes for signatures, at most once every 30 seconds. It checks the signatures, but does not " +
    "compute the settlement: they count for the one that the most stake has signed.",
  request: { query: plainQuery },
  responses: answers(quorumAnswer, "The quorum"),
});

/** Adds the route about the signatures for the next epoch to settle. */
export function addQuorumRoute(
  app: OpenAPIHono,
  { connection }: ApiSource,
  heads: Heads,
  { surveyMilliseconds }: ApiSettings,
): void {
  const next = heads.lately(() => readNext(connection));
  let last: { readonly epoch: number; readonly at: number; readonly survey: Promise<Gathered> } | undefined;

  /** The last survey of validators' nodes, at most `surveyMilliseconds` old, however many ask. */
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

  const stands = async () => {
    const { electorate, dueAt, isDue } = await next();
    const { epoch, signers, neededWei, soloFrom } = electorate;
    const facts = { epoch, dueAt, isDue, neededWei, soloFrom };
    if (!isDue || neededWei === null) {
      const unasked = { hasSigned: null, reason: null };
      const validators = signers.map(({ validator, stakeWei }) => ({ validator, stakeWei, ...unasked }));
      return { ...facts, signedWei: null, validators };
    }
    const { signed, unsigned } = await surveyOf(electorate);
    const all = [...signed.map((one) => ({ ...one, reason: null })), ...unsigned];
    const validators = all
      .toSorted((a, b) => a.position - b.position)
      .map(({ validator, stakeWei, reason }) => ({ validator, stakeWei, hasSigned: reason === null, reason }));
    return { ...facts, signedWei: signedWeiOf(signed), validators };
  };
  app.openapi(quorum, async (c) => c.json(toWire(await stands()), 200));
}

async function readNext(connection: Connection) {
  const { nextEpochToSettle, dueAt, isDue } = await epochStatus(connection);
  return { electorate: await readElectorate(connection, nextEpochToSettle), dueAt, isDue };
}

/**
 * Asks an epoch's validators what they signed, without computing it. Returns who signed the settlement that the most
 * stake has signed, and who did not and why. Each node is asked once, and each signature checked at most twice.
 */
async function surveySignatures(
  connection: Connection,
  { epoch, signers }: Electorate,
  rules: AskingRules,
): Promise<Gathered> {
  const { signal } = new AbortController();
  const weights = new Map<Hex, bigint>();
  let leading: Statement | undefined;
  const answers = await Promise.all(
    signers.map(async (signer) => {
      const without = (reason: string) => ({ answer: undefined, unsigned: { ...signer, differs: false, reason } });
      const asked = await ask(connection, signer.validator, `/v1/settlements/${epoch}`, rules, signal);
      if (asked.kind === "nothing") return without(asked.reason);
      const shown = shownStatement(connection, epoch, asked.json);
      if (shown === undefined) return without(`shows no settlement of epoch ${epoch}`);
      const judged = await judgementOn(connection, signer, shown, asked.json);
      if (!("signature" in judged)) return { answer: undefined, unsigned: judged };
      const weightWei = (weights.get(shown.digest) ?? 0n) + signer.stakeWei;
      weights.set(shown.digest, weightWei);
      if (leading === undefined || weightWei >= weights.get(leading.digest)!) leading = shown;
      return { signer, answer: asked.json };
    }),
  );
  const judgements = await Promise.all(
    answers.map(async (one) =>
      "signer" in one ? judgementOn(connection, one.signer, leading!, one.answer) : one.unsigned,
    ),
  );
  return {
    signed: judgements.filter((one) => "signature" in one),
    unsigned: judgements.filter((one): one is Unsigned => !("signature" in one)),
  };
}

/** The settlement that a node shows, as a statement; undefined if it shows no settlement of the epoch. */
function shownStatement(connection: Connection, epoch: number, json: unknown): Statement | undefined {
  try {
    const { message } = settlementForm.read(json);
    return message.epoch === BigInt(epoch) ? statementOf(settlementForm, domainOf(connection), message) : undefined;
  } catch (error) {
    if (error instanceof RefusedInputError) return undefined;
    throw error;
  }
}
