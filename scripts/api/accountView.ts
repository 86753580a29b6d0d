import { type z } from "@hono/zod-openapi";
import { type Address, isAddressEqual, zeroAddress } from "viem";
import { max } from "../core/fixedPoint";
import { listClaimable } from "../views/claimable";
import { readProfile } from "../views/profiles";
import { readOwnReturn, type StakesIn } from "../views/validatorRecords";
import { type EarningsIndex } from "./earningsIndex";
import { type epochView, pageOf, type PageQuery } from "./epochs";
import { type SavedTrees } from "./epochStore";
import { type Heads } from "./heads";
import { type claimableQuery } from "./questions";

/** What the API reports on everybody who can claim something; nothing while claims are paused. */
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

/** What the API reports on one account's rewards. */
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

/** What the API reports on how an account came to its rewards, epoch by epoch. */
export function historyView(index: EarningsIndex, epochs: ReturnType<typeof epochView>, patienceMilliseconds: number) {
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
