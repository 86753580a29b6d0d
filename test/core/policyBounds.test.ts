import { expect } from "chai";
import fc from "fast-check";
import { canonicalJson, type Json } from "../../scripts/core/canonicalJson";
import { loadNetworkConfig } from "../../scripts/config/loadNetworkConfig";
import { policyConstants } from "../../scripts/config/networkConfig";
import {
  brokenBound,
  burnsWithinBound,
  MAX_OVERLAPPING_RAMPS,
  MAX_RAMP_EPOCHS,
  mostBurned,
  type PolicyConstants,
  problemOf,
} from "../../scripts/core/policy/bounds";
import { DEFAULT_POLICY, type Policy } from "../../scripts/core/policy/policy";
import { judgePolicies, type PublishedPolicy, readPolicyVersion } from "../../scripts/core/policy/history";
import { stepsOf } from "../../scripts/core/policy/timeline";
import { RefusedInputError } from "../../scripts/core/strictJson";
import { anyPolicy } from "../shared/epochInputs";
import { referencePolicyConstants as reference, timelineOf, type VersionOf, versionsOf } from "../shared/policies";

const local: PolicyConstants = { ...reference, isLocal: true };

const brokenBy = (differences: Partial<Policy>, constants = reference) =>
  brokenBound({ ...DEFAULT_POLICY, ...differences }, constants);

/** The problem of the last of some versions. */
const problemOfLast = (versions: readonly VersionOf[], constants = reference) =>
  problemOf(versionsOf(...versions).at(-1)!, constants);

const burns = "could burn more than 7000 basis points of the emission";
const paysVolume =
  "pays more for a task's volume than its volume fee: baseReward · w1 must not exceed maxExpectedTasks · volumeFee";
const paysDifficulty =
  "pays more for a task's difficulty than its difficulty fee: baseReward · w2 must not exceed difficultyFloorTasks · difficultyFee";
const paysBack =
  'pays back what tasks cost: minerFeeCapBps + (10000 − minerShareBps) · ρ must be below 10000, where ρ is the larger of both quotients, and under the minerRule "incentive" minerFeeCapBps + 10000 · ρ';
const paysTheDao = "has a daoShareBps above 2000";
const hasNoLimit = "has no minerFeeCapBps";
const silencesAreZeros = "has a qualityThresholdBps below 3000";
const buysScores =
  'has a qualityPenaltyThresholdBps above 0 under the minerRule "work", which would make it profitable to buy a better score';

describe("A policy's bounds", () => {
  describe("at their edges:", () => {
    // `reference` emits 5 000 MDT, and a task costs at least .5 for its volume and .75 for full difficulty.
    const cases: readonly (readonly [
      what: string,
      passes: Partial<Policy>,
      fails: Partial<Policy>,
      problem: string,
    ])[] = [
      [
        "a task's volume brings at most its volume fee: 5 000 · .5 / 5 000 = .5",
        { maxExpectedTasks: 5_000, minerFeeCapBps: 3_999 },
        { maxExpectedTasks: 4_999, minerFeeCapBps: 3_999 },
        paysVolume,
      ],
      [
        "a task's difficulty brings at most its difficulty fee: 5 000 · .3 / 2 000 = .75",
        { difficultyFloorTasks: 2_000, minerFeeCapBps: 3_999 },
        { difficultyFloorTasks: 1_999, minerFeeCapBps: 3_999 },
        paysDifficulty,
      ],
      [
        "a holder of everything gets back less than the fees, by volume: .6999 + .6 · .5 < 1",
        { minerFeeCapBps: 6_999, difficultyFloorTasks: 100_000 },
        { minerFeeCapBps: 7_000, difficultyFloorTasks: 100_000 },
        paysBack,
      ],
      [
        "a holder of everything gets back less than the fees, by difficulty: .6999 + .6 · .5 < 1",
        { minerFeeCapBps: 6_999, maxExpectedTasks: 100_000 },
        { minerFeeCapBps: 7_000, maxExpectedTasks: 100_000 },
        paysBack,
      ],
      [
        "a holder of everything gets back less than the fees, if emission returns all of them: .3999 + .6 · 1 < 1",
        { minerFeeCapBps: 3_999, maxExpectedTasks: 5_000 },
        { minerFeeCapBps: 4_000, maxExpectedTasks: 5_000 },
        paysBack,
      ],
      [
        "a holder of everything gets back less than the fees, if its other miners get the rest of the pool: .4999 + .5 < 1",
        { minerRule: "incentive", minerFeeCapBps: 4_999 },
        { minerRule: "incentive", minerFeeCapBps: 5_000 },
        paysBack,
      ],
      [
        "the DAO is paid no more than the Treasury allows",
        { validatorShareBps: 4_000, daoShareBps: 2_000 },
        { validatorShareBps: 3_999, daoShareBps: 2_001 },
        paysTheDao,
      ],
      ["miners' earnings are limited", { minerFeeCapBps: 0 }, { minerFeeCapBps: null }, hasNoLimit],
      [
        "silence doesn't count as a zero",
        { qualityThresholdBps: 3_000 },
        { qualityThresholdBps: 2_999 },
        silencesAreZeros,
      ],
      [
        "pay isn't convex in the score",
        { qualityPenaltyThresholdBps: 0 },
        { qualityPenaltyThresholdBps: 1 },
        buysScores,
      ],
      [
        "no more is burned than the Treasury allows, by θ: .5 + .5 · .4 = .7",
        { qualityThresholdBps: 5_000 },
        { qualityThresholdBps: 5_001 },
        burns,
      ],
      [
        "no more is burned than the Treasury allows, by the miners' share: .5 + .5 · .4 = .7",
        { minerShareBps: 4_000, daoShareBps: 2_000 },
        { minerShareBps: 4_001, daoShareBps: 1_999 },
        burns,
      ],
    ];
    for (const [what, passes, fails, problem] of cases) {
      it(what, () => {
        expect(brokenBy(passes)).to.equal(undefined);
        expect(brokenBy(fails)).to.equal(problem);
      });
    }

    it("a fee one wei lower is refused", () => {
      const exact: PolicyConstants = {
        baseRewardWei: 1_000n,
        maxDaoShareBps: 2_000,
        volumeFeeWei: 50n,
        difficultyFeeWei: 30n,
        isLocal: false,
      };
      const policy = { maxExpectedTasks: 10, difficultyFloorTasks: 10, minerFeeCapBps: 0 };
      expect(brokenBy(policy, exact)).to.equal(undefined);
      expect(brokenBy(policy, { ...exact, volumeFeeWei: 49n })).to.equal(paysVolume);
      expect(brokenBy(policy, { ...exact, difficultyFeeWei: 29n })).to.equal(paysDifficulty);
    });

    it("a difficulty floor of 0 counts as 1: the first task of full difficulty brings all of w2", () => {
      const dear = { ...reference, difficultyFeeWei: (reference.baseRewardWei * 3n) / 10n };
      for (const difficultyFloorTasks of [0, 1]) {
        const policy = { difficultyFloorTasks, minerFeeCapBps: 3_999 };
        expect(brokenBy(policy, dear)).to.equal(undefined);
        expect(brokenBy(policy, { ...dear, difficultyFeeWei: dear.difficultyFeeWei - 1n })).to.equal(paysDifficulty);
      }
    });

    it('a penalty is accepted under the minerRule "incentive"', () => {
      const policy = { qualityPenaltyThresholdBps: 10_000, minerRule: "incentive", minerFeeCapBps: 4_999 } as const;
      expect(brokenBy(policy)).to.equal(undefined);
    });

    it("a development chain may pay like the described system, as long as tasks cost what they bring", () => {
      const described = { minerFeeCapBps: null, qualityThresholdBps: 0, qualityPenaltyThresholdBps: 2_000 };
      expect(brokenBy(described, local)).to.equal(undefined);
      expect(brokenBy({ minerRule: "incentive", minerFeeCapBps: 7_000 }, local)).to.equal(paysBack);
      expect(brokenBy({ minerRule: "incentive", minerFeeCapBps: 5_000 }, local)).to.equal(undefined);
      expect(brokenBy({ ...described, maxExpectedTasks: 4_999 }, local)).to.equal(paysVolume);
    });

    it("a development chain without a limit needs a miners' share above 0 if a task brings all of its fee", () => {
      const unlimited = { minerFeeCapBps: null, maxExpectedTasks: 5_000 };
      expect(brokenBy({ ...unlimited, minerShareBps: 1 }, local)).to.equal(undefined);
      expect(brokenBy({ ...unlimited, minerShareBps: 0 }, local)).to.equal(paysBack);
    });
  });

  describe("on burning", () => {
    it("are met exactly by the default: .5 + .5 · .4 = 70 %", () => {
      expect(mostBurned(DEFAULT_POLICY)).to.equal(70_000_000);
      expect(burnsWithinBound(DEFAULT_POLICY)).to.equal(true);
    });

    it("allow 7000 bps of θ alone or of the miners' share alone, and not one more", () => {
      expect(burnsWithinBound({ qualityThresholdBps: 7_000, minerShareBps: 0 })).to.equal(true);
      expect(burnsWithinBound({ qualityThresholdBps: 0, minerShareBps: 7_000 })).to.equal(true);
      expect(burnsWithinBound({ qualityThresholdBps: 7_001, minerShareBps: 0 })).to.equal(false);
      expect(burnsWithinBound({ qualityThresholdBps: 0, minerShareBps: 7_001 })).to.equal(false);
    });
  });

  describe("hold", () => {
    it("for the default under the constants of `reference`", () => {
      expect(brokenBy({})).to.equal(undefined);
    });

    it("for weights of .4, .4 and .2 under the constants of `reference`", () => {
      expect(brokenBy({ weightsBps: [4_000, 4_000, 2_000] })).to.equal(undefined);
    });

    for (const name of ["local", "reference"]) {
      it(`at every step of every policy of the network ${name}, even outside a development chain`, () => {
        const config = loadNetworkConfig(name);
        const constants = { ...policyConstants(name, config), isLocal: false };
        for (const version of config.policies) {
          for (const { policy } of stepsOf(version)) expect(brokenBound(policy, constants)).to.equal(undefined);
        }
      });
    }

    it("in every epoch alike: fees and emission halve together, so the base before halvings counts", () => {
      for (const fromEpoch of [0, 1_461, 146_100]) {
        expect(problemOfLast([[fromEpoch, { maxExpectedTasks: 5_000, minerFeeCapBps: 3_999 }]])).to.equal(undefined);
        expect(problemOfLast([[fromEpoch, { maxExpectedTasks: 4_999, minerFeeCapBps: 3_999 }]])).to.equal(
          `is a policy that ${paysVolume} in epoch ${fromEpoch}`,
        );
      }
    });
  });

  describe("checked at every step", () => {
    it("refuse a ramp that exceeds them only at its end, naming its last epoch", () => {
      const versions: VersionOf[] = [
        [0, { qualityThresholdBps: 4_990 }],
        [5, { qualityThresholdBps: 5_001 }, 11],
      ];
      expect(problemOfLast(versions)).to.equal(`is a policy that ${burns} in epoch 15`);
    });

    it("refuse a ramp that exceeds them only at its start, naming its first epoch", () => {
      const high = { qualityThresholdBps: 7_000, minerShareBps: 7_000, validatorShareBps: 1_000 };
      const low = { qualityThresholdBps: 3_000, minerShareBps: 0, validatorShareBps: 8_000 };
      expect(
        problemOfLast([
          [0, high],
          [5, low, 10],
        ]),
      ).to.equal(`is a policy that ${burns} in epoch 5`);
    });

    it("refuse a ramp that exceeds them only in its middle: others' share and ρ cross, .5 · .9 at the ends, .7 · .7 between", () => {
      const ends = { qualityThresholdBps: 3_000, minerFeeCapBps: 5_200 };
      const before = {
        ...ends,
        minerShareBps: 1_000,
        validatorShareBps: 7_000,
        weightsBps: [5_000, 100, 4_900],
      } as const;
      const after = { ...ends, minerShareBps: 5_000, validatorShareBps: 3_000, weightsBps: [9_000, 100, 900] } as const;
      expect([brokenBy(before), brokenBy(after)]).to.deep.equal([undefined, undefined]);
      expect(
        problemOfLast([
          [0, before],
          [5, after, 2],
        ]),
      ).to.equal(`is a policy that ${paysBack} in epoch 5`);
      expect(
        problemOfLast([
          [0, before],
          [5, after, 1],
        ]),
      ).to.equal(undefined);
    });

    it("accept a ramp between two policies that meet them", () => {
      const allThreshold = {
        qualityThresholdBps: 7_000,
        minerShareBps: 0,
        validatorShareBps: 8_000,
        minerFeeCapBps: 0,
      };
      const allMiners = { ...allThreshold, qualityThresholdBps: 3_000, minerShareBps: 5_714, validatorShareBps: 2_286 };
      expect(
        problemOfLast([
          [0, allThreshold],
          [5, allMiners, 2],
        ]),
      ).to.equal(undefined);
    });

    it("accept a maximum and a floor that shrink with their weights, since they shrink last", () => {
      const heavy = {
        weightsBps: [5_000, 3_000, 2_000] as const,
        maxExpectedTasks: 10_000,
        difficultyFloorTasks: 4_000,
      };
      const light = { weightsBps: [500, 300, 9_200] as const, maxExpectedTasks: 1_000, difficultyFloorTasks: 400 };
      expect(
        problemOfLast([
          [0, heavy],
          [5, light, 10],
        ]),
      ).to.equal(undefined);
    });

    it("accept a maximum and a floor that grow with their weights, since they grow first", () => {
      const light = { weightsBps: [500, 300, 9_200] as const, maxExpectedTasks: 1_000, difficultyFloorTasks: 400 };
      expect(
        problemOfLast([
          [0, light],
          [5, {}, 10],
        ]),
      ).to.equal(undefined);
    });

    it("refuse a fee cap that becomes too high or is removed, and accept one that is introduced", () => {
      expect(problemOfLast([[5, { minerFeeCapBps: 7_000 }, 4]])).to.equal(`is a policy that ${paysBack} in epoch 8`);
      expect(problemOfLast([[5, { minerFeeCapBps: null }, 4]])).to.equal(`is a policy that ${hasNoLimit} in epoch 8`);
      expect(
        problemOfLast([
          [0, { minerFeeCapBps: null }],
          [5, {}, 4],
        ]),
      ).to.equal(undefined);
    });

    it("refuse a version as it is read, naming its field", () => {
      const json = { fromEpoch: 5, rampEpochs: 11, policy: { qualityThresholdBps: 5_001 } };
      expect(() => readPolicyVersion(timelineOf([0, { qualityThresholdBps: 4_990 }]), json, reference, "policies[1]"))
        .to.throw(RefusedInputError)
        .that.includes({ field: "policies[1]", problem: `is a policy that ${burns} in epoch 15` });
    });
  });

  it("give the result of a walk over every step of a version's ramp, for any policies and constants", () => {
    const wei = fc.bigInt({ min: 1n, max: 200n });
    const chain = fc.record({
      baseRewardWei: wei,
      maxDaoShareBps: fc.constantFrom(2_000, 10_000, 10_000),
      volumeFeeWei: wei,
      difficultyFeeWei: wei,
      isLocal: fc.boolean(),
    });
    const closeToBounds = fc
      .record({
        maxExpectedTasks: fc.integer({ min: 1, max: 50 }),
        difficultyFloorTasks: fc.integer({ min: 0, max: 50 }),
        qualityThresholdBps: fc.integer({ min: 2_900, max: 5_100 }),
        qualityPenaltyThresholdBps: fc.constantFrom(0, 0, 0, 1, 50),
      })
      .chain((fields) => anyPolicy.map((policy) => ({ ...policy, ...fields })));
    const outcomes = new Set<string | undefined>();
    fc.assert(
      fc.property(closeToBounds, closeToBounds, fc.integer({ min: 0, max: 40 }), chain, (from, to, ramp, constants) => {
        const version = versionsOf([0, from], [7, to, ramp]).at(-1)!;
        const first = [...stepsOf(version)].find(({ policy }) => brokenBound(policy, constants) !== undefined);
        const said = first && `is a policy that ${brokenBound(first.policy, constants)!} in epoch ${first.epoch}`;
        expect(problemOf(version, constants)).to.equal(said);
        outcomes.add(said?.replace(/ in epoch .*/, ""));
      }),
      { numRuns: 1_000 },
    );
    expect(outcomes.size).to.be.greaterThan(5);
  });

  describe("on the length and number of ramps", () => {
    const published = (fromEpoch: number, rampEpochs: number, policy: Json = {}): PublishedPolicy => ({
      fromEpoch: BigInt(fromEpoch),
      json: canonicalJson({ fromEpoch, policy, rampEpochs }),
    });
    const ignoredOf = (policies: readonly PublishedPolicy[]) =>
      judgePolicies(policies, reference)
        .judged.filter(({ problem }) => problem !== null)
        .map(({ index, problem }) => ({ index, problem }));

    it("allow 365 epochs, and not one more", () => {
      expect(ignoredOf([published(0, MAX_RAMP_EPOCHS)])).to.deep.equal([]);
      expect(ignoredOf([published(0, MAX_RAMP_EPOCHS + 1)])).to.deep.equal([
        { index: 0, problem: "The field rampEpochs must be a whole number from 0 to 365." },
      ]);
    });

    it("allow 16 overlapping ramps, and a 17th only after one ends or a version takes effect at once", () => {
      const sixteen = Array.from({ length: MAX_OVERLAPPING_RAMPS }, (_, index) => published(index, 20));
      const tooMany = "The input is a ramp over 16 others that have not ended.";
      expect(ignoredOf(sixteen)).to.deep.equal([]);
      expect(ignoredOf([...sixteen, published(16, 20)])).to.deep.equal([{ index: 16, problem: tooMany }]);
      // The sixteenth ends with epoch 34.
      expect(ignoredOf([...sixteen, published(34, 20)])).to.have.length(1);
      expect(ignoredOf([...sixteen, published(35, 20)])).to.deep.equal([]);
      expect(ignoredOf([...sixteen, published(16, 0), published(17, 20)])).to.deep.equal([]);
    });

    it("accept 16 of 300 overlapping versions, and all of them if every 16th takes effect at once", () => {
      const many = Array.from({ length: 300 }, (_, index) => published(index, 365, { kappaU16: index }));
      expect(ignoredOf(many)).to.have.length(284);
      const mixed = Array.from({ length: 300 }, (_, index) => published(index, index % 16 === 15 ? 0 : 365));
      expect(ignoredOf(mixed)).to.deep.equal([]);
    });
  });
});
