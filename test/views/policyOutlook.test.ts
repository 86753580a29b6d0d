import { expect } from "chai";
import fc from "fast-check";
import { policyHash } from "../../scripts/core/policy/policy";
import { PolicyTimeline, type PolicyVersion } from "../../scripts/core/policy/timeline";
import { policyOutlook } from "../../scripts/views/publishedPolicies";
import { anyPolicy } from "../shared/epochInputs";
import { timelineOf, type VersionOf, versionsOf } from "../shared/policies";

const [first, ramped, back] = versionsOf([0, {}], [10, { weightsBps: [4_000, 4_000, 2_000] }, 5], [13, {}]) as [
  PolicyVersion,
  PolicyVersion,
  PolicyVersion,
];

describe("The policy's outlook", () => {
  const stepsOf = (versions: readonly PolicyVersion[], epoch: number, most = 50) => {
    const timeline = new PolicyTimeline(versions);
    const { inForce, nextSteps, hasMoreSteps } = policyOutlook(timeline, epoch, most);
    expect(inForce.policy).to.deep.equal(timeline.policyAt(epoch));
    return { weights: nextSteps.map((step) => [step.epoch, step.policy.weightsBps[0]]), hasMoreSteps };
  };

  it("has no steps if no version is to come", () => {
    expect(stepsOf([first], 7)).to.deep.equal({ weights: [], hasMoreSteps: false });
    expect(stepsOf([], 7)).to.deep.equal({ weights: [], hasMoreSteps: false });
  });

  it("has each remaining step of a ramp", () => {
    const steps = [
      [10, 4_800],
      [11, 4_600],
      [12, 4_400],
      [13, 4_200],
      [14, 4_000],
    ];
    expect(stepsOf([first, ramped], 3)).to.deep.equal({ weights: steps, hasMoreSteps: false });
    expect(stepsOf([first, ramped], 12)).to.deep.equal({ weights: steps.slice(3), hasMoreSteps: false });
    expect(stepsOf([first, ramped], 14)).to.deep.equal({ weights: [], hasMoreSteps: false });
  });

  it("continues with a version that begins during a ramp", () => {
    const { weights } = stepsOf([first, ramped, back], 11);
    expect(weights).to.deep.equal([
      [12, 4_400],
      [13, 5_000],
    ]);
  });

  it("says that there are more steps if it is cut short", () => {
    expect(stepsOf([first, ramped], 3, 2)).to.deep.equal({
      weights: [
        [10, 4_800],
        [11, 4_600],
      ],
      hasMoreSteps: true,
    });
  });

  it("finds the same steps as a search epoch by epoch, for any versions", () => {
    const start = fc.integer({ min: 0, max: 30 });
    const version = fc.tuple(start, anyPolicy, fc.integer({ min: 0, max: 12 }));
    fc.assert(
      fc.property(fc.array(version, { maxLength: 6 }), start, (published, epoch) => {
        const timeline = timelineOf(...published);
        const changes = Array.from({ length: 60 }, (_, index) => epoch + 1 + index).filter(
          (one) => policyHash(timeline.policyAt(one)) !== policyHash(timeline.policyAt(one - 1)),
        );
        expect(policyOutlook(timeline, epoch, 100).nextSteps.map((step) => step.epoch)).to.deep.equal(changes);
      }),
    );
  });

  it("skips 5,000 versions that change nothing over ramps of 365 epochs", () => {
    const idle = Array.from({ length: 5_000 }, (_, index): VersionOf => [365 * index, {}, 365]);
    const outlook = policyOutlook(timelineOf(...idle, [365 * 5_000, { kappaU16: 1 }]), 0, 50);
    expect(outlook.nextSteps.map(({ epoch }) => epoch)).to.deep.equal([365 * 5_000]);
  });

  it("states for each step the policy hash that the epoch's settlement must have", () => {
    const { inForce, nextSteps } = policyOutlook(new PolicyTimeline([first, ramped]), 9, 50);
    for (const step of [inForce, ...nextSteps]) expect(step.policyHash).to.equal(policyHash(step.policy));
  });
});
