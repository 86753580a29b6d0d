/** Validators and miners, and what accounts call themselves. */
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { answers, toWire } from "./answers";
import { minersQuery, namesQuery, plainQuery } from "./questions";
import { minersAnswer, namesAnswer, validatorsAnswer } from "./schemas/people";
import { type Address } from "viem";
import { type Profile } from "../core/profile";
import { archivedStanding } from "../views/lastStanding";
import { listRanked, withProfiles, readRanking } from "../views/minerRanking";
import { readProfile } from "../views/accounts";
import { awaitingReveal } from "../views/epochTimes";
import { listValidators, readRecords } from "../views/validators";
import { type EpochView } from "./epochs";
import { type Heads, type ApiSource } from "./source";

const get = { method: "get" as const, tags: ["people"] };

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

/**
 * Adds the routes about validators and miners, with the last consensus about them if the archive has it, and about
 * names.
 */
export function addPeopleRoutes(
  app: OpenAPIHono,
  { archive, earnings }: ApiSource,
  heads: Heads,
  epochs: EpochView,
  patienceMilliseconds: number,
): void {
  const stakesIn = earnings.stakesIn(patienceMilliseconds);
  const standing = heads.once(async () => archivedStanding(archive, await epochs.settledEpochs()));

  const listed = heads.once(async ({ view }) => {
    const [registered, awaited, last] = await Promise.all([listValidators(view), awaitingReveal(view), standing()]);
    const addresses = registered.map(({ validator }) => validator);
    const records = await readRecords(view, addresses, stakesIn);
    return {
      standingEpoch: last.epoch,
      validators: registered.map((one) => ({
        ...one,
        record: records.get(one.validator)!,
        awaitsReveal: awaited?.validators.includes(one.validator) ?? false,
        standing: last.validators.get(one.validator.toLowerCase()) ?? null,
      })),
    };
  });

  const ranking = heads.once(({ view }) => readRanking(view));

  const profiles = heads.once(({ view }) => {
    const known = new Map<Address, Promise<Profile | null>>();
    return Promise.resolve({ view, known });
  });
  /** Asks the chain once per account and block; failures are not remembered. */
  async function profileOf(account: Address): Promise<Profile | null> {
    const { view, known } = await profiles();
    const profile = known.get(account) ?? readProfile(view, account);
    known.set(account, profile);
    profile.catch(() => known.delete(account));
    return profile;
  }

  app.openapi(validators, async (c) => c.json(toWire(await listed()), 200));
  app.openapi(names, async (c) => {
    const { accounts } = c.req.valid("query");
    const known = await Promise.all(accounts.map(profileOf));
    const all = accounts.map((account, index) => ({ account, name: known[index]?.name ?? "" }));
    return c.json({ names: all.filter(({ name }) => name !== "") }, 200);
  });
  app.openapi(miners, async (c) => {
    const { from, limit, sort, type: typeId } = c.req.valid("query");
    const [facts, last] = await Promise.all([ranking(), standing()]);
    const ranked = listRanked(facts, { sort, typeId });
    const end = from + limit;
    const page = (await withProfiles(ranked.slice(from, end), profileOf)).map((one) => ({
      ...one,
      standing: last.miners.get(one.account.toLowerCase()) ?? null,
    }));
    const next = end < ranked.length ? end : null;
    return c.json(toWire({ standingEpoch: last.epoch, miners: page, count: ranked.length, next }), 200);
  });
}
