import { expect } from "chai";
import fc from "fast-check";
import { keccak256, stringToBytes } from "viem";
import { canonicalJson, type Json } from "../../scripts/core/canonicalJson";
import { burnsWithinBound, mostBurned, policyAt, type PolicyVersion } from "../../scripts/core/policy/versions";
import { DEFAULT_POLICY, type Policy, policyHash } from "../../scripts/core/policy/fields";
import {
  type PublishedPolicy,
  readPolicy,
  readPolicyVersion,
  validVersions,
} from "../../scripts/core/policy/published";
import { RefusedInputError } from "../../scripts/core/strictJson";
import { anyPolicy } from "../shared/epochInputs";

function version(fromEpoch: number, policy: Partial<Policy>, rampEpochs = 0): PolicyVersion {
  return { fromEpoch, rampEpochs, policy: { ...DEFAULT_POLICY, ...policy } };
}

function published(fromEpoch: number, policy: Json, rampEpochs?: number): PublishedPolicy {
  const ramp = rampEpochs === undefined ? {} : { rampEpochs };
  return { fromEpoch: BigInt(fromEpoch), json: canonicalJson({ fromEpoch, policy, ...ramp }) };
}

function expectRefused(read: () => unknown, field: string, problem: string): void {
  expect(read).to.throw(RefusedInputError).that.includes({ field, problem });
}

describe("Policy", () => {
  describe("as read", () => {
    it("is the default where nothing differs", () => {
      expect(readPolicy({}, "policy")).to.deep.equal(DEFAULT_POLICY);
    });

    it("takes over what differs, every field", () => {
      const other: Policy = {
        weightsBps: [4_000, 4_000, 2_000],
        maxExpectedTasks: 50,
        minerShareBps: 0,
        validatorShareBps: 10_000,
        daoShareBps: 0,
        qualityThresholdBps: 0,
        qualityPenaltyThresholdBps: 10_000,
        difficultyFloorTasks: 8_000,
        validatorRule: "yuma3",
        kappaU16: 1,
        bondsPenaltyU16: 0,
        bondsMovingAverage: 975_000,
        liquidAlpha: { low: 0.1, high: 0.3, steepness: 1_000 },
      };
      expect(readPolicy(other, "policy")).to.deep.equal(other);
    });

    const bpsProblem = "must be a whole number from 0 to 10000";
    const u16Problem = "must be a whole number from 0 to 65535";
    const safe = String(Number.MAX_SAFE_INTEGER);
    const refused: [json: unknown, field: string, problem: string][] = [
      [null, "policy", "must be an object"],
      [[], "policy", "must be an object"],
      [{ minerShare: 4_000 }, "policy.minerShare", "is unknown"],
      [JSON.parse('{ "__proto__": { "minerShareBps": 0 } }'), "policy.__proto__", "is unknown"],
      [{ weightsBps: [5_000, 5_000] }, "policy.weightsBps", "must be a list of three weights in basis points"],
      [{ weightsBps: [5_000, 3_000, 1_999] }, "policy.weightsBps", "must sum to 10000, not to 9999"],
      [{ weightsBps: [10_001, 0, -1] }, "policy.weightsBps[0]", bpsProblem],
      [{ weightsBps: 10_000 }, "policy.weightsBps", "must be a list of three weights in basis points"],
      [{ minerShareBps: 4_000.5 }, "policy.minerShareBps", bpsProblem],
      [{ minerShareBps: "4000" }, "policy.minerShareBps", bpsProblem],
      [
        { minerShareBps: 4_001 },
        "policy",
        "must have minerShareBps, validatorShareBps and daoShareBps that sum to 10000, not to 10001",
      ],
      [{ maxExpectedTasks: 0 }, "policy.maxExpectedTasks", `must be a whole number from 1 to ${safe}`],
      [{ difficultyFloorTasks: -1 }, "policy.difficultyFloorTasks", `must be a whole number from 0 to ${safe}`],
      [{ validatorRule: "yuma1" }, "policy.validatorRule", 'must be "stake", "yuma2" or "yuma3"'],
      [{ kappaU16: 65_536 }, "policy.kappaU16", u16Problem],
      [{ bondsPenaltyU16: -1 }, "policy.bondsPenaltyU16", u16Problem],
      [{ bondsMovingAverage: 1_000_001 }, "policy.bondsMovingAverage", "must be a whole number from 0 to 1000000"],
      [{ liquidAlpha: true }, "policy.liquidAlpha", "must be null or an object with low, high and steepness"],
      [{ liquidAlpha: { low: 0, high: 1 } }, "policy.liquidAlpha.steepness", "is missing"],
      [
        { liquidAlpha: { low: 0.2, high: 1.5, steepness: 1 } },
        "policy.liquidAlpha.high",
        "must be a number from 0 to 1",
      ],
      [
        { liquidAlpha: { low: 0.2, high: 0.1, steepness: 1 } },
        "policy.liquidAlpha",
        "must have a low that is not above its high",
      ],
    ];
    for (const [json, field, problem] of refused) {
      it(`refuses ${JSON.stringify(json)}: ${field} ${problem}`, () => {
        expectRefused(() => readPolicy(json, "policy"), field, problem);
      });
    }
  });

  describe("hash", () => {
    it("is keccak256 of the canonical JSON of the whole policy", () => {
      const text =
        '{"bondsMovingAverage":900000,"bondsPenaltyU16":65535,"daoShareBps":2000,"difficultyFloorTasks":0,' +
        '"kappaU16":32767,"liquidAlpha":null,"maxExpectedTasks":10000,"minerShareBps":4000,' +
        '"qualityPenaltyThresholdBps":2000,"qualityThresholdBps":5000,"validatorRule":"stake",' +
        '"validatorShareBps":4000,"weightsBps":[5000,3000,2000]}';
      expect(policyHash(DEFAULT_POLICY)).to.equal(keccak256(stringToBytes(text)));
    });

    it("does not depend on the order of fields, and differs where a field does", () => {
      const reversed = Object.fromEntries(Object.entries(DEFAULT_POLICY).reverse()) as unknown as Policy;
      expect(policyHash(reversed)).to.equal(policyHash(DEFAULT_POLICY));
      const liquid = { ...DEFAULT_POLICY, liquidAlpha: { low: 0.1, high: 0.3, steepness: 1_000 } };
      expect(policyHash(liquid)).not.to.equal(policyHash(DEFAULT_POLICY));
    });
  });

  describe("in force", () => {
    it("is the default before any version starts", () => {
      expect(policyAt([], 5)).to.deep.equal(DEFAULT_POLICY);
      expect(policyAt([version(6, { kappaU16: 1 })], 5)).to.deep.equal(DEFAULT_POLICY);
    });

    it("is a version's from its first epoch on, until the next one's", () => {
      const versions = [version(0, { kappaU16: 1 }), version(5, { kappaU16: 2 })];
      expect([0, 4, 5, 99].map((epoch) => policyAt(versions, epoch).kappaU16)).to.deep.equal([1, 1, 2, 2]);
    });

    it("rolls back by publishing an old version again", () => {
      const versions = [version(0, { kappaU16: 1 }), version(5, { kappaU16: 2 }), version(7, { kappaU16: 1 })];
      expect(policyAt(versions, 7)).to.deep.equal(policyAt(versions, 4));
    });

    it("is that of a later publication with an earlier start, which replaces those it starts before", () => {
      const versions = [version(0, { kappaU16: 1 }), version(10, { kappaU16: 2 }), version(5, { kappaU16: 3 })];
      expect([4, 5, 10, 11].map((epoch) => policyAt(versions, epoch).kappaU16)).to.deep.equal([1, 3, 3, 3]);
    });
  });

  describe("ramp", () => {
    const shares = { minerShareBps: 3_000, validatorShareBps: 5_001, daoShareBps: 1_999 };
    const ramped = version(
      10,
      { ...shares, weightsBps: [2_000, 5_999, 2_001], qualityThresholdBps: 4_999, kappaU16: 7 },
      3,
    );

    it("moves basis points in equal steps, truncated towards where they came from", () => {
      const steps = [9, 10, 11, 12, 13].map((epoch) => policyAt([ramped], epoch));
      expect(steps.map((step) => step.minerShareBps)).to.deep.equal([4_000, 3_667, 3_334, 3_000, 3_000]);
      expect(steps.map((step) => step.validatorShareBps)).to.deep.equal([4_000, 4_333, 4_667, 5_001, 5_001]);
      expect(steps.map((step) => step.qualityThresholdBps)).to.deep.equal([5_000, 5_000, 5_000, 4_999, 4_999]);
    });

    it("gives the last weight and the DAO what is left of 10 000", () => {
      const steps = [10, 11, 12].map((epoch) => policyAt([ramped], epoch));
      expect(steps.map((step) => step.weightsBps)).to.deep.equal([
        [4_000, 3_999, 2_001],
        [3_000, 4_999, 2_001],
        [2_000, 5_999, 2_001],
      ]);
      expect(steps.map((step) => step.daoShareBps)).to.deep.equal([2_000, 1_999, 1_999]);
    });

    it("switches every other field in the first epoch", () => {
      expect(policyAt([ramped], 10).kappaU16).to.equal(7);
    });

    it("of no or one epoch is at once", () => {
      for (const rampEpochs of [0, 1]) {
        expect(policyAt([{ ...ramped, rampEpochs }], 10)).to.deep.equal(ramped.policy);
      }
    });

    it("starts from what was in force just before it, be that a step of another ramp", () => {
      const interrupting = version(11, { ...shares, minerShareBps: 3_001, validatorShareBps: 5_000 }, 2);
      expect(policyAt([ramped, interrupting], 11).minerShareBps).to.equal(3_334);
      expect(policyAt([ramped, interrupting], 12).minerShareBps).to.equal(3_001);
    });

    it("from the first epoch of all starts from the default", () => {
      expect(policyAt([version(0, shares, 2)], 0).minerShareBps).to.equal(3_500);
    });

    it("keeps every step a valid policy and ends at the new one, for any two policies", () => {
      fc.assert(
        fc.property(anyPolicy, anyPolicy, fc.integer({ min: 1, max: 9 }), (from, to, rampEpochs) => {
          const versions = [
            { fromEpoch: 0, rampEpochs: 0, policy: from },
            { fromEpoch: 1, rampEpochs, policy: to },
          ];
          for (let epoch = 1; epoch <= rampEpochs; epoch++) {
            const step = policyAt(versions, epoch);
            expect(readPolicy(step, "policy")).to.deep.equal(step);
          }
          expect(policyAt(versions, rampEpochs)).to.deep.equal(to);
        }),
      );
    });
  });

  describe("burn bound", () => {
    it("is met exactly by the default: .5 + .5 · .4 = 70 %", () => {
      expect(mostBurned(DEFAULT_POLICY)).to.equal(70_000_000);
      expect(burnsWithinBound(DEFAULT_POLICY)).to.equal(true);
    });

    it("is passed by one basis point more of threshold or of miners' share", () => {
      expect(burnsWithinBound({ qualityThresholdBps: 5_001, minerShareBps: 4_000 })).to.equal(false);
      expect(burnsWithinBound({ qualityThresholdBps: 5_000, minerShareBps: 4_001 })).to.equal(false);
      expect(burnsWithinBound({ qualityThresholdBps: 7_000, minerShareBps: 0 })).to.equal(true);
      expect(burnsWithinBound({ qualityThresholdBps: 0, minerShareBps: 7_000 })).to.equal(true);
    });

    const allThreshold = { qualityThresholdBps: 7_000, minerShareBps: 0, validatorShareBps: 8_000 };
    const allMiners = { qualityThresholdBps: 0, minerShareBps: 7_000, validatorShareBps: 1_000 };
    const tooHigh = (epoch: number): string =>
      `is a policy that could burn more than 7000 basis points of the emission of epoch ${epoch}`;

    it("refuses a policy above it, naming the epoch", () => {
      const json = { fromEpoch: 5, policy: { qualityThresholdBps: 5_001 } };
      expectRefused(() => readPolicyVersion([], json, ""), "", tooHigh(5));
    });

    it("refuses a ramp that only ends above it, naming the last epoch of the ramp", () => {
      const before = [version(0, { qualityThresholdBps: 4_990 })];
      const json = { fromEpoch: 5, rampEpochs: 11, policy: { qualityThresholdBps: 5_001 } };
      expectRefused(() => readPolicyVersion(before, json, "policies[1]"), "policies[1]", tooHigh(15));
    });

    it("accepts a ramp between two policies that meet it", () => {
      // θ and the share move against each other: θ + (1 − θ) · share is .7 at both ends and .5775 in the middle.
      const json = { fromEpoch: 5, rampEpochs: 2, policy: allMiners };
      expect(readPolicyVersion([version(0, allThreshold)], json, "").policy).to.include(allMiners);
    });

    it("refuses a ramp of which only the first steps are above it, naming the first epoch", () => {
      const low = { qualityThresholdBps: 0, minerShareBps: 0, validatorShareBps: 8_000 };
      const high = { qualityThresholdBps: 7_000, minerShareBps: 7_000, validatorShareBps: 1_000 };
      const json = { fromEpoch: 5, rampEpochs: 10, policy: low };
      expectRefused(() => readPolicyVersion([version(0, high)], json, ""), "", tooHigh(5));
    });
  });

  describe("published", () => {
    it("is read with what differs from the default, in the order of publication", () => {
      const { versions, ignored } = validVersions([published(0, { kappaU16: 1 }), published(3, { kappaU16: 2 }, 4)]);
      expect(versions).to.deep.equal([version(0, { kappaU16: 1 }), version(3, { kappaU16: 2 }, 4)]);
      expect(ignored).to.deep.equal([]);
    });

    const good = published(0, { kappaU16: 1 });
    const invalid: [title: string, published: PublishedPolicy, problem: string][] = [
      ["half a surrogate pair", { fromEpoch: 3n, json: '"\\ud800"' }, "The input must be an object."],
      ["a number beyond a double", { fromEpoch: 3n, json: "1e999" }, "The input is not JSON."],
      ["text that is not JSON", { fromEpoch: 3n, json: "{" }, "The input is not JSON."],
      [
        "JSON that is not canonical",
        { fromEpoch: 3n, json: '{ "fromEpoch": 3, "policy": {} }' },
        "The input is not canonical JSON (RFC 8785).",
      ],
      [
        "a field given twice",
        { fromEpoch: 3n, json: '{"fromEpoch":3,"policy":{"kappaU16":1,"kappaU16":2}}' },
        "The input is not canonical JSON (RFC 8785).",
      ],
      ["no object", { fromEpoch: 3n, json: "7" }, "The input must be an object."],
      [
        "another start than its event's",
        { ...published(4, {}), fromEpoch: 3n },
        "The field fromEpoch must be 3, the epoch for which it was published.",
      ],
      ["no policy", { fromEpoch: 3n, json: '{"fromEpoch":3}' }, "The field policy is missing."],
      ["an unknown field", published(3, { burnBps: 1 }), "The field policy.burnBps is unknown."],
      ["too long a ramp", published(3, {}, 10_001), "The field rampEpochs must be a whole number from 0 to 10000."],
      [
        "burns above the bound",
        published(3, { qualityThresholdBps: 9_000 }),
        "The input is a policy that could burn more than 7000 basis points of the emission of epoch 3.",
      ],
    ];
    for (const [title, bad, problem] of invalid) {
      it(`with ${title} is ignored, and the one before stays in force`, () => {
        const { versions, ignored } = validVersions([good, bad]);
        expect(ignored).to.deep.equal([{ index: 1, problem }]);
        expect(policyAt(versions, 9)).to.deep.equal({ ...DEFAULT_POLICY, kappaU16: 1 });
      });
    }
  });
});
