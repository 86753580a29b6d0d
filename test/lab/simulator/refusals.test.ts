import { expect } from "chai";
import { loadNetworkConfig } from "../../../scripts/config/loadNetworkConfig";
import { RefusedInputError } from "../../../scripts/core/strictJson";
import { candidatesOf } from "../../../scripts/lab/simulator/runScenario";
import { parseScenario, ScenarioError } from "../../../scripts/lab/simulator/scenario";
import { adversary, perfect, referenceJson, run } from "./scenarios";

const silent = (changes: object) => ({
  name: "Silent",
  kind: "silentSeats",
  fromEpoch: 0,
  epochs: 1,
  seats: 1,
  stakeMdt: "32",
  ...changes,
});

/** A scenario's file with a number, or a list, set differently, by path: `set("miners.accounts", 0)`. */
function set(path: string, value: unknown): object {
  const json = structuredClone({
    ...perfect,
    policies: [{ name: "Mine" }],
    shocks: [{ name: "shock", fromEpoch: 0, epochs: 1 }],
    adversaries: [
      adversary("selfBuyer", { fromEpoch: 0, epochs: 1 }),
      adversary("sybilMiners", { fromEpoch: 0, epochs: 1 }),
    ],
  }) as object;
  const names = path.split(".");
  const last = names.pop()!;
  const section = names.reduce<object>((inside, name) => Reflect.get(inside, name) as object, json);
  Reflect.set(section, last, value);
  return json;
}

const policyWith = (changes: object) => ({ ...perfect, policies: [{ name: "Mine", changes }] });

/** The problem, the scenario, the type of the error, and its message. */
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
    'The policy "Mine" does not fit. Configuration "reference": The field policies[0] is a policy that pays more for a task\'s volume than its volume fee: baseReward · w1 must not exceed maxExpectedTasks · volumeFee in epoch 0.',
  ],
  [
    "an unknown field in a change",
    policyWith({ emission: { baseReward: "1" } }),
    ScenarioError,
    'The policy "Mine" does not fit. Configuration "reference": emission.baseReward: is unknown.',
  ],
  [
    "two policies with the same name",
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
    "a stake whose tenth is below the minimum",
    { ...perfect, validators: { ...perfect.validators, stakeMdt: "319" } },
    ScenarioError,
    "validators.stakeMdt must be at least ten times staking.minimumStakeMdt, since the last validator has a tenth of it.",
  ],
  [
    "a policy under which nobody could stake at the start",
    { ...perfect, policies: [{ name: "Poor", changes: { supply: { daoAllocationMdt: "0" } } }] },
    ScenarioError,
    'The policy "Poor" needs a supply.daoAllocationMdt: nobody could stake at the start.',
  ],
  [
    "more at stake than there is, including adversaries' stake",
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
    "a delegation of 0",
    { ...perfect, validators: { ...perfect.validators, delegatedMdt: "0" } },
    RefusedInputError,
    'The field validators.delegatedMdt must be an amount in MDT above zero, like "32" or "0.4".',
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
    "In epoch 0 people pay more than is in circulation: lower tasks.perEpoch, its growth, or tasks.feeBps.",
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

  it("isn't called unfit if our own code fails: the error is passed on unchanged", () => {
    const mistake = new Error("a mistake");
    const networkJson = {
      get clock(): never {
        throw mistake;
      },
    };
    expect(() => candidatesOf(parseScenario(perfect), networkJson)).to.throw(mistake);
  });
});

describe("A scenario's file", () => {
  const [epochs, one, tenfold] = [1_000_000, 10_000, 100_000];
  const ranges: readonly (readonly [field: string, least: number, most: number])[] = [
    ["seed", 0, 2_147_483_647],
    ["epochs", 1, epochs],
    ["miners.accounts", 1, 100],
    ["miners.peopleEach", 1, 1_000_000],
    ["miners.skillBps", 0, one],
    ["miners.skillSpreadBps", 0, one],
    ["validators.accounts", 1, 100],
    ["validators.peopleEach", 1, 1_000_000],
    ["validators.commissionBps", 0, 1_800],
    ["validators.delegatorsEach", 0, 100],
    ["validators.presentBps", 0, one],
    ["validators.errorBps", 0, one],
    ["tasks.perEpoch", 0, 1_000_000],
    ["tasks.doublesEveryEpochs", 1, epochs],
    ["tasks.seasonBps", 0, one],
    ["tasks.seasonEpochs", 1, epochs],
    ["tasks.noiseBps", 0, one],
    ["tasks.typeSharesBps.0", 0, one],
    ["registrations.minersPerEpochBps", 0, tenfold],
    ["registrations.validatorsPerEpochBps", 0, tenfold],
    ["slashing.chanceBps", 0, one],
    ["slashing.slashedBps", 0, one],
    ["shocks.0.fromEpoch", 0, 1_000_000],
    ["shocks.0.epochs", 1, epochs],
    ["shocks.0.tasksBps", 0, tenfold],
    ["shocks.0.skillBps", 0, tenfold],
    ["shocks.0.presentBps", 0, tenfold],
    ["adversaries.0.fromEpoch", 0, 1_000_000],
    ["adversaries.0.epochs", 1, epochs],
    ["adversaries.0.tasksEach", 1, 1_000_000],
    ["adversaries.0.seats", 1, 100],
    ["adversaries.1.miners", 1, 100],
  ];
  for (const [field, least, most] of ranges) {
    it(`has ${field} from ${least} to ${most}`, () => {
      expect(() => parseScenario(set(field, least))).not.to.throw();
      expect(() => parseScenario(set(field, most))).not.to.throw();
      const shown = field.replace(/\.(\d)/, "[$1]");
      for (const beyond of [least - 1, most + 1]) {
        expect(() => parseScenario(set(field, beyond)))
          .to.throw(RefusedInputError)
          .with.property("message", `The field ${shown} must be a whole number from ${least} to ${most}.`);
      }
    });
  }

  it("has clients pay at least the minimum fee, and at most ten times as much", () => {
    for (const feeBps of [10_000, 100_000])
      expect(parseScenario(set("tasks.feeBps", feeBps)).tasks.feeBps).to.equal(feeBps);
    expect(() => parseScenario(set("tasks.feeBps", 9_999)))
      .to.throw(RefusedInputError)
      .with.property("message", "The field tasks.feeBps must be at least 10000, the minimum fee.");
    expect(() => parseScenario(set("tasks.feeBps", 100_001)))
      .to.throw(RefusedInputError)
      .with.property("message", "The field tasks.feeBps must be a whole number from 0 to 100000.");
  });

  it("has one to four policies with names, at least one version if a policy lists any, and at least one share of tasks", () => {
    const policies = (count: number) =>
      set(
        "policies",
        Array.from({ length: count }, (_, place) => ({ name: `${place}` })),
      );
    expect(parseScenario(policies(4)).policies).to.have.length(4);
    for (const [json, message] of [
      [policies(0), "The field policies must have a policy."],
      [policies(5), "The field policies must have at most four policies."],
      [set("policies.0.versions", []), "The field policies[0].versions must have a version."],
      [set("tasks.typeSharesBps", []), "The field tasks.typeSharesBps must have a share."],
      [set("policies.0.name", ""), "The field policies[0].name must not be empty."],
    ] as const) {
      expect(() => parseScenario(json))
        .to.throw(RefusedInputError)
        .with.property("message", message);
    }
    expect(parseScenario(set("policies.0.name", "A")).policies[0]!.name).to.equal("A");
    expect(parseScenario(set("policies.0.versions", [{}])).policies[0]!.versions).to.deep.equal([{}]);
    expect(parseScenario(set("tasks.typeSharesBps", [10_000])).tasks.typeSharesBps).to.deep.equal([10_000]);
  });

  it("has shocks that change nothing and policies with the network's rules by default", () => {
    const { shocks, policies } = parseScenario(set("seed", 1));
    expect(shocks[0]).to.include({ tasksBps: 10_000, skillBps: 10_000, presentBps: 10_000 });
    expect(policies[0]).to.deep.equal({ name: "Mine", changes: {}, rules: "network" });
  });
});

describe("A scenario that just fits", () => {
  const limits: readonly [string, object][] = [
    ["as many seats as the network has", { ...perfect, adversaries: [silent({ seats: 50 }), silent({ seats: 46 })] }],
    ["a stake whose tenth is the minimum", { ...perfect, validators: { ...perfect.validators, stakeMdt: "320" } }],
    ["an adversary that stakes the minimum", { ...perfect, adversaries: [silent({ stakeMdt: "32" })] }],
  ];
  for (const [what, scenario] of limits) {
    it(`is accepted: ${what}`, () => {
      expect(() => candidatesOf(parseScenario(scenario), referenceJson)).not.to.throw();
    });
  }
});

describe("A scenario's policies", () => {
  const policiesOf = (...policies: object[]) => candidatesOf(parseScenario({ ...perfect, policies }), referenceJson);
  const versions = [
    { fromEpoch: 0, policy: { maxExpectedTasks: 20_000 } },
    { fromEpoch: 9, policy: { daoShareBps: 1_900, validatorShareBps: 4_100 } },
  ];

  it("are the network's own, except for the sections that they change and the versions that they list", () => {
    const [own, changed] = policiesOf(
      { name: "Own" },
      {
        name: "Changed",
        versions,
        changes: { supply: { daoAllocationMdt: "2000000" }, emission: { blockRewardMdt: "1" } },
      },
    );
    const reference = loadNetworkConfig("reference");
    expect(own).to.deep.equal({ name: "Own", config: reference });
    const { policies } = changed!.config;
    const config = { ...changed!.config, policies: undefined };
    const unchanged = { ...reference, policies: undefined };
    expect(config).to.deep.equal({
      ...unchanged,
      supply: { ...unchanged.supply, daoAllocationWei: 2_000_000n * 10n ** 18n },
      emission: { ...unchanged.emission, blockRewardWei: 10n ** 18n },
    });
    expect(
      policies.map(({ fromEpoch, policy }) => [fromEpoch, policy.maxExpectedTasks, policy.daoShareBps]),
    ).to.deep.equal([
      [0, 20_000, 2_000],
      [9, 10_000, 1_900],
    ]);
  });

  it("have the rules of the described system in every version if they choose them", () => {
    const [today, described] = policiesOf(
      { name: "Today", versions },
      { name: "Described", versions, rules: "described" },
    );
    const rules = {
      difficultyFloorTasks: 0,
      participationFloorWei: 0n,
      qualityPenaltyThresholdBps: 2_000,
      minerRule: "incentive",
      minerFeeCapBps: null,
    };
    expect(described!.config).to.deep.equal({
      ...today!.config,
      policies: today!.config.policies.map((version) => ({
        ...version,
        before: { ...version.before, ...rules },
        policy: { ...version.policy, ...rules },
      })),
    });
  });
});
