import { expect } from "chai";
import fc from "fast-check";
import { DEFAULT_POLICY, type Policy, policyJson } from "../../scripts/core/policy/fields";
import { readPolicy } from "../../scripts/core/policy/published";
import { policyAt, stepsOf } from "../../scripts/core/policy/versions";
import { anyPolicy } from "../shared/epochInputs";
import { type VersionOf, versionsOf } from "../shared/policies";

describe("Policy versions", () => {
  describe("in force", () => {
    it("is the default before any version starts", () => {
      expect(policyAt([], 5)).to.deep.equal(DEFAULT_POLICY);
      expect(policyAt(versionsOf([6, { kappaU16: 1 }]), 5)).to.deep.equal(DEFAULT_POLICY);
    });

    it("is a version's from its first epoch on, until the next one's", () => {
      const versions = versionsOf([0, { kappaU16: 1 }], [5, { kappaU16: 2 }]);
      expect([0, 4, 5, 99].map((epoch) => policyAt(versions, epoch).kappaU16)).to.deep.equal([1, 1, 2, 2]);
    });

    it("rolls back by publishing an old version again", () => {
      const versions = versionsOf([0, { kappaU16: 1 }], [5, { kappaU16: 2 }], [7, { kappaU16: 1 }]);
      expect(policyAt(versions, 7)).to.deep.equal(policyAt(versions, 4));
    });

    it("is that of a later publication with an earlier start, which replaces those it starts before", () => {
      const versions = versionsOf([0, { kappaU16: 1 }], [10, { kappaU16: 2 }], [5, { kappaU16: 3 }]);
      expect([4, 5, 10, 11].map((epoch) => policyAt(versions, epoch).kappaU16)).to.deep.equal([1, 3, 3, 3]);
    });
  });

  describe("ramp", () => {
    const shares = { minerShareBps: 3_000, validatorShareBps: 5_001, daoShareBps: 1_999 };
    const ramped: VersionOf = [
      10,
      { ...shares, weightsBps: [2_000, 5_999, 2_001], qualityThresholdBps: 4_999, kappaU16: 7 },
      3,
    ];

    it("moves basis points in equal steps, truncated towards where they came from", () => {
      const steps = [9, 10, 11, 12, 13].map((epoch) => policyAt(versionsOf(ramped), epoch));
      expect(steps.map((step) => step.minerShareBps)).to.deep.equal([4_000, 3_667, 3_334, 3_000, 3_000]);
      expect(steps.map((step) => step.validatorShareBps)).to.deep.equal([4_000, 4_333, 4_667, 5_001, 5_001]);
      expect(steps.map((step) => step.qualityThresholdBps)).to.deep.equal([5_000, 5_000, 5_000, 4_999, 4_999]);
    });

    it("gives the last weight and the DAO what is left of 10 000", () => {
      const steps = [10, 11, 12].map((epoch) => policyAt(versionsOf(ramped), epoch));
      expect(steps.map((step) => step.weightsBps)).to.deep.equal([
        [4_000, 3_999, 2_001],
        [3_000, 4_999, 2_001],
        [2_000, 5_999, 2_001],
      ]);
      expect(steps.map((step) => step.daoShareBps)).to.deep.equal([2_000, 1_999, 1_999]);
    });

    it("switches every other field in the first epoch", () => {
      expect(policyAt(versionsOf(ramped), 10).kappaU16).to.equal(7);
    });

    it("of no or one epoch is at once", () => {
      for (const rampEpochs of [0, 1]) {
        const versions = versionsOf([ramped[0], ramped[1], rampEpochs]);
        expect(policyAt(versions, 10)).to.deep.equal({ ...DEFAULT_POLICY, ...ramped[1] });
      }
    });

    it("starts from what was in force just before it, be that a step of another ramp", () => {
      const versions = versionsOf(ramped, [11, { ...shares, minerShareBps: 3_001, validatorShareBps: 5_000 }, 2]);
      expect([10, 11, 12].map((epoch) => policyAt(versions, epoch).minerShareBps)).to.deep.equal([3_667, 3_334, 3_001]);
    });

    it("from the first epoch of all starts from the default", () => {
      expect(policyAt(versionsOf([0, shares, 2]), 0).minerShareBps).to.equal(3_500);
    });

    it("applies a smaller maximum and smaller floors in its last epoch, and larger ones at once", () => {
      const large = { maxExpectedTasks: 200, difficultyFloorTasks: 20, participationFloorWei: 2n };
      const small = { maxExpectedTasks: 100, difficultyFloorTasks: 10, participationFloorWei: 1n };
      const fieldsAt = (from: Partial<Policy>, to: Partial<Policy>, epoch: number) => {
        const { maxExpectedTasks, difficultyFloorTasks, participationFloorWei } = policyAt(
          versionsOf([0, from], [10, to, 3]),
          epoch,
        );
        return { maxExpectedTasks, difficultyFloorTasks, participationFloorWei };
      };
      expect([9, 10, 11, 12].map((epoch) => fieldsAt(large, small, epoch))).to.deep.equal([large, large, large, small]);
      expect([9, 10, 11, 12].map((epoch) => fieldsAt(small, large, epoch))).to.deep.equal([small, large, large, large]);
    });

    it("moves the miners' limit like basis points; one that begins applies at once, one that ends in the last epoch", () => {
      const capsAt = (from: number | null, to: number | null) =>
        [9, 10, 11, 12].map(
          (epoch) =>
            policyAt(versionsOf([0, { minerFeeCapBps: from }], [10, { minerFeeCapBps: to }, 3]), epoch).minerFeeCapBps,
        );
      expect(capsAt(5_000, 2_000)).to.deep.equal([5_000, 4_000, 3_000, 2_000]);
      expect(capsAt(2_000, 2_001)).to.deep.equal([2_000, 2_000, 2_000, 2_001]);
      expect(capsAt(null, 2_000)).to.deep.equal([null, 2_000, 2_000, 2_000]);
      expect(capsAt(2_000, null)).to.deep.equal([2_000, 2_000, 2_000, null]);
      expect(capsAt(null, null)).to.deep.equal([null, null, null, null]);
    });

    it("keeps every step a valid policy and ends at the new one, for any two policies", () => {
      fc.assert(
        fc.property(anyPolicy, anyPolicy, fc.integer({ min: 1, max: 9 }), (from, to, rampEpochs) => {
          const versions = versionsOf([0, from], [1, to, rampEpochs]);
          for (let epoch = 1; epoch <= rampEpochs; epoch++) {
            const step = policyAt(versions, epoch);
            expect(readPolicy(policyJson(step), "policy")).to.deep.equal(step);
          }
          expect(policyAt(versions, rampEpochs)).to.deep.equal(to);
        }),
      );
    });

    it("is listed step by step as it will be in force", () => {
      fc.assert(
        fc.property(anyPolicy, anyPolicy, fc.integer({ min: 0, max: 9 }), (from, to, rampEpochs) => {
          const versions = versionsOf([0, from], [4, to, rampEpochs]);
          const steps = [...stepsOf(versions[1]!)];
          expect(steps.map(({ epoch }) => epoch)).to.deep.equal(
            Array.from({ length: Math.max(rampEpochs, 1) }, (_, index) => 4 + index),
          );
          for (const { epoch, policy } of steps) expect(policyAt(versions, epoch)).to.deep.equal(policy);
        }),
      );
    });

    describe("that interrupts another", () => {
      const overlapsOf = (...published: readonly VersionOf[]) =>
        versionsOf(...published).map(({ overlappingRamps }) => overlappingRamps);

      it("counts the ramps that it and they interrupt, and itself", () => {
        expect(overlapsOf([0, {}, 5], [2, {}, 5], [4, {}, 2])).to.deep.equal([1, 2, 3]);
      });

      it("counts from one again where the one before has ended", () => {
        expect(overlapsOf([0, {}, 5], [2, {}, 5], [7, {}, 2])).to.deep.equal([1, 2, 1]);
        expect(overlapsOf([0, {}, 5], [2, {}, 5], [6, {}, 2])).to.deep.equal([1, 2, 3]);
      });

      it("counts nothing that takes effect at once, nor what that interrupted", () => {
        expect(overlapsOf([0, {}, 5], [2, {}], [3, {}, 2], [3, {}, 1])).to.deep.equal([1, 0, 1, 0]);
      });
    });
  });
});
