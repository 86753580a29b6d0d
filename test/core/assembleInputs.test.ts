import { expect } from "chai";
import { type Address, concatHex, type Hex } from "viem";
import {
  assembleInputs,
  type Bonds,
  type EpochFacts,
  noBonds,
  type ValidatorFacts,
} from "../../scripts/core/assembleInputs";
import { rowFrom } from "../../scripts/core/consensus/sparseRow";
import { WAD } from "../../scripts/core/fixedPoint";
import { DEFAULT_POLICY, type ValidatorRule } from "../../scripts/core/policy/fields";
import { scoreWad } from "../../scripts/core/quality";
import { encodeScores } from "../../scripts/core/scorePayload";
import { accountOf } from "../shared/rewardLists";

const funds = { poolWei: 5n, mintableWei: 7n };
const [alba, bruno, chiara] = [accountOf(1), accountOf(2), accountOf(3)];
const [milo, nora, otto] = [accountOf(11), accountOf(12), accountOf(13)];

/** Scores for miners 1, 2, 3 …; a miner scored 0 is listed too. */
function payloadOf(...scores: readonly number[]): Hex {
  return encodeScores(scores.map((scoreU16, index) => ({ minerId: index + 1, scoreU16 })));
}

/** A validator with 100 wei of its own and nothing delegated, which committed when all miners were there. */
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

/** An epoch with three miners, of which the first completed two tasks and the second one. */
function facts(validators: readonly ValidatorFacts[], validatorRule: ValidatorRule = "stake"): EpochFacts {
  return {
    epoch: 4,
    policy: { ...DEFAULT_POLICY, validatorRule },
    ruleBefore: validatorRule,
    baseRewardWei: 1_000n,
    halvingIntervalEpochs: 8,
    tasks: { completed: 3, difficultySumBps: 12_000 },
    validators,
    miners: [
      { account: milo, completedTasks: 2 },
      { account: nora, completedTasks: 1 },
      { account: otto, completedTasks: 0 },
    ],
  };
}

function agreed(epoch: EpochFacts): readonly bigint[] {
  return assembleInputs(epoch, funds, noBonds).inputs.miners.map(({ agreedScoreWad }) => agreedScoreWad);
}

describe("An epoch's inputs assembled from its facts", () => {
  it("take over the epoch, schedule, funds, policy and tasks as they are", () => {
    const epoch = facts([]);
    expect(assembleInputs(epoch, funds, noBonds).inputs).to.deep.equal({
      epoch: 4,
      baseRewardWei: 1_000n,
      halvingIntervalEpochs: 8,
      ...funds,
      policy: epoch.policy,
      tasks: epoch.tasks,
      validators: { active: 0, revealed: 0 },
      qualityWad: WAD,
      miners: [milo, nora, otto].map((account) => ({ account, performance: 0n, agreedScoreWad: 0n })),
      stakers: [],
    });
  });

  it("average quality over completed tasks: (2 · 1 + 1 · 0) / 3", () => {
    const { inputs } = assembleInputs(facts([validator(alba, payloadOf(65_535, 0, 9))]), funds, noBonds);
    expect(inputs.qualityWad).to.equal((2n * WAD) / 3n);
  });

  it("weigh scores by own and delegated stake", () => {
    const big = validator(bruno, payloadOf(65_535), { totalWei: 101n });
    expect(agreed(facts([validator(alba, payloadOf(0)), big]))[0]).to.equal(WAD);
    expect(agreed(facts([validator(alba, payloadOf(0), { totalWei: 102n }), big]))[0]).to.equal(0n);
  });

  describe("of a validator that revealed", () => {
    it("list stake, commission and delegations, and no dividend under the stake rule", () => {
      const delegations = [{ account: chiara, stakeWei: 50n }];
      const one = validator(alba, payloadOf(1), { totalWei: 150n, commissionBps: 700, delegations });
      const { inputs, bonds } = assembleInputs(facts([one]), funds, noBonds);
      expect(inputs.stakers).to.deep.equal([{ account: alba, stakeWei: 100n, commissionBps: 700, delegations }]);
      expect(bonds).to.deep.equal(new Map());
    });

    it("nothing but a malformed payload count it as revealed, with all scores zero", () => {
      const malformed = concatHex([payloadOf(65_535), payloadOf(65_535)]);
      const unknown = encodeScores([{ minerId: 4, scoreU16: 65_535 }]);
      for (const payload of [malformed, unknown, "0x"] as const) {
        const { inputs } = assembleInputs(facts([validator(alba, payload)]), funds, noBonds);
        expect(inputs.validators).to.deep.equal({ active: 1, revealed: 1 });
        expect(inputs.stakers.map(({ account }) => account)).to.deep.equal([alba]);
        expect(inputs.miners.every(({ performance, agreedScoreWad }) => performance + agreedScoreWad === 0n)).to.equal(
          true,
        );
        expect(inputs.qualityWad).to.equal(0n);
      }
    });
  });

  describe("of a validator that did not reveal", () => {
    it("count it as active, and neither its stake nor its vote", () => {
      const silent = validator(bruno, null, { totalWei: 1_000n });
      const { inputs } = assembleInputs(facts([validator(alba, payloadOf(65_535)), silent]), funds, noBonds);
      expect(inputs.validators).to.deep.equal({ active: 2, revealed: 1 });
      expect(inputs.stakers.map(({ account }) => account)).to.deep.equal([alba]);
      expect(inputs.miners[0]!.agreedScoreWad).to.equal(WAD);
    });

    it("have quality one where nobody revealed", () => {
      expect(assembleInputs(facts([validator(alba, null)]), funds, noBonds).inputs.qualityWad).to.equal(WAD);
    });
  });

  for (const rule of ["stake", "yuma2", "yuma3"] as const) {
    it(`have agreed scores and a quality that the policy's kappaU16 does not change under the rule ${rule}`, () => {
      const opposed = [
        validator(alba, payloadOf(65_535, 100), { totalWei: 60n }),
        validator(bruno, payloadOf(100, 65_535), { totalWei: 40n }),
      ];
      const epoch = facts(opposed, rule);
      const inputsWith = (kappaU16: number) =>
        assembleInputs({ ...epoch, policy: { ...epoch.policy, kappaU16 } }, funds, noBonds).inputs;
      for (const kappaU16 of [20_000, 32_767, 60_000]) {
        const { miners, qualityWad } = inputsWith(kappaU16);
        expect(miners.map(({ agreedScoreWad }) => agreedScoreWad)).to.deep.equal([WAD, scoreWad(100), 0n]);
        expect(qualityWad).to.equal((2n * WAD + scoreWad(100)) / 3n);
      }
      expect(inputsWith(60_000).miners[0]!.performance).not.to.equal(inputsWith(32_767).miners[0]!.performance);
    });
  }

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

      it("ignore what a validator says of the miner that it is itself, which still counts towards quality", () => {
        const selfish = validator(milo, payloadOf(65_535));
        const epoch = facts([selfish], rule);
        expect(assembleInputs(epoch, funds, noBonds).scored.incentive).to.deep.equal([0n, 0n, 0n]);
        expect(agreed(epoch)[0]).to.equal(WAD);
      });

      it("ignore miners that registered after the commitment", () => {
        const early = (minersAtCommit: number) =>
          assembleInputs(facts([validator(alba, payloadOf(1, 1, 1), { minersAtCommit })], rule), funds, noBonds).scored;
        expect(early(3).incentive.map((share) => share > 0n)).to.deep.equal([true, true, true]);
        expect(early(2).incentive.map((share) => share > 0n)).to.deep.equal([true, true, false]);
      });

      it("carry bonds: who held them before earns more than who is new", () => {
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

      it("keep the bonds of an active validator that did not reveal, and drop those of one that is not active", () => {
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
