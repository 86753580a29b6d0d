import { expect } from "chai";
import fc from "fast-check";
import { DEFAULT_POLICY, type Policy, policyJson, readPolicy } from "../../scripts/core/policy/policy";
import { stepsOf, PolicyTimeline, type PolicyVersion } from "../../scripts/core/policy/timeline";
import { anyPolicy } from "../shared/epochInputs";
import { timelineOf, type VersionOf, versionsOf } from "../shared/policies";

describe("Policy versions:", () => {
  describe("the policy in force", () => {
    it("is the default before any version starts", () => {
      expect(timelineOf().policyAt(5)).to.deep.equal(DEFAULT_POLICY);
      expect(timelineOf([6, { kappaU16: 1 }]).policyAt(5)).to.deep.equal(DEFAULT_POLICY);
    });

    it("is a version's from its first epoch until the next version's", () => {
      const versions = timelineOf([0, { kappaU16: 1 }], [5, { kappaU16: 2 }]);
      expect([0, 4, 5, 99].map((epoch) => versions.policyAt(epoch).kappaU16)).to.deep.equal([1, 1, 2, 2]);
    });

    it("is rolled back by publishing an old version again", () => {
      const versions = timelineOf([0, { kappaU16: 1 }], [5, { kappaU16: 2 }], [7, { kappaU16: 1 }]);
      expect(versions.policyAt(7)).to.deep.equal(versions.policyAt(4));
    });

    it("comes from a later publication with an earlier start, which replaces those that start after it", () => {
      const versions = timelineOf([0, { kappaU16: 1 }], [10, { kappaU16: 2 }], [5, { kappaU16: 3 }]);
      expect([4, 5, 10, 11].map((epoch) => versions.policyAt(epoch).kappaU16)).to.deep.equal([1, 3, 3, 3]);
      expect([0, 1, 5, 6].map((epoch) => versions.startsFrom(epoch))).to.deep.equal([[0, 5], [5], [5], []]);
      expect(timelineOf([0, {}], [5, {}], [5, { kappaU16: 1 }]).startsFrom(0)).to.deep.equal([0, 5]);
    });

    it("is that of the last published version that has started, for any order of starts", () => {
      const start = fc.integer({ min: 0, max: 12 });
      fc.assert(
        fc.property(fc.array(start), start, (starts, epoch) => {
          const versions = timelineOf(...starts.map((fromEpoch, index): VersionOf => [fromEpoch, { kappaU16: index }]));
          const last = starts.findLastIndex((fromEpoch) => fromEpoch <= epoch);
          expect(versions.policyAt(epoch).kappaU16).to.equal(last === -1 ? DEFAULT_POLICY.kappaU16 : last);
        }),
      );
    });

    it("is found in logarithmic time among 5,000 versions, and so is the policy that a version starts from", () => {
      let looks = 0;
      const counted = (version: PolicyVersion): PolicyVersion => ({
        ...version,
        get fromEpoch() {
          looks++;
          return version.fromEpoch;
        },
      });
      const timeline = new PolicyTimeline();
      for (let fromEpoch = 0; fromEpoch < 5_000; fromEpoch++) {
        const policy = { ...DEFAULT_POLICY, kappaU16: fromEpoch };
        timeline.add(counted(timeline.following({ fromEpoch, rampEpochs: 365, policy })));
        expect(timeline.policyAt(fromEpoch).kappaU16).to.equal(fromEpoch);
      }
      expect(looks).to.be.at.most(5_000 * 4 * Math.log2(8_192));
    });
  });

  describe("a ramp", () => {
    const shares = { minerShareBps: 3_000, validatorShareBps: 5_001, daoShareBps: 1_999 };
    const ramped: VersionOf = [
      10,
      { ...shares, weightsBps: [2_000, 5_999, 2_001], qualityThresholdBps: 4_999, kappaU16: 7 },
      3,
    ];

    it("moves basis points in equal steps, truncated towards the old value", () => {
      const steps = [9, 10, 11, 12, 13].map((epoch) => timelineOf(ramped).policyAt(epoch));
      expect(steps.map((step) => step.minerShareBps)).to.deep.equal([4_000, 3_667, 3_334, 3_000, 3_000]);
      expect(steps.map((step) => step.validatorShareBps)).to.deep.equal([4_000, 4_333, 4_667, 5_001, 5_001]);
      expect(steps.map((step) => step.qualityThresholdBps)).to.deep.equal([5_000, 5_000, 5_000, 4_999, 4_999]);
    });

    it("gives the last weight and the DAO the remainder of 10 000", () => {
      const steps = [10, 11, 12].map((epoch) => timelineOf(ramped).policyAt(epoch));
      expect(steps.map((step) => step.weightsBps)).to.deep.equal([
        [4_000, 3_999, 2_001],
        [3_000, 4_999, 2_001],
        [2_000, 5_999, 2_001],
      ]);
      expect(steps.map((step) => step.daoShareBps)).to.deep.equal([2_000, 1_999, 1_999]);
    });

    it("switches every other field in the first epoch", () => {
      expect(timelineOf(ramped).policyAt(10).kappaU16).to.equal(7);
    });

    it("of 0 or 1 epochs takes effect at once", () => {
      for (const rampEpochs of [0, 1]) {
        const versions = timelineOf([ramped[0], ramped[1], rampEpochs]);
        expect(versions.policyAt(10)).to.deep.equal({ ...DEFAULT_POLICY, ...ramped[1] });
      }
    });

    it("starts from the policy in force just before it, even if that is a step of another ramp", () => {
      const versions = timelineOf(ramped, [11, { ...shares, minerShareBps: 3_001, validatorShareBps: 5_000 }, 2]);
      expect([10, 11, 12].map((epoch) => versions.policyAt(epoch).minerShareBps)).to.deep.equal([3_667, 3_334, 3_001]);
    });

    it("that begins in epoch 0 starts from the default", () => {
      expect(timelineOf([0, shares, 2]).policyAt(0).minerShareBps).to.equal(3_500);
    });

    it("applies a smaller maximum and smaller floors in its last epoch, and larger ones at once", () => {
      const large = { maxExpectedTasks: 200, difficultyFloorTasks: 20, participationFloorWei: 2n };
      const small = { maxExpectedTasks: 100, difficultyFloorTasks: 10, participationFloorWei: 1n };
      const fieldsAt = (from: Partial<Policy>, to: Partial<Policy>, epoch: number) => {
        const { maxExpectedTasks, difficultyFloorTasks, participationFloorWei } = timelineOf(
          [0, from],
          [10, to, 3],
        ).policyAt(epoch);
        return { maxExpectedTasks, difficultyFloorTasks, participationFloorWei };
      };
      expect([9, 10, 11, 12].map((epoch) => fieldsAt(large, small, epoch))).to.deep.equal([large, large, large, small]);
      expect([9, 10, 11, 12].map((epoch) => fieldsAt(small, large, epoch))).to.deep.equal([small, large, large, large]);
    });

    it("moves the miners' limit like basis points; a new limit applies at once, a removed one ends in the last epoch", () => {
      const capsAt = (from: number | null, to: number | null) =>
        [9, 10, 11, 12].map(
          (epoch) =>
            timelineOf([0, { minerFeeCapBps: from }], [10, { minerFeeCapBps: to }, 3]).policyAt(epoch).minerFeeCapBps,
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
          const versions = timelineOf([0, from], [1, to, rampEpochs]);
          for (let epoch = 1; epoch <= rampEpochs; epoch++) {
            const step = versions.policyAt(epoch);
            expect(readPolicy(policyJson(step), "policy")).to.deep.equal(step);
          }
          expect(versions.policyAt(rampEpochs)).to.deep.equal(to);
        }),
      );
    });

    it("lists its steps as they will be in force", () => {
      fc.assert(
        fc.property(anyPolicy, anyPolicy, fc.integer({ min: 0, max: 9 }), (from, to, rampEpochs) => {
          const versions = versionsOf([0, from], [4, to, rampEpochs]);
          const steps = [...stepsOf(versions[1]!)];
          expect(steps.map(({ epoch }) => epoch)).to.deep.equal(
            Array.from({ length: Math.max(rampEpochs, 1) }, (_, index) => 4 + index),
          );
          const timeline = new PolicyTimeline(versions);
          for (const { epoch, policy } of steps) expect(timeline.policyAt(epoch)).to.deep.equal(policy);
        }),
      );
    });

    it("lists its steps from any epoch on", () => {
      const version = versionsOf([0, {}], [4, { qualityThresholdBps: 4_000 }, 10])[1]!;
      for (const epoch of [0, 4, 9, 13, 14]) {
        const later = [...stepsOf(version)].filter((step) => step.epoch >= epoch);
        expect([...stepsOf(version, epoch)]).to.deep.equal(later);
      }
    });

    describe("that interrupts another", () => {
      const overlapsOf = (...published: readonly VersionOf[]) =>
        versionsOf(...published).map(({ overlappingRamps }) => overlappingRamps);

      it("counts itself, the ramp that it interrupts, and those that that ramp interrupted", () => {
        expect(overlapsOf([0, {}, 5], [2, {}, 5], [4, {}, 2])).to.deep.equal([1, 2, 3]);
      });

      it("counts from 1 again if the ramp before it has ended", () => {
        expect(overlapsOf([0, {}, 5], [2, {}, 5], [7, {}, 2])).to.deep.equal([1, 2, 1]);
        expect(overlapsOf([0, {}, 5], [2, {}, 5], [6, {}, 2])).to.deep.equal([1, 2, 3]);
      });

      it("doesn't count versions that take effect at once, nor the ramps that those interrupted", () => {
        expect(overlapsOf([0, {}, 5], [2, {}], [3, {}, 2], [3, {}, 1])).to.deep.equal([1, 0, 1, 0]);
      });
    });
  });
});
