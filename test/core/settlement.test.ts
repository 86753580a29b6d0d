import { expect } from "chai";
import { keccak256, toBytes } from "viem";
import { computeEpoch } from "../../scripts/core/computeEpoch";
import { WAD } from "../../scripts/core/fixedPoint";
import { policyHash } from "../../scripts/core/policy/policy";
import { firstDifference, type Settlement, settlementOf } from "../../scripts/core/settlement";
import { epochInputs, miner, staker, UNCAPPED_POLICY } from "../shared/epochInputs";
import { accountOf } from "../shared/rewardLists";

const commitments = { rewardsRoot: keccak256(toBytes("root")), inputsHash: keccak256(toBytes("inputs")) };

/**
 * All 1000 come from work; half of it is scored .1, and half of .4 burns 200. Of the miners' 320 the good one gets ten
 * elevenths, 290, and the bad one 29, of which half is burned, 14; 1 is dust. Of the validators' 320 the last gets 228.
 */
const inputs = epochInputs({
  epoch: 3,
  policy: { ...UNCAPPED_POLICY, weightsBps: [5_000, 5_000, 0], qualityPenaltyThresholdBps: 2_000 },
  miners: [miner(accountOf(1), 1n), miner(accountOf(2), 1n, WAD / 10n)],
  stakers: [staker(accountOf(3), 1n), staker(accountOf(4), 1n), staker(accountOf(5), 5n)],
});
const settlement = settlementOf(inputs, computeEpoch(inputs), commitments);

describe("The settlement of a computed epoch", () => {
  it("states each part of the emission, the root, and the policy and inputs that led to them", () => {
    expect(settlement).to.deep.equal({
      epoch: 3n,
      emission: 1_000n,
      burnedUnmetQuota: 200n,
      burnedQualityPenalty: 14n,
      minerRewards: 305n,
      validatorRewards: 318n,
      daoShare: 160n,
      returned: 3n,
      utilityWad: WAD,
      qualityWad: (WAD * 55n) / 100n,
      policyHash: policyHash(inputs.policy),
      ...commitments,
    });
  });

  it("doesn't depend on the pool and the mint allowance, as long as they suffice", () => {
    const later = { ...inputs, poolWei: 1n, mintableWei: 5_000n };
    expect(settlementOf(later, computeEpoch(later), commitments)).to.deep.equal(settlement);
  });
});

describe("The first difference between two settlements", () => {
  it("is undefined if they are equal", () => {
    expect(firstDifference(settlement, { ...settlement })).to.equal(undefined);
  });

  for (const field of Object.keys(settlement) as (keyof Settlement)[]) {
    it(`names ${field}, its value on chain and its expected value`, () => {
      const value = settlement[field];
      const wrong = typeof value === "bigint" ? value + 1n : keccak256(value);
      expect(firstDifference(settlement, { ...settlement, [field]: wrong })).to.equal(
        `${field} is ${wrong} on chain, but should be ${value}`,
      );
    });
  }

  it("is the first in the order of the struct's fields", () => {
    expect(firstDifference(settlement, { ...settlement, returned: 5n, emission: 2_000n })).to.equal(
      "emission is 2000 on chain, but should be 1000",
    );
  });
});
