import { createRoute, type OpenAPIHono, type z } from "@hono/zod-openapi";
import { accountAnswer, claimableAnswer, historyAnswer, minersAnswer, validatorsAnswer } from "./schemas/people";
import {
  accountParam,
  answers,
  claimableQuery,
  incomeQuery,
  minersQuery,
  pageQuery,
  plainQuery,
  textAnswers,
  toWire,
} from "./questions";
import { type incomeView } from "./income";
import { incomeCsv } from "../show/incomeCsv";
import { listClaimable } from "../views/claimable";
import { listRanked } from "../views/minerList";
import { readRanking } from "../views/minerRanking";
import { archivedStanding } from "../views/lastStanding";
import { awaitingReveal } from "../views/revealWindow";
import { listValidators } from "../views/validatorList";
import { readProfile } from "../views/profiles";
import { readOwnReturn, readRecords, type StakesIn } from "../views/validatorRecords";
import { type epochView } from "./epochs";
import { type historyView } from "./history";
import { type Heads } from "./heads";
import { type ApiSource } from "./source";
import { type Address, isAddressEqual, zeroAddress } from "viem";
import { type SavedTrees } from "./epochStore";
import { max } from "../core/fixedPoint";

const get = { method: "get" as const, tags: ["people"] };

const account = createRoute({
  ...get,
  path: "/v1/accounts/{address}",
  operationId: "getAccount",
  summary: "What an account earned, was paid and can claim, with the proof that Treasury.claim takes",
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
    "`paidTransaction` the claim's, and `from` and `to` are about `date`. Rewards that are claimed are taken to be paid in the " +
    "order in which they were earned.",
  request: { params: accountParam, query: incomeQuery },
  responses: textAnswers("text/csv", incomeCsv([]), "The income"),
});

const claimable = createRoute({
  ...get,
  path: "/v1/claimable",
  operationId: "listClaimable",
  summary:
    "Accounts with something to claim, who has most first, with the proofs that Treasury.claim takes, a page at a time",
  request: { query: claimableQuery },
  responses: answers(claimableAnswer, "A page"),
});

const validators = createRoute({
  ...get,
  path: "/v1/validators",
  operationId: "listValidators",
  summary: "Everybody who ever registered as a validator",
  request: { query: plainQuery },
  responses: answers(validatorsAnswer, "The validators"),
});

const miners = createRoute({
  ...get,
  path: "/v1/miners",
  operationId: "listMiners",
  summary: "Miners, and how each served its clients in the last eight scored epochs and since, a page at a time",
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
  app.openapi(validators, async (c) => c.json(toWire(await people.validators()), 200));
  app.openapi(miners, async (c) => c.json(toWire(await people.miners(c.req.valid("query"))), 200));
}

/** What the API tells of validators and miners, with what consensus last said of them where the archive has it. */
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

  return {
    validators,

    /** Beginning after the first `from` of them. */
    async miners({ from, limit, sort, type: typeId }: z.infer<typeof minersQuery>) {
      const [facts, last] = await Promise.all([ranking(), standing()]);
      const listed = listRanked(facts, { sort, typeId });
      const end = from + limit;
      return {
        standingEpoch: last.epoch,
        miners: listed
          .slice(from, end)
          .map((one) => ({ ...one, standing: last.miners.get(one.account.toLowerCase()) ?? null })),
        count: listed.length,
        next: end < listed.length ? end : null,
      };
    },
  };
}

/** What the API tells of everybody who can claim something; nothing while claims are paused. */
export function claimableView(heads: Heads, trees: SavedTrees, epochs: ReturnType<typeof epochView>) {
  const listed = heads.once(async ({ view }) => {
    const [{ claimable: root, paused }, settled] = await Promise.all([epochs.roots(), epochs.settledEpochs()]);
    if (root === null || paused) return { root: null, paused, rows: [], settled };
    return { root, paused, rows: await listClaimable(view, await trees.listOf(root, settled)), settled };
  });
  return async ({ from, limit, minWei }: z.infer<typeof claimableQuery>) => {
    const { root, paused, rows, settled } = await listed();
    const below = rows.findIndex(({ claimableWei }) => claimableWei < minWei);
    const count = below < 0 ? rows.length : below;
    const end = Math.min(from + limit, count);
    return {
      root: root?.root ?? null,
      epoch: root?.epoch ?? null,
      paused,
      accounts: await Promise.all(
        rows.slice(from, end).map(async (row) => {
          const { cumulativeWei, proof } = await trees.rewardsOf(root!, row.account, settled);
          return { ...row, cumulativeWei, proof };
        }),
      ),
      count,
      next: end < count ? end : null,
    };
  };
}

/** What the API tells of one account's rewards. */
export function accountView(heads: Heads, trees: SavedTrees, epochs: ReturnType<typeof epochView>, stakesIn: StakesIn) {
  return async (account: Address) => {
    const { view } = await heads.current();
    const { treasury } = view.contracts;
    const [roots, settled, claimedWei, recipient, autoStake, profile, stakeReturn] = await Promise.all([
      epochs.roots(),
      epochs.settledEpochs(),
      treasury.read.claimedOf([account]),
      treasury.read.claimRecipientOf([account]),
      treasury.read.autoStakeValidatorOf([account]),
      readProfile(view, account),
      readOwnReturn(view, account, stakesIn),
    ]);
    const { claimable, pending, paused } = roots;
    const nothing = { cumulativeWei: 0n, proof: [] };
    const now = claimable === null ? nothing : await trees.rewardsOf(claimable, account, settled);
    const later = pending === null ? nothing : await trees.rewardsOf(pending, account, settled);
    const coveredWei = max(now.cumulativeWei, claimedWei);
    return {
      account,
      profile,
      recipient,
      autoStake: isAddressEqual(autoStake, zeroAddress) ? null : autoStake,
      claimedWei,
      stakeReturn,
      root: claimable?.root ?? null,
      epoch: claimable?.epoch ?? null,
      cumulativeWei: now.cumulativeWei,
      claimableWei: paused ? 0n : coveredWei - claimedWei,
      proof: now.proof,
      pending: pending && {
        ...pending,
        cumulativeWei: later.cumulativeWei,
        moreWei: max(later.cumulativeWei, coveredWei) - coveredWei,
      },
      paused,
    };
  };
}
