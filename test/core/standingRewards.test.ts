import { expect } from "chai";
import fc from "fast-check";
import {
  addRewards,
  type CumulativeRewards,
  divideRewards,
  rewardsOf,
  type Shares,
} from "../../scripts/core/settlement";
import { accountOf } from "../shared/rewardLists";
import { computeEpoch } from "../../scripts/core/computeEpoch";
import { anyEpoch, epochInputs, miner, staker } from "../shared/epochInputs";

type Amounts = readonly bigint[];

function side(amounts: Amounts, first: number) {
  const rewards = amounts.map((amountWei, index) => ({ account: accountOf(first + index), amountWei }));
  return { rewards, rewardsWei: amounts.reduce((sum, amount) => sum + amount, 0n) };
}

function shares(miners: Amounts, validators: Amounts): Shares {
  return { miners: side(miners, 1), validators: side(validators, 100) };
}

function posted(minerRewardsWei: bigint, validatorRewardsWei: bigint, returnedWei = 0n) {
  return { minerRewardsWei, validatorRewardsWei, returnedWei };
}

describe("An epoch's rewards as posted", () => {
  it("are those computed, to the wei, if their sums were posted", () => {
    const computed = shares([7n, 5n], [3n]);
    expect(divideRewards(computed, posted(12n, 3n))).to.deep.equal({ ...computed, undividedWei: 0n });
  });

  const cases: [
    what: string,
    miners: Amounts,
    validators: Amounts,
    undividedWei: bigint,
    given: ReturnType<typeof posted>,
  ][] = [
    ["grow in proportion, floored, if more was posted", [14n, 10n], [4n], 1n, posted(25n, 4n)],
    ["shrink in proportion if less was posted", [3n, 2n], [3n], 1n, posted(6n, 3n)],
    ["divide on each side the amount posted for it if the sides were swapped", [1n, 1n], [12n], 1n, posted(3n, 12n)],
    ["are empty if nothing was posted", [], [], 0n, posted(0n, 0n)],
    ["don't shrink if a repost returned only dust", [14n, 10n], [4n], 0n, posted(25n, 4n, 1n)],
    ["shrink by a third, floored, if a repost returned a third", [4n, 3n], [2n], 1n, posted(12n, 3n, 5n)],
    ["are empty if a repost returned everything", [], [], 0n, posted(12n, 3n, 15n)],
  ];
  for (const [what, miners, validators, undividedWei, given] of cases) {
    it(what, () => {
      const divided = divideRewards(shares([7n, 5n], [3n]), given);
      expect(divided.miners.rewards.map(({ amountWei }) => amountWei)).to.deep.equal(miners);
      expect(divided.validators.rewards.map(({ amountWei }) => amountWei)).to.deep.equal(validators);
      expect(divided.undividedWei).to.equal(undividedWei);
    });
  }

  it("go to nobody on a side on which nobody was eligible", () => {
    expect(divideRewards(shares([], [3n]), posted(9n, 3n)).undividedWei).to.equal(9n);
  });

  const amount = fc.bigInt(0n, 10n ** 21n);
  const some = fc.array(fc.bigInt(1n, 10n ** 21n), { maxLength: 5 });

  it("sum to the posted amount less what was returned or undivided, and don't change if the undivided is returned too", () => {
    fc.assert(
      fc.property(
        some,
        some,
        amount,
        amount,
        fc.bigInt(0n, 10_000n),
        (miners, validators, minersWei, validatorsWei, cut) => {
          const computed = shares(miners, validators);
          const returnedWei = ((minersWei + validatorsWei) * cut) / 10_000n;
          const divided = divideRewards(computed, posted(minersWei, validatorsWei, returnedWei));
          const sum = divided.miners.rewardsWei + divided.validators.rewardsWei;
          expect(sum + divided.undividedWei).to.equal(minersWei + validatorsWei - returnedWei);
          expect(divided.undividedWei >= 0n).to.equal(true);
          if (cut > 0n) return;
          const again = divideRewards(computed, posted(minersWei, validatorsWei, divided.undividedWei));
          expect(again).to.deep.equal({ ...divided, undividedWei: 0n });
        },
      ),
    );
  });
});

const [alice, bob, carol] = [accountOf(1), accountOf(2), accountOf(3)];

describe("Cumulative rewards", () => {
  it("add an account's earnings as a miner and as a validator to its earlier rewards", () => {
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

  it("grow by exactly each epoch's rewards to miners and validators, and never shrink", () => {
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

  it("are listed as entries of a reward tree", () => {
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
