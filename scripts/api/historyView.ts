import { type Address } from "viem";
import { noEarnings } from "../core/distribution/earnings";
import { type EarningsIndex } from "./earningsIndex";
import { type epochView, type PageQuery, pageOf } from "./epochView";

/** What the API tells of how an account came to its rewards, epoch by epoch. */
export function historyView(index: EarningsIndex, epochs: ReturnType<typeof epochView>) {
  return async (account: Address, query: PageQuery) => {
    const settled = await epochs.settledEpochs();
    const { epochs: page, next } = pageOf(query, settled.length);
    const known = account.toLowerCase() as Address;
    return {
      account,
      epochs: page.map((epoch) => {
        const earnings = index.of(epoch, settled[epoch]!.settlement.rewardsRoot);
        if (earnings === undefined) return { kind: "missing" as const, epoch, reason: missingReason(epoch) };
        return { kind: "known" as const, epoch, ...(earnings.get(known) ?? noEarnings) };
      }),
      next,
    };
  };
}

function missingReason(epoch: number): string {
  return `The report of epoch ${epoch} is not in the archive here: /v1/epochs/${epoch}/report has it computed from the chain.`;
}
