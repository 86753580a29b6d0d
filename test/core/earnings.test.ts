import { expect } from "chai";
import fc from "fast-check";
import { computeEpoch } from "../../scripts/core/computeEpoch";
import { earningsOf } from "../../scripts/core/distribution/earnings";
import { anyEpoch } from "../shared/epochInputs";

describe("Everybody's earnings in an epoch", () => {
  it("are, to the wei and for every account, the payments that its rewards are the sums of", () => {
    fc.assert(
      fc.property(anyEpoch, (inputs) => {
        const { miners, validators } = computeEpoch(inputs);
        const expected = new Map<string, bigint>();
        for (const { account, amountWei } of [...miners.rewards, ...validators.rewards]) {
          expected.set(account, (expected.get(account) ?? 0n) + amountWei);
        }
        const earnings = earningsOf(inputs);
        const earned = [...earnings].filter(([, { earnedWei }]) => earnedWei > 0n);
        expect(new Map(earned.map(([account, { earnedWei }]) => [account as string, earnedWei]))).to.deep.equal(
          expected,
        );
        const stakesWei = [...earnings.values()].flatMap(({ stakes }) => stakes.map(({ amountWei }) => amountWei));
        expect(stakesWei.reduce((sum, wei) => sum + wei, 0n)).to.equal(validators.rewardsWei);
      }),
      { numRuns: 200 },
    );
  });
});
