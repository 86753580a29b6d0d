import { expect } from "chai";
import { type Address, formatEther, zeroHash } from "viem";
import { type SettlementCheck, sanityOf } from "../../../scripts/keeper/run/sanity";
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

const sanity = (changes: Partial<SettlementCheck>) => sanityOf({ ...sound, ...changes });

/** A settlement with all amounts scaled alike, so that only the jump can be wrong. */
function times(factor: bigint, settlement: Settlement): Settlement {
  const scaled = Object.entries(settlement).map(([name, value]: [string, bigint | string]) =>
    typeof value === "bigint" && !/epoch|Wad/.test(name) ? [name, value * factor] : [name, value],
  );
  return Object.fromEntries(scaled) as Settlement;
}

/** An epoch of 1,000 that burns `burnedWei`, gives 200 to validators, and returns the rest. */
function burning(burnedWei: bigint, epoch = 6): Pick<SettlementCheck, "settlement" | "after"> {
  const parts = { burnedUnmetQuota: burnedWei, burnedQualityPenalty: 0n, daoShare: 0n, minerRewards: 0n };
  const settlement = settlementOf(epoch, { ...parts, returned: 800n - burnedWei, validatorRewards: 200n });
  return { settlement, after: rewards([alba, 700n], [bruno, 100n]) };
}

const mdt = (wei: bigint): string => `${formatEther(wei)} MDT`;

describe("A settlement that is about to be signed", () => {
  it("is sound if everything agrees", () => {
    expect(sanityOf(sound)).to.deep.equal({ kind: "sound" });
  });

  describe("is impossible", () => {
    it("if it emits a wei more than the schedule's ceiling", () => {
      expect(sanity({ baseRewardWei: 999n })).to.deep.equal({
        kind: "impossible",
        reason: `the emission of ${mdt(1_000n)} is above the schedule's ceiling of ${mdt(999n)}`,
      });
    });

    it("if it emits a wei more than the ceiling after a halving, and not if it emits just that", () => {
      const halved = { ...sound, settlement: settlementOf(8), baseRewardWei: 2_000n };
      expect(sanityOf(halved).kind).not.to.equal("impossible");
      expect(sanityOf({ ...halved, baseRewardWei: 1_999n })).to.deep.equal({
        kind: "impossible",
        reason: `the emission of ${mdt(1_000n)} is above the schedule's ceiling of ${mdt(999n)}`,
      });
    });

    for (const daoShare of [199n, 201n]) {
      it(`if its parts sum to ${800n + daoShare} of 1000`, () => {
        expect(sanity({ settlement: settlementOf(6, { daoShare }) })).to.deep.equal({
          kind: "impossible",
          reason: `the parts sum to ${mdt(800n + daoShare)}, but the emission is ${mdt(1_000n)}`,
        });
      });
    }

    it("if it burns a wei more than the maximum, and not if it burns just that", () => {
      const bold = { maxJumpFactorWad: 10n * WAD };
      expect(sanity({ ...burning(700n), ...bold })).to.deep.equal({ kind: "sound" });
      expect(sanity({ ...burning(701n), ...bold })).to.deep.equal({
        kind: "impossible",
        reason: `${mdt(701n)} would be burned, more than the maximum of ${mdt(700n)}`,
      });
    });

    it("if an account's rewards fall by a wei, and not if they stay the same", () => {
      expect(sanity({ after: rewards([alba, 1_250n], [bruno, 100n]) })).to.deep.equal({ kind: "sound" });
      expect(sanity({ after: rewards([alba, 1_251n], [bruno, 99n]) })).to.deep.equal({
        kind: "impossible",
        reason: `the rewards of ${bruno} would fall from ${mdt(100n)} to ${mdt(99n)}`,
      });
    });

    it("if an account is omitted", () => {
      expect(sanity({ after: rewards([alba, 1_350n]) })).to.deep.equal({
        kind: "impossible",
        reason: `the rewards of ${bruno} would fall from ${mdt(100n)} to ${mdt(0n)}`,
      });
    });

    for (const albaWei of [899n, 901n]) {
      it(`if the tree's rewards grow by ${albaWei - 150n} but the settlement posts 750`, () => {
        expect(sanity({ after: rewards([alba, albaWei], [bruno, 450n]) })).to.deep.equal({
          kind: "impossible",
          reason: `the tree's rewards grow by ${mdt(albaWei - 150n)}, but the settlement posts ${mdt(750n)}`,
        });
      });
    }
  });

  describe("is unusual", () => {
    const unusual = (burnedWei: bigint, usualWei: bigint) => ({
      kind: "unusual",
      reason: `${mdt(burnedWei)} would be burned, far more than the usual ${mdt(usualWei)}`,
    });

    /** Epochs that burned these amounts, in this order. */
    const burnt = (...amountsWei: readonly bigint[]) => ({
      settled: amountsWei.map((amountWei, epoch) =>
        settlementOf(epoch, { burnedUnmetQuota: amountWei, burnedQualityPenalty: 0n }),
      ),
    });

    it("if it burns a wei more than the factor times the median, and not if it burns just that", () => {
      const before = burnt(200n, 200n, 200n, 200n, 200n);
      expect(sanity({ ...burning(600n), ...before })).to.deep.equal({ kind: "sound" });
      expect(sanity({ ...burning(601n), ...before })).to.deep.equal(unusual(601n, 200n));
    });

    for (const [what, before] of [
      ["0", burnt(0n, 0n, 0n, 0n, 0n, 0n)],
      ["1 wei", burnt(1n, 99n, 1n, 99n, 1n)],
      ["unknown size", burnt()],
    ] as const) {
      it(`if it burns over the factor times a tenth of the ceiling, with a median of ${what}: noise is no reason to halt`, () => {
        expect(sanity({ ...burning(300n), ...before })).to.deep.equal({ kind: "sound" });
        expect(sanity({ ...burning(301n), ...before })).to.deep.equal(unusual(301n, 100n));
      });
    }

    it("compared with the last ten epochs only, however much earlier ones burned", () => {
      const before = burnt(...Array.from({ length: 20 }, () => 500n), ...Array.from({ length: 10 }, () => 150n));
      expect(sanity({ ...burning(451n), ...before, halvingIntervalEpochs: 1_000 })).to.deep.equal(unusual(451n, 150n));
    });

    it("compared with the median of earlier epochs, whatever their order", () => {
      expect(sanity({ ...burning(451n), ...burnt(500n, 1n, 150n, 1n, 400n) })).to.deep.equal(unusual(451n, 150n));
    });

    it("compared with the mean of the two in the middle if the number of epochs is even", () => {
      expect(sanity({ ...burning(451n), ...burnt(0n, 0n, 101n, 200n, 700n, 700n) })).to.deep.equal(unusual(451n, 150n));
    });

    it("relative to the schedule: after a halving, half as much burned is usual", () => {
      const before = burnt(...Array.from({ length: 8 }, () => 200n));
      const halved = { ...before, baseRewardWei: 2_000n };
      expect(sanity({ ...burning(300n, 8), ...halved })).to.deep.equal({ kind: "sound" });
      expect(sanity({ ...burning(301n, 8), ...halved })).to.deep.equal(unusual(301n, 100n));
    });

    it("but not because of what it emits or pays: a network that was idle may emit the whole ceiling", () => {
      const settled = Array.from({ length: 6 }, (_, epoch) => times(0n, settlementOf(epoch)));
      expect(sanity({ settled })).to.deep.equal({ kind: "sound" });
    });

    it("but not after all halvings, when there is nothing to emit and nothing to compare", () => {
      const nothing = { emission: 0n, burnedUnmetQuota: 0n, burnedQualityPenalty: 0n, daoShare: 0n, returned: 0n };
      const settlement = settlementOf(8 * 300, { ...nothing, minerRewards: 0n, validatorRewards: 0n });
      expect(sanity({ settlement, after: sound.before })).to.deep.equal({ kind: "sound" });
    });
  });
});
