import { expect } from "chai";
import fc from "fast-check";
import { computeEpoch } from "../../scripts/core/computeEpoch";
import { addRewards, type CumulativeRewards, rewardsOf } from "../../scripts/core/cumulative";
import { anyEpoch, epochInputs, miner, staker } from "../shared/epochInputs";
import { accountOf } from "../shared/rewardLists";

const [alice, bob, carol] = [accountOf(1), accountOf(2), accountOf(3)];

describe("Cumulative rewards", () => {
  it("add what an account earned as a miner and as a validator to what it had", () => {
    const result = computeEpoch(
      epochInputs({ miners: [miner(alice, 1n), miner(bob, 1n)], stakers: [staker(alice, 1n)] }),
    );
    const before: CumulativeRewards = new Map([
      [alice, 1_000n],
      [carol, 7n],
    ]);
    expect(addRewards(before, result)).to.deep.equal(
      new Map([
        [alice, 1_600n],
        [carol, 7n],
        [bob, 200n],
      ]),
    );
    expect(before).to.deep.equal(
      new Map([
        [alice, 1_000n],
        [carol, 7n],
      ]),
    );
  });

  it("grow by exactly what every epoch gave to miners and validators, and never shrink", () => {
    fc.assert(
      fc.property(fc.array(anyEpoch, { maxLength: 4 }), (epochs) => {
        let cumulative: CumulativeRewards = new Map();
        let givenWei = 0n;
        for (const result of epochs.map(computeEpoch)) {
          const before = cumulative;
          cumulative = addRewards(before, result);
          givenWei += result.miners.rewardsWei + result.validators.rewardsWei;
          expect([...before].every(([account, wei]) => cumulative.get(account)! >= wei)).to.equal(true);
        }
        expect([...cumulative.values()].reduce((sum, wei) => sum + wei, 0n)).to.equal(givenWei);
      }),
      { numRuns: 50 },
    );
  });

  it("are listed as a tree takes them", () => {
    const rewards = rewardsOf(
      new Map([
        [alice, 1n],
        [bob, 2n],
      ]),
    );
    expect([...rewards]).to.deep.equal([
      { account: alice, cumulativeWei: 1n },
      { account: bob, cumulativeWei: 2n },
    ]);
  });
});
