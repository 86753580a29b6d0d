import { expect } from "chai";
import { RefusedInputError } from "../../../scripts/core/strictJson";
import { candidatesOf } from "../../../scripts/lab/simulator/runScenario";
import { parseScenario, ScenarioError } from "../../../scripts/lab/simulator/scenario";
import { perfect, referenceJson, run } from "./scenarios";

const silent = (changes: object) => ({
  name: "Silent",
  kind: "silentSeats",
  fromEpoch: 0,
  epochs: 1,
  seats: 1,
  stakeMdt: "32",
  ...changes,
});

const policyWith = (changes: object) => ({ ...perfect, policies: [{ name: "Mine", changes }] });

/** What is wrong, the scenario, the kind of error, and what it says. */
const refused: readonly [string, object, new (...args: never[]) => Error, string][] = [
  ["an unknown field", { ...perfect, sead: 1 }, RefusedInputError, "The field sead is unknown."],
  ["a missing field", { ...perfect, miners: undefined }, RefusedInputError, "The field miners is missing."],
  [
    "missing fields, all at once",
    { ...perfect, miners: undefined, name: undefined, seed: undefined },
    RefusedInputError,
    "The field name is missing, and so are seed, miners.",
  ],
  [
    "a share above one",
    { ...perfect, slashing: { chanceBps: 10_001, slashedBps: 0 } },
    RefusedInputError,
    "The field slashing.chanceBps must be a whole number from 0 to 10000.",
  ],
  [
    "a schedule that its allowance can't pay",
    policyWith({ emission: { baseRewardMdt: "5001" } }),
    ScenarioError,
    'The policy "Mine" does not fit. Configuration "reference": supply.treasuryAllowanceMdt must be at least 2 · emission.baseRewardMdt · emission.halvingIntervalEpochs, the whole schedule. 14612922 would do.',
  ],
  [
    "allowances that the cap can't hold",
    policyWith({ supply: { maxSupplyMdt: "20999999" } }),
    ScenarioError,
    'The policy "Mine" does not fit. Configuration "reference": supply.maxSupplyMdt must be at least the DAO\'s allocation and both allowances together. 21000000 would do.',
  ],
  [
    "a policy that burns more than the Treasury allows",
    { ...perfect, policies: [{ name: "Mine", versions: [{ fromEpoch: 0, policy: { qualityThresholdBps: 6_000 } }] }] },
    ScenarioError,
    'The policy "Mine" does not fit. Configuration "reference": The field policies[0] is a policy that could burn more than 7000 basis points of the emission in epoch 0.',
  ],
  [
    "tasks so cheap that buying them pays",
    policyWith({ tasks: { volumeFeeMdt: "0.249" } }),
    ScenarioError,
    'The policy "Mine" does not fit. Configuration "reference": The field policies[0] is a policy that pays for a task\'s volume more than its fee: baseReward · w1 must not exceed maxExpectedTasks · volumeFee in epoch 0.',
  ],
  [
    "an unknown field in a change",
    policyWith({ emission: { baseReward: "1" } }),
    ScenarioError,
    'The policy "Mine" does not fit. Configuration "reference": emission.baseReward: is unknown.',
  ],
  [
    "two policies of one name",
    { ...perfect, policies: [{ name: "Mine" }, { name: "Mine" }] },
    ScenarioError,
    'Two policies are named "Mine": give each a name of its own.',
  ],
  [
    "shares of task types that don't sum to one",
    { ...perfect, tasks: { ...perfect.tasks, typeSharesBps: [5_000, 4_000, 999] } },
    ScenarioError,
    'tasks.typeSharesBps must have 3 shares, one per task type of "As configured", that sum to 10000.',
  ],
  [
    "more at stake than there is",
    { ...perfect, validators: { ...perfect.validators, stakeMdt: "700000" } },
    ScenarioError,
    "validators.stakeMdt and delegatedMdt, and the stakes of adversaries, come to more than supply.daoAllocationMdt, all there is at the start.",
  ],
  [
    "a stake of which a tenth is below the minimum",
    { ...perfect, validators: { ...perfect.validators, stakeMdt: "319" } },
    ScenarioError,
    "validators.stakeMdt must be at least ten times staking.minimumStakeMdt, since the last validator has a tenth of it.",
  ],
  [
    "nobody who could stake at the start",
    { ...perfect, policies: [{ name: "Poor", changes: { supply: { daoAllocationMdt: "0" } } }] },
    ScenarioError,
    'The policy "Poor" needs a supply.daoAllocationMdt: nobody could stake at the start.',
  ],
  [
    "more at stake than there is, adversaries' stake included",
    { ...perfect, adversaries: [silent({ seats: 40, stakeMdt: "50000" })] },
    ScenarioError,
    "validators.stakeMdt and delegatedMdt, and the stakes of adversaries, come to more than supply.daoAllocationMdt, all there is at the start.",
  ],
  [
    "more adversaries' seats than there are",
    { ...perfect, adversaries: [silent({ seats: 50 }), silent({ seats: 47 })] },
    ScenarioError,
    'validators.accounts, and the seats of all adversaries, must be at most 100, the seats of "As configured".',
  ],
  [
    "an adversary that stakes too little for a seat",
    { ...perfect, adversaries: [silent({ stakeMdt: "31" })] },
    ScenarioError,
    "An adversary's stakeMdt must be at least staking.minimumStakeMdt.",
  ],
  [
    "an adversary of an unknown kind",
    { ...perfect, adversaries: [{ ...silent({}), kind: "thief" }] },
    RefusedInputError,
    "The field adversaries[0].kind must be selfBuyer, junkClient, silentSeats, lazyCartel or sybilMiners.",
  ],
  [
    "an adversary that buys tasks of an unknown type",
    {
      ...perfect,
      adversaries: [{ name: "Junk", kind: "junkClient", fromEpoch: 0, epochs: 1, tasksEach: 1, type: "audio" }],
    },
    ScenarioError,
    'The type of the adversary "Junk" must be one of text, image, training.',
  ],
  [
    "fees that nobody can pay",
    { ...perfect, tasks: { ...perfect.tasks, perEpoch: 1_000_000, feeBps: 20_000 } },
    ScenarioError,
    "In epoch 0 people pay more than all that circulates: lower tasks.perEpoch, its growth, or tasks.feeBps.",
  ],
];

describe("A scenario that can't be run", () => {
  for (const [what, scenario, kind, sentence] of refused) {
    it(`is refused, with what to change: ${what}`, () => {
      expect(() => run(scenario))
        .to.throw(kind)
        .with.property("message", sentence);
    });
  }

  it("is refused if its network has fewer seats than validators", () => {
    const staking = { ...referenceJson.staking, seats: 3 };
    expect(() => candidatesOf(parseScenario(perfect), { ...referenceJson, staking }))
      .to.throw(ScenarioError)
      .with.property(
        "message",
        'validators.accounts, and the seats of all adversaries, must be at most 3, the seats of "As configured".',
      );
  });

  it("does not hide our own mistake, which is passed on as it is", () => {
    const mistake = new Error("a mistake");
    const networkJson = {
      get clock(): never {
        throw mistake;
      },
    };
    expect(() => candidatesOf(parseScenario(perfect), networkJson)).to.throw(mistake);
  });
});
