import { expect } from "chai";
import { type Address, concatHex, type Hex } from "viem";
import { scoreWad, encodeScores } from "../../scripts/core/scores";
import {
  agreedScoresWad,
  assembleInputs,
  type Bonds,
  type EpochFacts,
  noBonds,
  type ValidatorFacts,
} from "../../scripts/core/assembleInputs";
import { rowFrom } from "../../scripts/core/consensus/sparseRow";
import { WAD } from "../../scripts/core/fixedPoint";
import { DEFAULT_POLICY, type MinerRule, type ValidatorRule } from "../../scripts/core/policy/policy";
import { accountOf } from "../shared/rewardLists";

const funds = { poolWei: 5n, mintableWei: 7n };
const [alba, bruno, chiara] = [accountOf(1), accountOf(2), accountOf(3)];
const [milo, nora, otto] = [accountOf(11), accountOf(12), accountOf(13)];

/** Scores for miners 1, 2, 3 …; a miner scored 0 is listed too. */
function payloadOf(...scores: readonly number[]): Hex {
  return encodeScores(scores.map((scoreU16, index) => ({ minerId: index + 1, scoreU16 })));
}

/** A validator with 100 wei of its own and nothing delegated, which committed after all miners had registered. */
function validator(account: Address, payload: Hex | null, differences: Partial<ValidatorFacts> = {}): ValidatorFacts {
  return {
    account,
    ownWei: 100n,
    totalWei: 100n,
    commissionBps: 0,
    delegations: [],
    payload,
    minersAtCommit: 3,
    ...differences,
  };
}

/** An epoch with three miners: fees of 2 for the first, 1 and another proven one for the second, none for the third. */
function facts(
  validators: readonly ValidatorFacts[],
  validatorRule: ValidatorRule = "stake",
  minerRule: MinerRule = "work",
): EpochFacts {
  return {
    epoch: 4,
    policy: { ...DEFAULT_POLICY, validatorRule, minerRule },
    ruleBefore: validatorRule,
    baseRewardWei: 1_000n,
    halvingIntervalEpochs: 8,
    tasks: { completed: 3, difficultySumBps: 12_000 },
    validators,
    miners: [
      { account: milo, feesWei: 2n, provenFeesWei: 0n },
      { account: nora, feesWei: 2n, provenFeesWei: 1n },
      { account: otto, feesWei: 0n, provenFeesWei: 0n },
    ],
  };
}

/** The agreed scores of an epoch's inputs; the reveals alone must give the same. */
function agreed(epoch: EpochFacts): readonly bigint[] {
  const scores = assembleInputs(epoch, funds, noBonds).inputs.miners.map(({ agreedScoreWad }) => agreedScoreWad);
  const { validators, miners, policy } = epoch;
  expect(agreedScoresWad(validators, miners.length, policy.qualityThresholdBps)).to.deep.equal(scores);
  return scores;
}

/** The score of a miner that nobody scores, under a θ of one half. */
const NEUTRAL = scoreWad(32_768);

/** Payloads that score nobody: not increasing, with a miner unknown at the commitment, or empty. */
const saysNothing: readonly (readonly [what: string, payload: Hex, minersAtCommit: number])[] = [
  ["names a miner twice", concatHex([payloadOf(65_535), payloadOf(65_535)]), 3],
  ["names an unknown miner", encodeScores([{ minerId: 4, scoreU16: 65_535 }]), 3],
  ["names a miner that registered after the commitment", payloadOf(65_535, 65_535, 65_535), 2],
  ["names nobody", "0x", 3],
];

describe("An epoch's inputs assembled from its facts", () => {
  it("have the epoch, schedule, funds, policy, tasks and fees unchanged", () => {
    const epoch = facts([]);
    expect(assembleInputs(epoch, funds, noBonds).inputs).to.deep.equal({
      epoch: 4,
      baseRewardWei: 1_000n,
      halvingIntervalEpochs: 8,
      ...funds,
      policy: epoch.policy,
      tasks: epoch.tasks,
      validators: { activeStakeWei: 0n, revealedStakeWei: 0n },
      miners: epoch.miners.map((miner) => ({ ...miner, performance: 0n, agreedScoreWad: NEUTRAL })),
      stakers: [],
    });
  });

  it("weigh scores by own and delegated stake", () => {
    const big = validator(bruno, payloadOf(65_535), { totalWei: 101n });
    expect(agreed(facts([validator(alba, payloadOf(0)), big]))[0]).to.equal(WAD);
    expect(agreed(facts([validator(alba, payloadOf(0), { totalWei: 102n }), big]))[0]).to.equal(0n);
  });

  it("count silence as a score of the policy's θ", () => {
    const epoch = facts([validator(alba, null)]);
    const policy = { ...epoch.policy, qualityThresholdBps: 3_000 };
    expect(agreed({ ...epoch, policy })[0]).to.equal(scoreWad(19_661));
  });

  describe("of a validator that revealed", () => {
    it("list stake, commission and delegations, and no dividend under the stake rule", () => {
      const delegations = [{ account: chiara, stakeWei: 50n }];
      const one = validator(alba, payloadOf(1, 1, 1), { totalWei: 150n, commissionBps: 700, delegations });
      const { inputs, bonds } = assembleInputs(facts([one]), funds, noBonds);
      expect(inputs.stakers).to.deep.equal([
        { account: alba, stakeWei: 100n, commissionBps: 700, unscoredFeesWei: 0n, delegations },
      ]);
      expect(inputs.validators).to.deep.equal({ activeStakeWei: 150n, revealedStakeWei: 150n });
      expect(bonds).to.deep.equal(new Map());
    });

    it("count the unproven fees of the miners that it does not list as unscored", () => {
      const unscoredOf = (payload: Hex) =>
        assembleInputs(facts([validator(alba, payload)]), funds, noBonds).inputs.stakers[0]!.unscoredFeesWei;
      expect(unscoredOf(payloadOf(1, 1))).to.equal(0n);
      expect(unscoredOf(payloadOf(1))).to.equal(1n);
      expect(unscoredOf(encodeScores([{ minerId: 2, scoreU16: 1 }]))).to.equal(2n);
      expect(unscoredOf(encodeScores([{ minerId: 3, scoreU16: 1 }]))).to.equal(3n);
    });

    it("distinguish a miner listed with a score of zero from one that is not listed", () => {
      const [listed, unlisted] = [payloadOf(0), encodeScores([{ minerId: 2, scoreU16: 9 }])].map(
        (payload) => assembleInputs(facts([validator(alba, payload)]), funds, noBonds).inputs,
      );
      expect(listed!.miners[0]!.agreedScoreWad).to.equal(0n);
      expect(unlisted!.miners[0]!.agreedScoreWad).to.equal(NEUTRAL);
      expect([listed!.stakers[0]!.unscoredFeesWei, unlisted!.stakers[0]!.unscoredFeesWei]).to.deep.equal([1n, 2n]);
    });

    for (const [what, payload, minersAtCommit] of saysNothing) {
      it(`but ${what} count its stake as revealed, no miner as scored, and all fees as unscored`, () => {
        const { inputs } = assembleInputs(facts([validator(alba, payload, { minersAtCommit })]), funds, noBonds);
        expect(inputs.validators).to.deep.equal({ activeStakeWei: 100n, revealedStakeWei: 100n });
        expect(inputs.stakers.map(({ account, unscoredFeesWei }) => [account, unscoredFeesWei])).to.deep.equal([
          [alba, 3n],
        ]);
        expect(inputs.miners.map(({ performance }) => performance)).to.deep.equal([0n, 0n, 0n]);
        expect(inputs.miners.map(({ agreedScoreWad }) => agreedScoreWad)).to.deep.equal([NEUTRAL, NEUTRAL, NEUTRAL]);
      });
    }
  });

  describe("of a validator that did not reveal, absent or jailed", () => {
    it("count its stake as active, and its score as neutral", () => {
      const silent = validator(bruno, null, { ownWei: 99n, totalWei: 99n });
      const { inputs } = assembleInputs(facts([validator(alba, payloadOf(65_535, 0)), silent]), funds, noBonds);
      expect(inputs.validators).to.deep.equal({ activeStakeWei: 199n, revealedStakeWei: 100n });
      expect(inputs.stakers.map(({ account }) => account)).to.deep.equal([alba]);
      expect(inputs.miners.map(({ agreedScoreWad }) => agreedScoreWad)).to.deep.equal([WAD, 0n, NEUTRAL]);
    });

    it("leave every score neutral if less than half of the stake revealed", () => {
      const silent = validator(bruno, null, { totalWei: 101n });
      const epoch = facts([validator(alba, payloadOf(65_535, 0)), silent]);
      expect(agreed(epoch)).to.deep.equal([NEUTRAL, NEUTRAL, NEUTRAL]);
      expect(assembleInputs(epoch, funds, noBonds).inputs.miners.map(({ performance }) => performance)).to.deep.equal([
        0n,
        0n,
        0n,
      ]);
    });
  });

  for (const rule of ["stake", "yuma2", "yuma3"] as const) {
    it(`have agreed scores that don't depend on the policy's kappaU16 under the rule ${rule}`, () => {
      const opposed = [
        validator(alba, payloadOf(65_535, 100), { totalWei: 60n }),
        validator(bruno, payloadOf(100, 65_535), { totalWei: 40n }),
      ];
      const epoch = facts(opposed, rule);
      const inputsWith = (kappaU16: number) =>
        assembleInputs({ ...epoch, policy: { ...epoch.policy, kappaU16 } }, funds, noBonds).inputs;
      for (const kappaU16 of [20_000, 32_767, 60_000]) {
        const { miners } = inputsWith(kappaU16);
        expect(miners.map(({ agreedScoreWad }) => agreedScoreWad)).to.deep.equal([WAD, scoreWad(100), NEUTRAL]);
      }
      expect(inputsWith(60_000).miners[0]!.performance).not.to.equal(inputsWith(32_767).miners[0]!.performance);
    });

    it(`measure performance by scores times unproven fees under ${rule} and the miner rule "work", without a mask`, () => {
      // 60 000 · 2 against 40 000 · 1: 65 535 and ⌊65 535 / 3⌋ of 87 380; alba is also the first miner.
      const epoch = facts([validator(milo, payloadOf(60_000, 40_000, 65_535))], rule);
      expect(assembleInputs(epoch, funds, noBonds).scored.incentive).to.deep.equal([
        3_221_225_472n,
        1_073_741_824n,
        0n,
      ]);
    });

    it(`measure performance by scores alone under ${rule} and the miner rule "incentive", without absent validators`, () => {
      const validators = [validator(alba, payloadOf(100, 300)), validator(bruno, null, { totalWei: 1_000n })];
      expect(assembleInputs(facts(validators, rule, "incentive"), funds, noBonds).scored.incentive).to.deep.equal([
        1_073_741_824n,
        3_221_225_472n,
        0n,
      ]);
    });
  }

  it('don\'t mask a validator\'s score of itself under the rules "incentive" and "stake"', () => {
    const { scored } = assembleInputs(facts([validator(milo, payloadOf(7))], "stake", "incentive"), funds, noBonds);
    expect(scored.incentive).to.deep.equal([2n ** 32n, 0n, 0n]);
  });

  for (const rule of ["yuma2", "yuma3"] as const) {
    describe(`under the rule ${rule}`, () => {
      const dividendsOf = (validators: readonly ValidatorFacts[], before = noBonds) =>
        assembleInputs(facts(validators, rule), funds, before).inputs.stakers.map(({ dividend }) => dividend!);

      it("give every validator that revealed its dividend, and bonds for the next epoch", () => {
        const two = [validator(alba, payloadOf(60_000, 20_000)), validator(bruno, payloadOf(60_000, 20_000))];
        const { bonds } = assembleInputs(facts(two, rule), funds, noBonds);
        const [first, second] = dividendsOf(two);
        expect(first! > 0n).to.equal(true);
        expect(second).to.equal(first);
        expect([...bonds.keys()]).to.deep.equal([alba, bruno]);
        expect([...bonds.get(alba)!.columns]).to.deep.equal([0, 1]);
      });

      it('ignore a validator\'s score of itself as a miner under the miner rule "incentive"', () => {
        const epoch = facts([validator(milo, payloadOf(65_535))], rule, "incentive");
        expect(assembleInputs(epoch, funds, noBonds).scored.incentive).to.deep.equal([0n, 0n, 0n]);
        expect(agreed(epoch)[0]).to.equal(WAD);
      });

      it("give a dividend only to validators that revealed, not to an absent one that has bonds", () => {
        const row = rowFrom([[0, 65_535]]);
        const before: Bonds = new Map([
          [alba, row],
          [bruno, row],
        ]);
        const validators = [validator(alba, payloadOf(60_000)), validator(bruno, null)];
        expect(dividendsOf(validators, before)).to.have.length(1);
      });

      it("carry bonds: a validator that held them before earns more than a new one", () => {
        const two = [validator(alba, payloadOf(60_000, 20_000)), validator(bruno, payloadOf(60_000, 20_000))];
        const before: Bonds = new Map([
          [
            bruno,
            rowFrom([
              [0, 65_535],
              [1, 65_535],
            ]),
          ],
        ]);
        const [first, second] = dividendsOf(two, before);
        expect(second! > first!).to.equal(true);
      });

      it("keep the bonds of a seated validator that did not reveal, and drop those of one without a seat", () => {
        const row = rowFrom([[0, 40_000]]);
        const before: Bonds = new Map([
          [bruno, row],
          [chiara, row],
        ]);
        const validators = [validator(alba, payloadOf(60_000)), validator(bruno, null)];
        const { bonds } = assembleInputs(facts(validators, rule), funds, before);
        expect([...bonds.keys()]).to.deep.equal([alba, bruno]);
        expect([...bonds.get(bruno)!.columns]).to.deep.equal([0]);
      });
    });
  }

  for (const [rule, ruleBefore] of [
    ["yuma2", "yuma3"],
    ["yuma3", "yuma2"],
    ["yuma3", "stake"],
  ] as const) {
    it(`start without bonds in the first epoch under ${rule} after ${ruleBefore}`, () => {
      const epoch = { ...facts([validator(alba, payloadOf(60_000, 20_000))], rule), ruleBefore };
      const before: Bonds = new Map([[alba, rowFrom([[2, 65_535]])]]);
      expect(assembleInputs(epoch, funds, before)).to.deep.equal(assembleInputs(epoch, funds, noBonds));
    });
  }

  it("drop all bonds when a Yuma rule ends", () => {
    const before: Bonds = new Map([[alba, rowFrom([[0, 65_535]])]]);
    const { bonds, inputs } = assembleInputs(facts([validator(alba, payloadOf(1))]), funds, before);
    expect(bonds.size).to.equal(0);
    expect(inputs.stakers[0]).not.to.have.property("dividend");
  });
});
