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

describe("What stands of an epoch's rewards", () => {
  it("is what was computed, to the wei, if that was posted", () => {
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
    ["more was posted: each gets more in proportion, floored", [14n, 10n], [4n], 1n, posted(25n, 4n)],
    ["less was posted: each gets less", [3n, 2n], [3n], 1n, posted(6n, 3n)],
    ["the sides were swapped: each side divides what was posted for it", [1n, 1n], [12n], 1n, posted(3n, 12n)],
    ["nothing was posted: nobody gets anything", [], [], 0n, posted(0n, 0n)],
    ["a repost returned dust only: nobody gets less", [14n, 10n], [4n], 0n, posted(25n, 4n, 1n)],
    ["a repost returned a third: each loses a third, floored", [4n, 3n], [2n], 1n, posted(12n, 3n, 5n)],
    ["a repost returned everything: nobody gets anything", [], [], 0n, posted(12n, 3n, 15n)],
  ];
  for (const [what, miners, validators, undividedWei, given] of cases) {
    it(what, () => {
      const divided = divideRewards(shares([7n, 5n], [3n]), given);
      expect(divided.miners.rewards.map(({ amountWei }) => amountWei)).to.deep.equal(miners);
      expect(divided.validators.rewards.map(({ amountWei }) => amountWei)).to.deep.equal(validators);
      expect(divided.undividedWei).to.equal(undividedWei);
    });
  }

  it("gives a side on which nobody was eligible to nobody", () => {
    expect(divideRewards(shares([], [3n]), posted(9n, 3n)).undividedWei).to.equal(9n);
  });

  const amount = fc.bigInt(0n, 10n ** 21n);
  const some = fc.array(fc.bigInt(1n, 10n ** 21n), { maxLength: 5 });

  it("always adds up to what is left, and posting it again after returning what is undivided changes nothing", () => {
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
