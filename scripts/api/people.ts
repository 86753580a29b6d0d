/** Validators and miners, and what accounts call themselves. */
import { createRoute, type OpenAPIHono, type z } from "@hono/zod-openapi";
import { answers, toWire } from "./answers";
import { minersQuery, namesQuery, plainQuery } from "./questions";
import { minersAnswer, namesAnswer, validatorsAnswer } from "./schemas/people";
import { type Address } from "viem";
import { type Profile } from "../core/profile";
import { archivedStanding } from "../views/lastStanding";
import { listRanked, withProfiles, readRanking } from "../views/minerRanking";
import { readProfile } from "../views/accounts";
import { awaitingReveal } from "../views/epochTimes";
import { listValidators, readRecords, type StakesIn } from "../views/validators";
import { type epochView } from "./epochs";
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

/** Adds the routes about validators and miners, and the names of accounts. */
export function addPeopleRoutes(app: OpenAPIHono, view: ReturnType<typeof peopleView>): void {
  app.openapi(names, async (c) => c.json(await view.names(c.req.valid("query").accounts), 200));
  app.openapi(validators, async (c) => c.json(toWire(await view.validators()), 200));
  app.openapi(miners, async (c) => c.json(toWire(await view.miners(c.req.valid("query"))), 200));
}

/** What the API reports on validators and miners, with what consensus last said of them where the archive has it. */
export function peopleView(
  { archive }: ApiSource,
  heads: Heads,
  epochs: ReturnType<typeof epochView>,
  stakesIn: StakesIn,
) {
  const standing = heads.once(async () => archivedStanding(archive, await epochs.settledEpochs()));

  const validators = heads.once(async ({ view }) => {
    const [listed, awaited, last] = await Promise.all([listValidators(view), awaitingReveal(view), standing()]);
    const addresses = listed.map(({ validator }) => validator);
    const records = await readRecords(view, addresses, stakesIn);
    return {
      standingEpoch: last.epoch,
      validators: listed.map((one) => ({
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
  /** The chain is asked once for each account and block; what failed is not remembered. */
  async function profileOf(account: Address): Promise<Profile | null> {
    const { view, known } = await profiles();
    const profile = known.get(account) ?? readProfile(view, account);
    known.set(account, profile);
    profile.catch(() => known.delete(account));
    return profile;
  }

  return {
    validators,

    /** Those of these accounts that call themselves something. */
    async names(accounts: readonly Address[]) {
      const profiles = await Promise.all(accounts.map(profileOf));
      const names = accounts.map((account, index) => ({ account, name: profiles[index]?.name ?? "" }));
      return { names: names.filter(({ name }) => name !== "") };
    },

    /** Beginning after the first `from` of them. */
    async miners({ from, limit, sort, type: typeId }: z.infer<typeof minersQuery>) {
      const [facts, last] = await Promise.all([ranking(), standing()]);
      const listed = listRanked(facts, { sort, typeId });
      const end = from + limit;
      return {
        standingEpoch: last.epoch,
        miners: (await withProfiles(listed.slice(from, end), profileOf)).map((one) => ({
          ...one,
          standing: last.miners.get(one.account.toLowerCase()) ?? null,
        })),
        count: listed.length,
        next: end < listed.length ? end : null,
      };
    },
  };
}
