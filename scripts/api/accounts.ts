/** What accounts earned, were paid and can claim. */
import { type Address, isAddressEqual, zeroAddress } from "viem";
import { max } from "../core/fixedPoint";
import { listClaimable, readProfile } from "../views/accounts";
import { readOwnReturn, type StakesIn } from "../views/validators";
import { type EarningsIndex } from "./earnings";
import { type EpochView, pageOf, type PageQuery } from "./epochs";
import { type EpochStore, SavedTrees } from "./epochStore";
import { type ApiSource, type Heads } from "./source";
import { createRoute, type OpenAPIHono, type z } from "@hono/zod-openapi";
import { incomeCsv, incomeView } from "./income";
import { answers, textAnswers, toWire } from "./answers";
import { accountParam, claimableQuery, incomeQuery, pageQuery, plainQuery } from "./questions";
import { accountAnswer, claimableAnswer, historyAnswer } from "./schemas/people";

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
    "`paidTransaction` the claim's, and `from` and `to` refer to `date`. Claimed rewards count as paid in the " +
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

/** Adds the routes about accounts. */
export function addAccountRoutes(
  app: OpenAPIHono,
  source: ApiSource,
  heads: Heads,
  epochs: EpochView,
  store: EpochStore,
  patienceMilliseconds: number,
): void {
  const trees = new SavedTrees(source, store);
  const rewardsOf = accountView(heads, trees, epochs, source.earnings.stakesIn(patienceMilliseconds));
  const claimableOf = claimableView(heads, trees, epochs);
  const historyOf = historyView(source.earnings, epochs, patienceMilliseconds);
  const incomeOf = incomeView(source, () => heads.current(), store, patienceMilliseconds);
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
  app.openapi(claimable, async (c) => c.json(toWire(await claimableOf(c.req.valid("query"))), 200));
}

/** What the API reports on everyone who can claim something; nothing while claims are paused. */
function claimableView(heads: Heads, trees: SavedTrees, epochs: EpochView) {
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

/** What the API reports on one account's rewards. */
function accountView(heads: Heads, trees: SavedTrees, epochs: EpochView, stakesIn: StakesIn) {
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

/** What the API reports on how an account came to its rewards, epoch by epoch. */
function historyView(index: EarningsIndex, epochs: EpochView, patienceMilliseconds: number) {
  return async (account: Address, query: PageQuery) => {
    const settled = await epochs.settledEpochs();
    const { epochs: page, next } = pageOf(query, settled.length);
    const earned = await index.of(account, page, settled, patienceMilliseconds);
    return {
      account,
      epochs: page.map((epoch) => {
        const earnings = earned.get(epoch);
        if (earnings === undefined) return { kind: "missing" as const, epoch, reason: missingReason(epoch) };
        return { kind: "known" as const, epoch, ...earnings };
      }),
      next,
    };
  };
}

function missingReason(epoch: number): string {
  return `The archive here does not have the report of epoch ${epoch}. Request /v1/epochs/${epoch}/report to have it computed from the chain.`;
}
