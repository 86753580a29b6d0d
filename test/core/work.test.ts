import { expect } from "chai";
import { WAD } from "../../scripts/core/fixedPoint";
import { measureWork, qualityWadOf, unprovenWei, weightOf, workOf } from "../../scripts/core/distribution/miners";
import { miner } from "../shared/epochInputs";
import { accountOf } from "../shared/rewardLists";

const alice = accountOf(1);

describe("A miner's work", () => {
  const mixed = miner(alice, 10n, WAD / 4n, { provenFeesWei: 2n, performance: 7n });

  it("is its unproven fees times its score, and its proven fees in full", () => {
    expect(unprovenWei(mixed)).to.equal(8n);
    expect(workOf(mixed)).to.equal(4n * WAD);
    expect(workOf(miner(alice, 0n))).to.equal(0n);
  });

  it('is its weight under the rule "work"; under "incentive" its performance is', () => {
    expect(weightOf(mixed, "work")).to.equal(4n * WAD);
    expect(weightOf(mixed, "incentive")).to.equal(7n);
  });
});

describe("All miners' work", () => {
  it("sums fees, work, the shortfall below θ, and the unproven work of performing miners", () => {
    const miners = [
      miner(alice, 10n, WAD / 4n, { provenFeesWei: 2n }),
      miner(alice, 30n),
      miner(alice, 5n, WAD, { performance: 0n }),
    ];
    expect(measureWork(miners, 5_000)).to.deep.equal({
      feesWei: 45n,
      workWeiWad: 39n * WAD,
      shortfallWeiWad: 2n * WAD,
      judgedWeiWad: 32n * WAD,
    });
  });

  it("has a shortfall below θ, even by 1 part in 10^18, but none at θ or for proven fees", () => {
    const lackOf = (agreedWad: bigint, provenFeesWei = 0n) =>
      measureWork([miner(alice, 3n, agreedWad, { provenFeesWei })], 5_000).shortfallWeiWad;
    expect([lackOf(WAD / 2n), lackOf(WAD / 2n - 1n), lackOf(0n), lackOf(0n, 3n)]).to.deep.equal([
      0n,
      3n,
      (3n * WAD) / 2n,
      0n,
    ]);
  });

  it("doesn't offset one miner's bad work with another's good work", () => {
    const bad = miner(alice, 3n, 0n);
    expect(measureWork([bad, miner(alice, 1_000n)], 5_000).shortfallWeiWad).to.equal((3n * WAD) / 2n);
  });

  it("ignores miners without fees", () => {
    const idle = miner(alice, 0n, 0n, { performance: 9n });
    expect(measureWork([idle], 5_000)).to.deep.equal(measureWork([], 5_000));
  });
});

describe("The displayed quality", () => {
  it("is the work per fee on average, rounded down once", () => {
    expect(qualityWadOf(measureWork([miner(alice, 2n, 0n), miner(alice, 1n)], 0))).to.equal(333_333_333_333_333_333n);
  });

  it("is 1 if no fee was paid", () => {
    expect(qualityWadOf(measureWork([miner(alice, 0n, 0n)], 5_000))).to.equal(WAD);
  });
});
