import { expect } from "chai";
import { keccak256, stringToBytes } from "viem";
import { canonicalJson, type Json } from "../../scripts/core/canonicalJson";
import {
  DEFAULT_POLICY,
  isSame,
  type Policy,
  policyHash,
  policyJson,
  readPolicy,
} from "../../scripts/core/policy/policy";
import { judgePolicies, PolicyHistory, type PublishedPolicy } from "../../scripts/core/policy/history";
import { RefusedInputError } from "../../scripts/core/strictJson";
import { referencePolicyConstants } from "../shared/policies";

function published(fromEpoch: number, policy: Json, rampEpochs?: number): PublishedPolicy {
  const ramp = rampEpochs === undefined ? {} : { rampEpochs };
  return { fromEpoch: BigInt(fromEpoch), json: canonicalJson({ fromEpoch, policy, ...ramp }) };
}

function expectRefused(read: () => unknown, field: string, problem: string): void {
  expect(read).to.throw(RefusedInputError).that.includes({ field, problem });
}

describe("Policy", () => {
  describe("as read", () => {
    it("is the default if nothing differs", () => {
      expect(readPolicy({}, "policy")).to.deep.equal(DEFAULT_POLICY);
    });

    it("applies every field that differs from the default", () => {
      const other: Policy = {
        weightsBps: [4_000, 4_000, 2_000],
        maxExpectedTasks: 50,
        minerShareBps: 0,
        validatorShareBps: 10_000,
        daoShareBps: 0,
        qualityThresholdBps: 0,
        qualityPenaltyThresholdBps: 10_000,
        difficultyFloorTasks: 8_000,
        participationFloorWei: 2n ** 128n - 1n,
        minerRule: "incentive",
        minerFeeCapBps: null,
        validatorRule: "yuma3",
        kappaU16: 1,
        bondsPenaltyU16: 0,
        bondsMovingAverage: 975_000,
        liquidAlpha: { low: 0.1, high: 0.3, steepness: 1_000 },
      };
      expect(readPolicy(policyJson(other), "policy")).to.deep.equal(other);
    });

    it("accepts every field at both of its bounds", () => {
      const u16s = [0, 65_535].map((kappaU16) => ({ kappaU16, bondsPenaltyU16: kappaU16 }));
      const averages = [0, 1_000_000].map((bondsMovingAverage) => ({ bondsMovingAverage }));
      const alphas = [
        { low: 0, high: 0, steepness: 0 },
        { low: 1, high: 1, steepness: 32_767 },
      ].map((liquidAlpha) => ({ liquidAlpha }));
      const counts = [
        { maxExpectedTasks: 1, difficultyFloorTasks: 0 },
        { maxExpectedTasks: Number.MAX_SAFE_INTEGER, difficultyFloorTasks: Number.MAX_SAFE_INTEGER },
      ];
      const shares = [0, 10_000].map((cap) => ({
        minerFeeCapBps: cap,
        qualityThresholdBps: cap,
        qualityPenaltyThresholdBps: cap,
        weightsBps: [10_000 - cap, 0, cap],
        minerShareBps: cap,
        validatorShareBps: 10_000 - cap,
        daoShareBps: 0,
      }));
      for (const fields of [...u16s, ...averages, ...alphas, ...counts, ...shares]) {
        expect(readPolicy(fields, "policy")).to.deep.equal({ ...DEFAULT_POLICY, ...fields });
      }
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
      [
        { participationFloorWei: 0 },
        "policy.participationFloorWei",
        'must be a decimal string of digits from "0" to 2^128 - 1',
      ],
      [
        { participationFloorWei: String(2n ** 128n) },
        "policy.participationFloorWei",
        'must be a decimal string of digits from "0" to 2^128 - 1',
      ],
      [{ minerRule: "tasks" }, "policy.minerRule", 'must be "work" or "incentive"'],
      [{ minerFeeCapBps: 10_001 }, "policy.minerFeeCapBps", bpsProblem],
      [{ validatorRule: "yuma1" }, "policy.validatorRule", 'must be "stake", "yuma2" or "yuma3"'],
      [{ kappaU16: 65_536 }, "policy.kappaU16", u16Problem],
      [{ bondsPenaltyU16: -1 }, "policy.bondsPenaltyU16", u16Problem],
      [{ bondsMovingAverage: 1_000_001 }, "policy.bondsMovingAverage", "must be a whole number from 0 to 1000000"],
      [{ liquidAlpha: true }, "policy.liquidAlpha", "must be null or an object with low, high and steepness"],
      [{ liquidAlpha: { low: 0, high: 1 } }, "policy.liquidAlpha.steepness", "is missing"],
      ...[-1, 32_768].map((steepness): [json: unknown, field: string, problem: string] => [
        { liquidAlpha: { low: 0, high: 1, steepness } },
        "policy.liquidAlpha.steepness",
        "must be a whole number from 0 to 32767",
      ]),
      [
        { liquidAlpha: { low: 0.2, high: 1.5, steepness: 1 } },
        "policy.liquidAlpha.high",
        "must be a number from 0 to 1",
      ],
      [
        { liquidAlpha: { low: 0.2, high: 0.1, steepness: 1 } },
        "policy.liquidAlpha",
        "must have a low that is at most its high",
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
        '{"bondsMovingAverage":900000,"bondsPenaltyU16":65535,"daoShareBps":2000,"difficultyFloorTasks":4000,' +
        '"kappaU16":32767,"liquidAlpha":null,"maxExpectedTasks":10000,"minerFeeCapBps":5000,"minerRule":"work",' +
        '"minerShareBps":4000,"participationFloorWei":"0","qualityPenaltyThresholdBps":0,"qualityThresholdBps":5000,' +
        '"validatorRule":"stake","validatorShareBps":4000,"weightsBps":[5000,3000,2000]}';
      expect(policyHash(DEFAULT_POLICY)).to.equal(keccak256(stringToBytes(text)));
    });

    it("does not depend on the order of fields, and differs if a field does", () => {
      const reversed = Object.fromEntries(Object.entries(DEFAULT_POLICY).reverse()) as unknown as Policy;
      expect(policyHash(reversed)).to.equal(policyHash(DEFAULT_POLICY));
      const liquid = { ...DEFAULT_POLICY, liquidAlpha: { low: 0.1, high: 0.3, steepness: 1_000 } };
      expect(policyHash(liquid)).not.to.equal(policyHash(DEFAULT_POLICY));
      expect(policyHash({ ...DEFAULT_POLICY, participationFloorWei: 1n })).not.to.equal(policyHash(DEFAULT_POLICY));
    });
  });

  it("equals another policy only if all their fields are equal, nested ones too", () => {
    const liquidAlpha = { low: 0.1, high: 0.3, steepness: 1_000 };
    const policy = { ...DEFAULT_POLICY, liquidAlpha };
    expect(isSame(policy, { ...policy, weightsBps: [...policy.weightsBps], liquidAlpha: { ...liquidAlpha } })).to.equal(
      true,
    );
    expect(isSame(policy, { ...policy, liquidAlpha: { ...liquidAlpha, high: 0.4 } })).to.equal(false);
    expect(isSame(policy, { ...policy, liquidAlpha: null })).to.equal(false);
    expect(isSame(policy, { ...policy, minerShareBps: policy.minerShareBps + 1 })).to.equal(false);
  });

  describe("published", () => {
    it("is read as the default with its own fields, in the order of publication", () => {
      const texts = [published(0, { kappaU16: 1 }), published(3, { kappaU16: 2 }, 4)];
      const { judged } = judgePolicies(texts, referencePolicyConstants);
      const [one, two] = [1, 2].map((kappaU16) => ({ ...DEFAULT_POLICY, kappaU16 }));
      const versions = [
        { fromEpoch: 0, rampEpochs: 0, policy: one, before: DEFAULT_POLICY, overlappingRamps: 0 },
        { fromEpoch: 3, rampEpochs: 4, policy: two, before: one, overlappingRamps: 1 },
      ];
      expect(judged).to.deep.equal(
        texts.map(({ fromEpoch, json }, index) => ({
          index,
          fromEpoch: Number(fromEpoch),
          json,
          hash: keccak256(stringToBytes(json)),
          version: versions[index],
          problem: null,
        })),
      );
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
      [
        "text of more than 1024 characters",
        { fromEpoch: 3n, json: "[".repeat(1_025) },
        "The input has more than 1024 characters.",
      ],
      ["JSON that isn't an object", { fromEpoch: 3n, json: "7" }, "The input must be an object."],
      [
        "a start other than its event's",
        { ...published(4, {}), fromEpoch: 3n },
        "The field fromEpoch must be 3, the epoch it was published for.",
      ],
      ["no policy", { fromEpoch: 3n, json: '{"fromEpoch":3}' }, "The field policy is missing."],
      ["an empty object", { fromEpoch: 3n, json: "{}" }, "The field fromEpoch is missing, and so is policy."],
      ["an unknown field", published(3, { burnBps: 1 }), "The field policy.burnBps is unknown."],
      ["too long a ramp", published(3, {}, 366), "The field rampEpochs must be a whole number from 0 to 365."],
      [
        "burns above the bound",
        published(3, { qualityThresholdBps: 9_000 }),
        "The input is a policy that could burn more than 7000 basis points of the emission in epoch 3.",
      ],
    ];
    it("passes on an error of our own code", () => {
      const broken = {
        ...referencePolicyConstants,
        get baseRewardWei(): bigint {
          throw new TypeError("a mistake");
        },
      };
      expect(() => {
        new PolicyHistory(broken).take(good);
      }).to.throw(TypeError, "a mistake");
    });

    for (const [title, bad, problem] of invalid) {
      it(`with ${title} is ignored, and the one before stays in force`, () => {
        const history = judgePolicies([good, bad], referencePolicyConstants);
        expect(history.judged.map((one) => one.problem)).to.deep.equal([null, problem]);
        expect(history.judged[1]!.version).to.equal(null);
        expect(history.timeline.policyAt(9)).to.deep.equal({ ...DEFAULT_POLICY, kappaU16: 1 });
      });
    }

    it("at its maximum length, 594 characters, is read", () => {
      const longest = published(
        Number.MAX_SAFE_INTEGER,
        policyJson({
          ...DEFAULT_POLICY,
          weightsBps: [3_333, 3_333, 3_334],
          maxExpectedTasks: Number.MAX_SAFE_INTEGER,
          minerShareBps: 3_333,
          validatorShareBps: 4_667,
          daoShareBps: 2_000,
          qualityThresholdBps: 3_000,
          difficultyFloorTasks: Number.MAX_SAFE_INTEGER,
          participationFloorWei: 2n ** 128n - 1n,
          minerRule: "incentive",
          qualityPenaltyThresholdBps: 10_000,
          minerFeeCapBps: 1_000,
          kappaU16: 65_535,
          bondsMovingAverage: 1_000_000,
          liquidAlpha: { low: 0.0000012345678901234567, high: 0.0000012345678901234568, steepness: 32_767 },
        }),
        365,
      );
      expect(longest.json).to.have.length(594);
      expect(judgePolicies([good, longest], referencePolicyConstants).judged[1]!.problem).to.equal(null);
    });

    it("is judged once, and again only if the versions before it or the constants change", () => {
      const history = judgePolicies([good], referencePolicyConstants);
      const [first] = history.judged;
      const more = judgePolicies([good, published(4, {})], referencePolicyConstants, history);
      expect([more.judged.length, more.judged[0]]).to.deep.equal([2, first]);
      expect(more.judged[0]).to.equal(first);
      expect(more.timeline.policyAt(4)).to.deep.equal(DEFAULT_POLICY);
      for (const others of [
        [good],
        [published(0, { kappaU16: 2 }), published(4, {})],
        [good, published(5, {})],
        [good, { ...published(4, {}), fromEpoch: 5n }],
      ]) {
        const anew = judgePolicies(others, referencePolicyConstants, more);
        expect(anew.judged.map(({ json }) => json)).to.deep.equal(others.map(({ json }) => json));
        expect(anew.judged[0]).not.to.equal(first);
      }
      for (const change of [
        { baseRewardWei: 1n },
        { maxDaoShareBps: 1 },
        { volumeFeeWei: 1n },
        { difficultyFeeWei: 1n },
        { isLocal: true },
      ]) {
        const constants = { ...referencePolicyConstants, ...change };
        expect(judgePolicies([good, published(4, {})], constants, more).judged[0]).not.to.equal(first);
      }
    });

    it("isn't judged if the stack overflows during parsing", () => {
      const { parse } = JSON;
      JSON.parse = () => {
        throw new RangeError("Maximum call stack size exceeded");
      };
      try {
        expect(() => judgePolicies([good], referencePolicyConstants)).to.throw(RangeError);
      } finally {
        JSON.parse = parse;
      }
    });

    it("is judged the same at every depth of the stack, or not at all if the stack overflows", () => {
      const nested = published(3, JSON.parse(`${"[".repeat(400)}${"]".repeat(400)}`) as Json);
      const verdicts = new Set<string | null>();
      const overflows: unknown[] = [];
      const judgeAt = (depth: number): void => {
        if (depth > 0) {
          judgeAt(depth - 1);
        } else {
          for (const { problem } of judgePolicies([good, nested], referencePolicyConstants).judged)
            verdicts.add(problem);
        }
      };
      for (let step = 1 << 16, depth = 0; step >= 1; step /= 2) {
        try {
          judgeAt(depth + step);
          depth += step;
        } catch (error) {
          overflows.push(error);
        }
      }
      expect([...verdicts]).to.deep.equal([null, "The field policy must be an object."]);
      expect(overflows).not.to.deep.equal([]);
      for (const error of overflows) expect(error).to.be.instanceOf(RangeError);
    });
  });
});
