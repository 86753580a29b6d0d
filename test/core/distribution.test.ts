import { expect } from "chai";
import fc from "fast-check";
import { distributeToMiners, type MinerInput, type MinerPolicy } from "../../scripts/core/distribution/miners";
import { type Reward } from "../../scripts/core/rewardTree/rewardList";
import { distributeToValidators, type ValidatorPools } from "../../scripts/core/distribution/validators";
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

/** No limit by fees, and a penalty below a fifth. */
const penalised: MinerPolicy = { minerRule: "work", minerFeeCapBps: null, qualityPenaltyThresholdBps: 2_000 };
const capped: MinerPolicy = { minerRule: "work", minerFeeCapBps: 5_000, qualityPenaltyThresholdBps: 0 };

describe("Miners' pool", () => {
  it("is split by work: .9, .7 and .4 of 400 are 180, 140 and 80", () => {
    const { rewards, totalWeight } = distributeToMiners(
      400n,
      [miner(carol, 4n), miner(alice, 9n), miner(bob, 7n)],
      penalised,
    );
    expect(totalWeight).to.equal(20n * WAD);
    expect(listed(rewards)).to.deep.equal([
      [alice, 180n],
      [bob, 140n],
      [carol, 80n],
    ]);
  });

  it("counts unproven fees by their score and proven ones in full", () => {
    const miners = [miner(alice, 4n, WAD / 4n), miner(bob, 4n, 0n, { provenFeesWei: 3n }), miner(carol, 4n, 0n)];
    expect(listed(distributeToMiners(400n, miners, penalised).rewards)).to.deep.equal([
      [alice, 100n],
      [bob, 300n],
    ]);
  });

  it('is split by performance under the rule "incentive"', () => {
    const miners = [miner(alice, 1n, WAD, { performance: 3n }), miner(bob, 9n, WAD, { performance: 1n })];
    const { rewards, totalWeight } = distributeToMiners(400n, miners, { ...penalised, minerRule: "incentive" });
    expect(totalWeight).to.equal(4n);
    expect(listed(rewards)).to.deep.equal([
      [alice, 300n],
      [bob, 100n],
    ]);
  });

  it("pays an account that mines twice in one entry, summed after flooring", () => {
    const { rewards } = distributeToMiners(100n, [miner(alice, 1n), miner(bob, 1n), miner(alice, 1n)], penalised);
    expect(listed(rewards)).to.deep.equal([
      [alice, 66n],
      [bob, 33n],
    ]);
  });

  it("goes to nobody without miners, or if no miner worked", () => {
    for (const miners of [[], [miner(alice, 0n), miner(bob, 7n, 0n)]]) {
      expect(distributeToMiners(400n, miners, penalised)).to.deep.equal({
        totalWeight: 0n,
        rewards: [],
        rewardsWei: 0n,
        qualityPenaltyWei: 0n,
      });
    }
  });

  const limits: [title: string, work: MinerInput, paid: bigint][] = [
    ["half of its fees at the highest score", miner(alice, 101n), 50n],
    ["half of its fees times the score", miner(alice, 100n, WAD / 4n), 12n],
    ["half of proven fees at any score", miner(alice, 100n, 0n, { provenFeesWei: 60n }), 30n],
    ["nothing for a single wei", miner(alice, 1n), 0n],
    ["its part of the pool, if that is less", miner(alice, 10_000n), 1_000n],
  ];
  for (const [title, work, paid] of limits) {
    it(`under a limit of half pays at most ${title}`, () => {
      expect(distributeToMiners(1_000n, [work], capped).rewardsWei).to.equal(paid);
    });
  }

  it("pays nothing for performance without fees if there is a limit", () => {
    const idle = miner(alice, 0n, WAD, { performance: 9n });
    expect(distributeToMiners(1_000n, [idle], { ...capped, minerRule: "incentive" }).rewardsWei).to.equal(0n);
  });

  it("pays a reward above the limit to nobody else", () => {
    const miners = [miner(alice, 10n), miner(bob, 990n, WAD, { provenFeesWei: 990n })];
    expect(listed(distributeToMiners(1_000n, miners, { ...capped, minerFeeCapBps: 1_000 }).rewards)).to.deep.equal([
      [alice, 1n],
      [bob, 99n],
    ]);
  });

  const penalties: [title: string, agreedWad: bigint, thresholdBps: number, penalty: bigint][] = [
    ["nothing at the threshold", WAD / 5n, 2_000, 0n],
    ["nothing above the threshold", WAD, 2_000, 0n],
    ["half of the reward at half of the threshold", WAD / 10n, 2_000, 500n],
    ["nothing just below the threshold, by flooring", WAD / 5n - 1n, 2_000, 0n],
    ["nothing under a threshold of zero", 1n, 0, 0n],
    ["a quarter at a score of .75 under the highest threshold", (WAD * 3n) / 4n, 10_000, 250n],
  ];
  for (const [title, agreedWad, thresholdBps, penalty] of penalties) {
    it(`burns ${title}`, () => {
      const policy = { ...penalised, qualityPenaltyThresholdBps: thresholdBps };
      const { rewardsWei, qualityPenaltyWei } = distributeToMiners(1_000n, [miner(alice, 1n, agreedWad)], policy);
      expect([rewardsWei, qualityPenaltyWei]).to.deep.equal([1_000n - penalty, penalty]);
    });
  }

  it("measures the penalty by all of a miner's work: proven fees make up for a low score", () => {
    const mixed = miner(alice, 100n, 0n, { provenFeesWei: 10n });
    const { rewardsWei, qualityPenaltyWei } = distributeToMiners(1_000n, [mixed], penalised);
    expect([rewardsWei, qualityPenaltyWei]).to.deep.equal([500n, 500n]);
  });

  it('omits a miner whose whole reward is burned: score zero without fees under the rule "incentive"', () => {
    const idle = miner(alice, 0n, 0n, { performance: 1n });
    const { rewards, qualityPenaltyWei } = distributeToMiners(1_000n, [idle, miner(bob, 1n)], {
      ...penalised,
      minerRule: "incentive",
    });
    expect(listed(rewards)).to.deep.equal([[bob, 500n]]);
    expect(qualityPenaltyWei).to.equal(500n);
  });

  it("never pays a miner less for more fees, for more of them proven, or for a better score", () => {
    const score = fc.bigInt(0n, WAD);
    const fees = fc.bigInt(0n, 10n ** 6n);
    const policies = fc.constantFrom(penalised, capped);
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 24n), fees, fees, score, score, policies, (pool, some, more, a, b, policy) => {
        const paid = (feesWei: bigint, agreedWad: bigint, provenFeesWei = 0n): bigint =>
          distributeToMiners(
            pool,
            [miner(alice, feesWei, agreedWad, { provenFeesWei }), miner(bob, 1_000n)],
            policy,
          ).rewards.find(({ account }) => account === alice)?.amountWei ?? 0n;
        expect(paid(some + more, a) >= paid(some, a)).to.equal(true);
        expect(paid(some + more, a, more) >= paid(some + more, a)).to.equal(true);
        expect(paid(some, a > b ? a : b) >= paid(some, a > b ? b : a)).to.equal(true);
      }),
    );
  });
});

/** Pools of an epoch in which all stake revealed and 100 wei of fees were paid. */
function pools(differences: Partial<ValidatorPools>): ValidatorPools {
  const stakeWei = differences.revealedStakeWei ?? 0n;
  return {
    presenceWei: 0n,
    scoringWei: 0n,
    dividendWei: 0n,
    activeStakeWei: stakeWei,
    revealedStakeWei: stakeWei,
    feesWei: 100n,
    ...differences,
  };
}

describe("Validators' pool", () => {
  it("is split by stake: 5000, 3000 and 2000 of 400 are 200, 120 and 80", () => {
    const stakers = [staker(alice, 5_000n), staker(bob, 3_000n), staker(carol, 2_000n)];
    expect(
      listed(distributeToValidators(pools({ scoringWei: 400n, revealedStakeWei: 10_000n }), stakers, "stake").rewards),
    ).to.deep.equal([
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
    expect(
      listed(distributeToValidators(pools({ presenceWei: 1_000n, revealedStakeWei: 100n }), stakers, "stake").rewards),
    ).to.deep.equal([
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
    const { rewards, rewardsWei } = distributeToValidators(
      pools({ scoringWei: 19n, revealedStakeWei: 3n }),
      stakers,
      "stake",
    );
    expect(listed(rewards)).to.deep.equal([
      [alice, 1n + 6n],
      [bob, 6n],
      [carol, 6n],
    ]);
    expect(rewardsWei).to.equal(19n);
  });

  it("leaves delegators nothing at a commission of 100 %", () => {
    const stakers = [staker(alice, 1n, 10_000, [[bob, 99n]])];
    expect(
      listed(distributeToValidators(pools({ scoringWei: 1_000n, revealedStakeWei: 100n }), stakers, "stake").rewards),
    ).to.deep.equal([[alice, 1_000n]]);
  });

  it("pays one account for every role: validator, its own delegator, another's delegator twice", () => {
    const stakers = [
      staker(alice, 10n, 0, [[alice, 10n]]),
      staker(bob, 10n, 0, [
        [alice, 10n],
        [alice, 10n],
      ]),
    ];
    expect(
      listed(distributeToValidators(pools({ scoringWei: 50n, revealedStakeWei: 50n }), stakers, "stake").rewards),
    ).to.deep.equal([
      [alice, 40n],
      [bob, 10n],
    ]);
  });

  it("pays a validator without own stake its commission, and its delegators the rest", () => {
    const stakers = [staker(alice, 0n, 1_000, [[bob, 5n]])];
    expect(
      listed(distributeToValidators(pools({ scoringWei: 100n, revealedStakeWei: 5n }), stakers, "stake").rewards),
    ).to.deep.equal([
      [alice, 10n],
      [bob, 90n],
    ]);
  });

  it("goes to nobody without stakers or stake, nor does its part for dividends if nobody has one", () => {
    const nothing = { rewards: [], rewardsWei: 0n };
    const all = pools({ presenceWei: 400n, scoringWei: 400n, dividendWei: 400n, revealedStakeWei: 32n });
    expect(distributeToValidators(all, [], "stake")).to.deep.equal(nothing);
    expect(distributeToValidators(all, [staker(alice, 0n, 1_800, [[bob, 0n]])], "stake")).to.deep.equal(nothing);
    const dividends = pools({ dividendWei: 400n, revealedStakeWei: 32n });
    expect(distributeToValidators(dividends, [{ ...staker(alice, 32n), dividend: 0n }], "yuma2")).to.deep.equal(
      nothing,
    );
  });

  it("pays presence by the stake that revealed, and work by all active stake: the absent stake's part goes to nobody", () => {
    const stakers = [staker(alice, 60n), staker(bob, 20n)];
    const of = (differences: Partial<ValidatorPools>) =>
      distributeToValidators(
        pools({ activeStakeWei: 100n, revealedStakeWei: 80n, ...differences }),
        stakers,
        "stake",
      ).rewards.map(({ amountWei }) => amountWei);
    expect(of({ presenceWei: 400n })).to.deep.equal([300n, 100n]);
    expect(of({ scoringWei: 400n })).to.deep.equal([240n, 80n]);
    expect(of({ presenceWei: 400n, scoringWei: 400n })).to.deep.equal([540n, 180n]);
  });

  it("pays for scoring by the share of the fees that a validator scored, and in full if no fee was paid", () => {
    const stakers = [staker(alice, 50n), { ...staker(bob, 50n), unscoredFeesWei: 25n }];
    const of = (differences: Partial<ValidatorPools>) =>
      distributeToValidators(pools({ revealedStakeWei: 100n, ...differences }), stakers, "stake").rewards.map(
        ({ amountWei }) => amountWei,
      );
    expect(of({ scoringWei: 400n })).to.deep.equal([200n, 150n]);
    expect(of({ presenceWei: 400n })).to.deep.equal([200n, 200n]);
    expect(of({ scoringWei: 400n, feesWei: 0n })).to.deep.equal([200n, 200n]);
  });

  it("floors the sum of its three parts once", () => {
    const stakers = [
      { ...staker(alice, 1n), dividend: 1n },
      { ...staker(bob, 2n), dividend: 2n },
    ];
    const thirds = pools({ presenceWei: 1n, scoringWei: 1n, dividendWei: 1n, revealedStakeWei: 3n });
    expect(listed(distributeToValidators(thirds, stakers, "yuma3").rewards)).to.deep.equal([
      [alice, 1n],
      [bob, 2n],
    ]);
  });

  it("is split by dividends under a Yuma rule, and within an entry by stake", () => {
    const stakers = [
      { ...staker(alice, 1n, 0, [[dave, 3n]]), dividend: 3n },
      { ...staker(bob, 1_000n), dividend: 1n },
      { ...staker(carol, 1_000n), dividend: 0n },
    ];
    const dividends = pools({ dividendWei: 400n, revealedStakeWei: 2_004n });
    expect(listed(distributeToValidators(dividends, stakers, "yuma3").rewards)).to.deep.equal([
      [alice, 75n],
      [bob, 100n],
      [dave, 225n],
    ]);
    const halfAbsent = { ...dividends, activeStakeWei: 4_008n };
    expect(distributeToValidators(halfAbsent, stakers, "yuma3").rewardsWei).to.equal(199n);
  });

  it("leaves the dividend of an entry without any stake unpaid, its commission included", () => {
    const stakers = [
      { ...staker(alice, 0n, 1_800, [[dave, 0n]]), dividend: 1n },
      { ...staker(bob, 1n), dividend: 1n },
    ];
    const dividends = pools({ dividendWei: 400n, revealedStakeWei: 1n });
    const { rewards, rewardsWei } = distributeToValidators(dividends, stakers, "yuma2");
    expect(listed(rewards)).to.deep.equal([[bob, 200n]]);
    expect(rewardsWei).to.equal(200n);
  });
});
