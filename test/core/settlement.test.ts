import { expect } from "chai";
import { keccak256, toBytes } from "viem";
import { computeEpoch } from "../../scripts/core/computeEpoch";
import { WAD } from "../../scripts/core/fixedPoint";
import { policyHash } from "../../scripts/core/policy/fields";
import { firstDifference, type Settlement, settlementOf } from "../../scripts/core/settlement";
import { epochInputs, miner, staker } from "../shared/epochInputs";
import { accountOf } from "../shared/rewardLists";

const commitments = { rewardsRoot: keccak256(toBytes("root")), inputsHash: keccak256(toBytes("inputs")) };

/** Quality .4 burns 100 of 1000; of the miners' 360 one of two is punished by half of its 180; 1 of 3 is dust. */
const inputs = epochInputs({
  epoch: 3,
  qualityWad: (WAD * 4n) / 10n,
  miners: [miner(accountOf(1), 1n), miner(accountOf(2), 1n, WAD / 10n)],
  stakers: [staker(accountOf(3), 1n), staker(accountOf(4), 1n), staker(accountOf(5), 5n)],
});
const settlement = settlementOf(inputs, computeEpoch(inputs), commitments);

describe("The settlement of a computed epoch", () => {
  it("says each part of the emission, the root, and what led to them", () => {
    expect(settlement).to.deep.equal({
      epoch: 3n,
      emission: 1_000n,
      burnedUnmetQuota: 100n,
      burnedQualityPenalty: 90n,
      minerRewards: 270n,
      validatorRewards: 359n,
      daoShare: 180n,
      returned: 1n,
      utilityWad: WAD,
      qualityWad: (WAD * 4n) / 10n,
      policyHash: policyHash(inputs.policy),
      ...commitments,
    });
  });

  it("is the same whatever the pool and the mint allowance were, as long as they suffice", () => {
    const later = { ...inputs, poolWei: 1n, mintableWei: 5_000n };
    expect(settlementOf(later, computeEpoch(later), commitments)).to.deep.equal(settlement);
  });
});

describe("The first difference between two settlements", () => {
  it("is none where they are equal", () => {
    expect(firstDifference(settlement, { ...settlement })).to.equal(undefined);
  });

  for (const field of Object.keys(settlement) as (keyof Settlement)[]) {
    it(`names ${field}, what it is and what it should be`, () => {
      const value = settlement[field];
      const wrong = typeof value === "bigint" ? value + 1n : keccak256(value);
      expect(firstDifference(settlement, { ...settlement, [field]: wrong })).to.equal(
        `${field} is ${wrong} on chain, but should be ${value}`,
      );
    });
  }

  it("is the first in the order of the struct", () => {
    expect(firstDifference(settlement, { ...settlement, returned: 5n, emission: 2_000n })).to.equal(
      "emission is 2000 on chain, but should be 1000",
    );
  });
});
