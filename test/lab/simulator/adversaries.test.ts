import { expect } from "chai";
import fc from "fast-check";
import { html } from "hono/html";
import {
  actingIn,
  adversariesOf,
  type Attack,
  attackedDay,
  peacefulDay,
} from "../../../scripts/lab/simulator/adversaries";
import { accountAt, type Day, dayOf, peopleOf, RandomNumbers } from "../../../scripts/lab/simulator/days";
import { describeSimulation } from "../../../scripts/lab/simulator/describeSimulation";
import { simulationReport } from "../../../scripts/lab/simulator/simulationReport";
import { parseScenario } from "../../../scripts/lab/simulator/scenario";
import { adversary, perfect, run } from "./scenarios";

const MDT = 10n ** 18n;
const typeNames = ["text", "image", "training"];
const kinds = ["selfBuyer", "junkClient", "silentSeats", "lazyCartel", "sybilMiners"] as const;

/** A day of two honest miners and two honest validators, the second of them absent. */
function dayWith(list: readonly object[], epoch: number) {
  const scenario = parseScenario({
    ...perfect,
    miners: { ...perfect.miners, accounts: 2, skillBps: 5_000 },
    validators: { ...perfect.validators, accounts: 2 },
    tasks: { ...perfect.tasks, perEpoch: 6, typeSharesBps: [5_000, 0, 5_000] },
    adversaries: list,
  });
  const present = dayOf(scenario, peopleOf(scenario), epoch, new RandomNumbers(1));
  const day: Day = { ...present, scores: [present.scores[0]!, null] };
  const adversaries = adversariesOf(scenario, typeNames);
  return { day, adversaries, attacked: attackedDay(day, adversaries), peaceful: peacefulDay(day, adversaries) };
}

const scoresIn = ({ scores }: Day) => scores.map((row) => row && [...row.values]);

describe("The adversaries of a scenario", () => {
  const scenario = parseScenario({
    ...perfect,
    adversaries: kinds.map((kind, place) => adversary(kind, { fromEpoch: 10 - place, epochs: 3 })),
  });
  const seatsFrom = (first: number, count: number, ownWei: bigint) =>
    Array.from({ length: count }, (_, seat) => ({
      ...{ account: accountAt(first + seat), ownWei, totalWei: ownWei, commissionBps: 0, delegations: [] },
    }));
  const minersFrom = (first: number, count: number, skillBps: number) =>
    Array.from({ length: count }, (_, miner) => ({ account: accountAt(first + miner), skillBps }));

  it("are sorted by first epoch, each with seats and miners whose accounts follow from its place in the file", () => {
    const during = (fromEpoch: number) => ({ fromEpoch, untilEpoch: fromEpoch + 3 });
    expect(adversariesOf(scenario, typeNames)).to.deep.equal([
      {
        ...{ name: "A sybilMiners", kind: "sybilMiners", ...during(6), scoring: "honest", type: 0, tasksEach: 1 },
        ...{ validators: [], miners: minersFrom(1_004_500, 4, 10_000) },
      },
      {
        ...{ name: "A lazyCartel", kind: "lazyCartel", ...during(7), scoring: "ownOnly", type: 0, tasksEach: 5 },
        validators: seatsFrom(1_003_000, 2, 50_000n * MDT),
        miners: minersFrom(1_003_500, 1, 10_000),
      },
      {
        ...{ name: "A silentSeats", kind: "silentSeats", ...during(8), scoring: "silent", type: 0, tasksEach: 0 },
        ...{ validators: seatsFrom(1_002_000, 3, 32n * MDT), miners: [] },
      },
      {
        ...{ name: "A junkClient", kind: "junkClient", ...during(9), scoring: "honest", type: 0, tasksEach: 50 },
        ...{ validators: [], miners: minersFrom(1_001_500, 1, 0) },
      },
      {
        ...{ name: "A selfBuyer", kind: "selfBuyer", ...during(10), scoring: "honest", type: 2, tasksEach: 50 },
        validators: seatsFrom(1_000_000, 1, 50_000n * MDT),
        miners: minersFrom(1_000_500, 1, 10_000),
      },
    ]);
  });

  it("act from their first epoch until their last", () => {
    const acting = (epoch: number) => actingIn(adversariesOf(scenario, typeNames), epoch).map(({ kind }) => kind);
    expect([5, 6, 8, 9, 12, 13].map(acting)).to.deep.equal([
      [],
      ["sybilMiners"],
      ["sybilMiners", "lazyCartel", "silentSeats"],
      ["lazyCartel", "silentSeats", "junkClient"],
      ["selfBuyer"],
      [],
    ]);
  });
});

describe("A day with adversaries", () => {
  const two = kinds.map((kind) => adversary(kind, { fromEpoch: 2, epochs: 2 }));

  it("is the unchanged day before they come", () => {
    const { day, attacked, peaceful } = dayWith(two, 1);
    expect([attacked === day, peaceful === day]).to.deep.equal([true, true]);
  });

  it("is like the unchanged day after they have left: their miners do nothing, and nobody scores them", () => {
    const { day, attacked, peaceful } = dayWith(two, 4);
    expect(peaceful === day).to.equal(true);
    expect([attacked.validators, attacked.scores]).to.deep.equal([day.validators, day.scores]);
    expect(attacked.miners).to.have.length(2 + 1 + 1 + 1 + 4);
    expect(attacked.tasks.map((counts) => counts.slice(2))).to.deep.equal(Array(3).fill(Array(7).fill(0)));
  });

  it("keeps every miner's place if others leave: later ones follow, in any order of the file", () => {
    const list = [
      adversary("junkClient", { fromEpoch: 3, epochs: 1 }),
      adversary("sybilMiners", { fromEpoch: 0, epochs: 1, miners: 1 }),
    ];
    const { attacked } = dayWith(list, 3);
    expect(attacked.scores[0]!.columns).to.deep.equal(Uint32Array.from([0, 1, 3]));
    expect(attacked.tasks[0]).to.deep.equal([2, 1, 0, 50]);
  });

  it("has the tasks that they buy from their own miners, of their type alone", () => {
    const { attacked } = dayWith([adversary("sybilMiners", { fromEpoch: 0, epochs: 1, miners: 2, tasksEach: 7 })], 0);
    expect(attacked.tasks).to.deep.equal([
      [2, 1, 7, 7],
      [0, 0, 0, 0],
      [1, 2, 0, 0],
    ]);
  });

  it("has honest validators' scores of their work: perfect, except for junk", () => {
    const worth = (kind: string) => scoresIn(dayWith([adversary(kind, { fromEpoch: 0, epochs: 1 })], 0).attacked)[0];
    expect(worth("selfBuyer")).to.deep.equal([32_767, 32_767, 65_535]);
    expect(worth("junkClient")).to.deep.equal([32_767, 32_767, 0]);
    expect(worth("silentSeats")).to.deep.equal([32_767, 32_767]);
  });

  it("has their seats' scores: honest ones by a self-buyer, none by silent seats, and by a cartel 0 for all but its own miner", () => {
    const rows = (kind: string) =>
      scoresIn(dayWith([adversary(kind, { fromEpoch: 0, epochs: 1, seats: 1 })], 0).attacked).slice(1);
    expect(rows("selfBuyer")).to.deep.equal([null, [32_767, 32_767, 65_535]]);
    expect(rows("silentSeats")).to.deep.equal([null, null]);
    expect(rows("lazyCartel")).to.deep.equal([null, [0, 0, 65_535]]);
  });

  it("has a cartel's score of 0 for another adversary's miner", () => {
    const come = ["lazyCartel", "selfBuyer"].map((kind) => adversary(kind, { fromEpoch: 0, epochs: 1, seats: 1 }));
    const [, , cartel] = scoresIn(dayWith(come, 0).attacked);
    expect(cartel).to.deep.equal([0, 0, 65_535, 0]);
  });

  it("has their registrations in their first epoch only", () => {
    const come = [adversary("lazyCartel", { fromEpoch: 0, epochs: 2 })];
    const { attacked, adversaries } = dayWith(come, 0);
    const [{ miners, validators }] = adversaries as [(typeof adversaries)[number]];
    expect(attacked.minerRegistrations).to.deep.equal(miners.map(({ account }) => account));
    expect(attacked.validatorRegistrations).to.deep.equal(validators.map(({ account }) => account));
    const later = dayWith(come, 1).attacked;
    expect([later.minerRegistrations, later.validatorRegistrations]).to.deep.equal([[], []]);
  });

  it("has in its peaceful version their seats with honest scores, and none of their miners", () => {
    const both = [
      adversary("lazyCartel", { fromEpoch: 0, epochs: 1 }),
      adversary("junkClient", { fromEpoch: 0, epochs: 1 }),
    ];
    const { day, peaceful } = dayWith(both, 0);
    expect([peaceful.miners, peaceful.tasks]).to.deep.equal([day.miners, day.tasks]);
    expect(scoresIn(peaceful).slice(2)).to.deep.equal([
      [32_767, 32_767],
      [32_767, 32_767],
    ]);
    const clients = dayWith([adversary("junkClient", { fromEpoch: 0, epochs: 1 })], 0);
    expect(clients.peaceful === clients.day).to.equal(true);
  });
});

/** Each kind in turn, for ten epochs, beside four honest miners with 300 tasks of all types. */
const attackedNetwork = {
  ...perfect,
  epochs: 60,
  policies: [{ name: "As configured" }, { name: "As first described", rules: "described" }],
  miners: { ...perfect.miners, skillBps: 7_000, skillSpreadBps: 2_000 },
  tasks: { ...perfect.tasks, perEpoch: 300, typeSharesBps: [6_000, 3_000, 1_000] },
  adversaries: kinds.map((kind, place) => adversary(kind, { fromEpoch: 10 * place, epochs: 10 })),
};

describe("The gain of adversaries", () => {
  const { policies } = run(attackedNetwork);
  const attacksUnder = (name: string): readonly Attack[] => policies.find((policy) => policy.name === name)!.attacks;

  it("is negative for every kind under the rules as configured", () => {
    expect(attacksUnder("As configured").map(({ kind, gainWei }) => [kind, gainWei < 0n])).to.deep.equal(
      kinds.map((kind) => [kind, true]),
    );
  });

  it("is over ten times the spending, at others' cost, for sybil miners under the rules as first described", () => {
    const crowd = attacksUnder("As first described").find(({ kind }) => kind === "sybilMiners")!;
    expect(crowd.gainWei > 10n * crowd.spentWei && crowd.othersLostWei > 0n).to.equal(true);
  });

  it("is their earnings less their spending and less the earnings of honest stake", () => {
    for (const { attacks } of policies) {
      for (const { gainWei, earnedWei, spentWei, honestWei } of attacks) {
        expect(gainWei).to.equal(earnedWei - spentWei - honestWei);
      }
    }
  });

  it("includes the cost of every task that they buy, and of their registrations", () => {
    const [, junk] = attacksUnder("As configured");
    // 10 epochs · 50 tasks · 0.8 MDT, and a registration at the floor, 1 MDT, after the self-buyer's ten days before.
    expect([junk!.spentWei, junk!.stakeWei, junk!.earnedWei, junk!.honestWei]).to.deep.equal([401n * MDT, 0n, 0n, 0n]);
  });

  it("isn't reported for reference schedules, or for a scenario without adversaries", () => {
    expect(policies.slice(2).map(({ attacks }) => attacks)).to.deep.equal([[], []]);
    expect(run(perfect, 1).policies.map(({ attacks }) => attacks)).to.deep.equal([[], [], []]);
  });

  it("is shown in a table with a line for each adversary under each policy", () => {
    const simulation = run(attackedNetwork);
    expect(describeSimulation(simulation).match(/^As (configured|first described) +A \w+ /gm)).to.have.length(10);
    expect(describeSimulation(run(perfect, 1))).not.to.contain("adversaries");
  });

  it("has a card in the report, but none without adversaries", async () => {
    const bodyOf = async (json: object) => String(await html`${simulationReport(run(json, 1)).body}`);
    expect(await bodyOf(attackedNetwork))
      .to.contain("What adversaries spent")
      .and.to.contain("A lazyCartel");
    expect(await bodyOf(perfect)).not.to.contain("What adversaries spent");
  });

  const stakeMdt = fc.constantFrom("32", "20000", "170000");
  const anyAdversary = fc
    .record({
      kind: fc.constantFrom(...kinds),
      tasksEach: fc.integer({ min: 1, max: 400 }),
      type: fc.constantFrom(...typeNames),
      seats: fc.integer({ min: 1, max: 2 }),
      stakeMdt,
      miners: fc.integer({ min: 1, max: 10 }),
    })
    .map(({ kind, ...fields }) => {
      const own = Object.keys(adversary(kind, {})).filter((field) => field in fields);
      const chosen = Object.fromEntries(own.map((field) => [field, fields[field as keyof typeof fields]]));
      return adversary(kind, { fromEpoch: 1, epochs: 5, ...chosen });
    });

  it("is never above zero for any one attacker with less than half of the stake", () => {
    fc.assert(
      fc.property(anyAdversary, fc.nat(100), (one, seed) => {
        const registrations = { minersPerEpochBps: 10_000, validatorsPerEpochBps: 0 };
        const policies = [{ name: "As configured" }];
        const json = { ...attackedNetwork, seed, registrations, policies, adversaries: [one] };
        const [attack] = run(json, 7).policies[0]!.attacks;
        expect(attack!.gainWei <= 0n, `${JSON.stringify(one)} gains ${attack!.gainWei}`).to.equal(true);
      }),
      { numRuns: 25 },
    );
  });
});
