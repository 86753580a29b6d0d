import { expect } from "chai";
import { type Address, zeroHash } from "viem";
import { type SettlementCheck, verdictOn } from "../../../scripts/keeper/run/sanity";
import { type Settlement } from "../../../scripts/core/settlement";
import { accountOf } from "../../shared/rewardLists";

const [alba, bruno] = [accountOf(1), accountOf(2)];
const WAD = 10n ** 18n;

/** An epoch that emits 1,000: 400 for miners, 350 for validators, 200 for the DAO, 40 burned, 10 returned. */
function settlementOf(epoch: number, changes: Partial<Settlement> = {}): Settlement {
  return {
    epoch: BigInt(epoch),
    emission: 1_000n,
    burnedUnmetQuota: 30n,
    burnedQualityPenalty: 10n,
    minerRewards: 400n,
    validatorRewards: 350n,
    daoShare: 200n,
    returned: 10n,
    utilityWad: WAD,
    qualityWad: WAD,
    rewardsRoot: zeroHash,
    policyHash: zeroHash,
    inputsHash: zeroHash,
    ...changes,
  };
}

const rewards = (...entries: readonly (readonly [Address, bigint])[]) => new Map(entries);

/** Epoch 6 of a schedule that halves every 8 epochs, after six epochs just like it. */
const sound: SettlementCheck = {
  settlement: settlementOf(6),
  before: rewards([alba, 500n], [bruno, 100n]),
  after: rewards([alba, 900n], [bruno, 450n]),
  baseRewardWei: 1_000n,
  halvingIntervalEpochs: 8,
  settled: Array.from({ length: 6 }, (_, epoch) => settlementOf(epoch)),
  maxJumpFactorWad: 3n * WAD,
};

const verdict = (changes: Partial<SettlementCheck>) => verdictOn({ ...sound, ...changes });

/** With emission scaled: parts in proportion, so that only a jump can be wrong. */
function times(factor: bigint, settlement: Settlement): Settlement {
  const scaled = Object.entries(settlement).map(([name, value]: [string, bigint | string]) =>
    typeof value === "bigint" && !/epoch|Wad/.test(name) ? [name, value * factor] : [name, value],
  );
  return Object.fromEntries(scaled) as Settlement;
}

describe("Before a settlement is signed", () => {
  it("it is sound where everything agrees", () => {
    expect(verdictOn(sound)).to.deep.equal({ kind: "sound" });
  });

  describe("it is impossible", () => {
    it("where it emits a wei more than the schedule's ceiling", () => {
      expect(verdict({ baseRewardWei: 999n })).to.deep.equal({
        kind: "impossible",
        reason: "the emission of 1000 wei is above the schedule's ceiling of 999 wei",
      });
    });

    it("where it does so after a halving, though not before", () => {
      const halved = { ...sound, settlement: settlementOf(8), baseRewardWei: 2_000n };
      expect(verdictOn(halved).kind).not.to.equal("impossible");
      expect(verdictOn({ ...halved, baseRewardWei: 1_999n })).to.deep.equal({
        kind: "impossible",
        reason: "the emission of 1000 wei is above the schedule's ceiling of 999 wei",
      });
    });

    for (const daoShare of [199n, 201n]) {
      it(`where its parts sum to ${800n + daoShare} of 1000`, () => {
        expect(verdict({ settlement: settlementOf(6, { daoShare }) })).to.deep.equal({
          kind: "impossible",
          reason: `the parts sum to ${800n + daoShare} wei, but the emission is 1000 wei`,
        });
      });
    }

    it("where it burns a wei more than the bound, and not where it burns the bound", () => {
      const burning = (burnedUnmetQuota: bigint) =>
        settlementOf(6, {
          burnedUnmetQuota,
          daoShare: 0n,
          minerRewards: 0n,
          returned: 990n - burnedUnmetQuota - 200n,
          validatorRewards: 200n,
        });
      const after = rewards([alba, 700n], [bruno, 100n]);
      const quiet = { after, settled: [] };
      expect(verdict({ ...quiet, settlement: burning(690n) })).to.deep.equal({ kind: "sound" });
      expect(verdict({ ...quiet, settlement: burning(691n) })).to.deep.equal({
        kind: "impossible",
        reason: "701 wei would be burned, and at most 700 wei may be",
      });
    });

    it("where an account's rewards fall by a wei, and not where they stay", () => {
      expect(verdict({ after: rewards([alba, 1_250n], [bruno, 100n]) })).to.deep.equal({ kind: "sound" });
      expect(verdict({ after: rewards([alba, 1_251n], [bruno, 99n]) })).to.deep.equal({
        kind: "impossible",
        reason: `the rewards of ${bruno} would fall from 100 to 99 wei`,
      });
    });

    it("where an account is left out", () => {
      expect(verdict({ after: rewards([alba, 1_350n]) })).to.deep.equal({
        kind: "impossible",
        reason: `the rewards of ${bruno} would fall from 100 to 0 wei`,
      });
    });

    for (const albaWei of [899n, 901n]) {
      it(`where the tree grows by ${albaWei - 150n} and 750 are posted`, () => {
        expect(verdict({ after: rewards([alba, albaWei], [bruno, 450n]) })).to.deep.equal({
          kind: "impossible",
          reason: `the tree's rewards grow by ${albaWei - 150n} wei, but 750 wei are posted`,
        });
      });
    }
  });

  describe("it is unusual", () => {
    /** Emits as much as three epochs like those before, and `more`. */
    const big = (more: bigint): Partial<SettlementCheck> => ({
      settlement: { ...times(3n, settlementOf(6)), emission: 3_000n + more, daoShare: 600n + more },
      after: rewards([alba, 2_750n], [bruno, 100n]),
      baseRewardWei: 10_000n,
    });

    it("where it emits a wei more than the factor times the median, and not where it emits just that", () => {
      expect(verdict(big(-1n))).to.deep.equal({ kind: "sound" });
      expect(verdict(big(0n))).to.deep.equal({ kind: "sound" });
      expect(verdict(big(1n))).to.deep.equal({
        kind: "unusual",
        reason: "emission: 3001 wei, while the median of the last 6 epochs is 1000 wei",
      });
    });

    for (const [field, name] of [
      ["minerRewards", "miners' rewards"],
      ["validatorRewards", "validators' rewards"],
      ["burnedUnmetQuota", "what is burned"],
    ] as const) {
      it(`where ${name} alone jump`, () => {
        const settled = sound.settled.map((one) => ({ ...one, burnedUnmetQuota: 390n }));
        const limitWei = 3n * (field === "burnedUnmetQuota" ? 400n : settlementOf(6)[field]);
        const set = (wei: bigint): Partial<SettlementCheck> => {
          const settlement = settlementOf(6, {
            emission: 3_000n,
            daoShare: 0n,
            returned: 0n,
            burnedQualityPenalty: 0n,
            burnedUnmetQuota: 0n,
            minerRewards: 0n,
            validatorRewards: 0n,
            [field]: wei,
          });
          const postedWei = settlement.minerRewards + settlement.validatorRewards;
          return {
            settlement: { ...settlement, returned: 3_000n - wei },
            settled,
            after: rewards([alba, 500n + postedWei], [bruno, 100n]),
            baseRewardWei: 10_000n,
          };
        };
        expect(verdict(set(limitWei))).to.deep.equal({ kind: "sound" });
        expect(verdict(set(limitWei + 1n))).to.deep.equal({
          kind: "unusual",
          reason: `${name}: ${limitWei + 1n} wei, while the median of the last 6 epochs is ${limitWei / 3n} wei`,
        });
      });
    }

    it("only above a tenth of the schedule's ceiling: noise that costs little halts nobody", () => {
      expect(verdict({ ...big(1n), baseRewardWei: 30_010n })).to.deep.equal({ kind: "sound" });
      expect(verdict({ ...big(1n), baseRewardWei: 30_009n }).kind).to.equal("unusual");
    });

    it("only where there are five epochs to compare it with", () => {
      expect(verdict({ ...big(1n), settled: sound.settled.slice(0, 4) })).to.deep.equal({ kind: "sound" });
      expect(verdict({ ...big(1n), settled: sound.settled.slice(0, 5) }).kind).to.equal("unusual");
    });

    it("by the last ten epochs alone, however large those before were", () => {
      const settled = [
        ...Array.from({ length: 20 }, (_, epoch) => times(1_000n, settlementOf(epoch))),
        ...Array.from({ length: 10 }, (_, index) => settlementOf(20 + index)),
      ];
      expect(verdict({ ...big(1n), settled, halvingIntervalEpochs: 1_000 }).kind).to.equal("unusual");
    });

    it("never by nothing: after all halvings there is nothing to emit, and nothing to compare", () => {
      const nothing = { emission: 0n, burnedUnmetQuota: 0n, burnedQualityPenalty: 0n, daoShare: 0n, returned: 0n };
      const settlement = settlementOf(8 * 300, { ...nothing, minerRewards: 0n, validatorRewards: 0n });
      expect(verdict({ settlement, after: sound.before })).to.deep.equal({ kind: "sound" });
    });

    it("by the middle of them, in whatever order they came", () => {
      const settled = [9n, 1n, 4n, 1n, 3n].map((factor, epoch) => times(factor, settlementOf(epoch)));
      expect(verdict({ ...big(0n), settled, maxJumpFactorWad: WAD })).to.deep.equal({ kind: "sound" });
      expect(verdict({ ...big(1n), settled, maxJumpFactorWad: WAD }).kind).to.equal("unusual");
    });

    it("by the middle of them, not by the largest: the mean of the two in the middle where they are even", () => {
      const settled = [1n, 1n, 1n, 2n, 9n, 9n].map((factor, epoch) => times(factor, settlementOf(epoch)));
      const four = { ...big(1n), settled };
      expect(verdictOn({ ...sound, ...four })).to.deep.equal({ kind: "sound" });
      expect(verdictOn({ ...sound, ...four, maxJumpFactorWad: 2n * WAD })).to.deep.equal({
        kind: "unusual",
        reason: "emission: 3001 wei, while the median of the last 6 epochs is 1500 wei",
      });
    });

    it("never by comparison with epochs in which nothing happened", () => {
      const settled = Array.from({ length: 6 }, (_, epoch) => times(0n, settlementOf(epoch)));
      expect(verdict({ ...big(1n), settled })).to.deep.equal({ kind: "sound" });
    });

    it("with halvings put aside: half as much after one is the same", () => {
      const settlement = settlementOf(8, { emission: 1_501n, daoShare: 701n });
      const halved = { ...sound, settlement, baseRewardWei: 10_000n };
      expect(verdictOn(halved)).to.deep.equal({
        kind: "unusual",
        reason: "emission: 1501 wei, while the median of the last 6 epochs is 500 wei",
      });
      expect(verdictOn({ ...halved, settlement: settlementOf(8, { emission: 1_500n, daoShare: 700n }) })).to.deep.equal(
        {
          kind: "sound",
        },
      );
    });
  });
});
