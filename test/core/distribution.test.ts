import { expect } from "chai";
import fc from "fast-check";
import { distributeToMiners } from "../../scripts/core/distribution/miners";
import { type Reward } from "../../scripts/core/distribution/rewardLedger";
import { distributeToValidators } from "../../scripts/core/distribution/validators";
import { WAD } from "../../scripts/core/fixedPoint";
import { miner, staker } from "../shared/epochInputs";
import { accountOf } from "../shared/rewardLists";

const [alice, bob, carol, dave] = [1, 2, 3, 4].map(accountOf) as [
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
];

const listed = (rewards: readonly Reward[]): [string, bigint][] =>
  rewards.map(({ account, amountWei }) => [account, amountWei]);

describe("Miners' pool", () => {
  it("is split by performance: .9, .7 and .4 of 400 are 180, 140 and 80", () => {
    const { rewards, totalPerformance } = distributeToMiners(
      400n,
      [miner(carol, 4n), miner(alice, 9n), miner(bob, 7n)],
      2_000,
    );
    expect(totalPerformance).to.equal(20n);
    expect(listed(rewards)).to.deep.equal([
      [alice, 180n],
      [bob, 140n],
      [carol, 80n],
    ]);
  });

  it("pays an account that mines twice in one entry, summed after flooring", () => {
    const { rewards } = distributeToMiners(100n, [miner(alice, 1n), miner(bob, 1n), miner(alice, 1n)], 2_000);
    expect(listed(rewards)).to.deep.equal([
      [alice, 66n],
      [bob, 33n],
    ]);
  });

  it("goes to nobody without miners, or where no miner performed", () => {
    for (const miners of [[], [miner(alice, 0n), miner(bob, 0n)]]) {
      expect(distributeToMiners(400n, miners, 2_000)).to.deep.equal({
        totalPerformance: 0n,
        rewards: [],
        rewardsWei: 0n,
        qualityPenaltyWei: 0n,
      });
    }
  });

  const penalties: [title: string, agreedWad: bigint, thresholdBps: number, penalty: bigint][] = [
    ["nothing at the threshold", WAD / 5n, 2_000, 0n],
    ["nothing above it", WAD, 2_000, 0n],
    ["half at half of it", WAD / 10n, 2_000, 500n],
    ["everything at score zero", 0n, 2_000, 1_000n],
    ["what floors to nothing just below it", WAD / 5n - 1n, 2_000, 0n],
    ["nothing under a threshold of zero, even at score zero", 0n, 0, 0n],
    ["the missing share of one under the highest threshold", (WAD * 3n) / 4n, 10_000, 250n],
  ];
  for (const [title, agreedWad, thresholdBps, penalty] of penalties) {
    it(`burns ${title}`, () => {
      const { rewardsWei, qualityPenaltyWei } = distributeToMiners(1_000n, [miner(alice, 1n, agreedWad)], thresholdBps);
      expect([rewardsWei, qualityPenaltyWei]).to.deep.equal([1_000n - penalty, penalty]);
    });
  }

  it("omits a miner whose whole reward is burned", () => {
    const { rewards } = distributeToMiners(1_000n, [miner(alice, 1n, 0n), miner(bob, 1n)], 2_000);
    expect(listed(rewards)).to.deep.equal([[bob, 500n]]);
  });

  it("never pays a miner less for more performance, or for a better agreed score", () => {
    const score = fc.bigInt(0n, WAD);
    fc.assert(
      fc.property(
        fc.bigInt(0n, 10n ** 24n),
        fc.bigInt(1n, 10n ** 6n),
        fc.bigInt(1n, 10n ** 6n),
        score,
        score,
        (pool, more, less, a, b) => {
          const paid = (performance: bigint, agreed: bigint): bigint =>
            distributeToMiners(pool, [miner(alice, performance, agreed), miner(bob, 1_000n)], 5_000).rewards.find(
              ({ account }) => account === alice,
            )?.amountWei ?? 0n;
          expect(paid(more + less, a) >= paid(less, a)).to.equal(true);
          expect(paid(less, a > b ? a : b) >= paid(less, a > b ? b : a)).to.equal(true);
        },
      ),
    );
  });
});

describe("Validators' pool", () => {
  it("is split by stake: 5000, 3000 and 2000 of 400 are 200, 120 and 80", () => {
    const stakers = [staker(alice, 5_000n), staker(bob, 3_000n), staker(carol, 2_000n)];
    expect(listed(distributeToValidators(400n, stakers, "stake").rewards)).to.deep.equal([
      [alice, 200n],
      [bob, 120n],
      [carol, 80n],
    ]);
  });

  it("pays the commission to the validator, the rest to its own stake and to delegators pro rata", () => {
    const stakers = [
      staker(alice, 50n, 1_800, [
        [bob, 30n],
        [carol, 20n],
      ]),
    ];
    expect(listed(distributeToValidators(1_000n, stakers, "stake").rewards)).to.deep.equal([
      [alice, 180n + 410n],
      [bob, 246n],
      [carol, 164n],
    ]);
  });

  it("floors the commission and each part once", () => {
    const stakers = [
      staker(alice, 1n, 1_000, [
        [bob, 1n],
        [carol, 1n],
      ]),
    ];
    const { rewards, rewardsWei } = distributeToValidators(19n, stakers, "stake");
    expect(listed(rewards)).to.deep.equal([
      [alice, 1n + 6n],
      [bob, 6n],
      [carol, 6n],
    ]);
    expect(rewardsWei).to.equal(19n);
  });

  it("leaves delegators nothing at a commission of 100 %", () => {
    const stakers = [staker(alice, 1n, 10_000, [[bob, 99n]])];
    expect(listed(distributeToValidators(1_000n, stakers, "stake").rewards)).to.deep.equal([[alice, 1_000n]]);
  });

  it("pays one account for every role: validator, its own delegator, another's delegator twice", () => {
    const stakers = [
      staker(alice, 10n, 0, [[alice, 10n]]),
      staker(bob, 10n, 0, [
        [alice, 10n],
        [alice, 10n],
      ]),
    ];
    expect(listed(distributeToValidators(50n, stakers, "stake").rewards)).to.deep.equal([
      [alice, 40n],
      [bob, 10n],
    ]);
  });

  it("pays a validator without own stake its commission, and its delegators the rest", () => {
    const stakers = [staker(alice, 0n, 1_000, [[bob, 5n]])];
    expect(listed(distributeToValidators(100n, stakers, "stake").rewards)).to.deep.equal([
      [alice, 10n],
      [bob, 90n],
    ]);
  });

  it("goes to nobody without stakers, or where all weights are zero", () => {
    const nothing = { totalWeight: 0n, rewards: [], rewardsWei: 0n };
    expect(distributeToValidators(400n, [], "stake")).to.deep.equal(nothing);
    expect(distributeToValidators(400n, [staker(alice, 0n, 1_800, [[bob, 0n]])], "stake")).to.deep.equal(nothing);
    expect(distributeToValidators(400n, [{ ...staker(alice, 32n), dividend: 0n }], "yuma2")).to.deep.equal(nothing);
  });

  it("is split by dividends under a Yuma rule, and inside an entry by stake", () => {
    const stakers = [
      { ...staker(alice, 1n, 0, [[dave, 3n]]), dividend: 3n },
      { ...staker(bob, 1_000n), dividend: 1n },
      { ...staker(carol, 1_000n), dividend: 0n },
    ];
    expect(listed(distributeToValidators(400n, stakers, "yuma3").rewards)).to.deep.equal([
      [alice, 75n],
      [bob, 100n],
      [dave, 225n],
    ]);
  });

  it("leaves the part of an entry without any stake unpaid under a Yuma rule, its commission included", () => {
    const stakers = [
      { ...staker(alice, 0n, 1_800, [[dave, 0n]]), dividend: 1n },
      { ...staker(bob, 1n), dividend: 1n },
    ];
    const { rewards, rewardsWei, totalWeight } = distributeToValidators(400n, stakers, "yuma2");
    expect(totalWeight).to.equal(2n);
    expect(listed(rewards)).to.deep.equal([[bob, 200n]]);
    expect(rewardsWei).to.equal(200n);
  });
});
