import { expect } from "chai";
import fc from "fast-check";
import { loadNetworkConfig } from "../../../scripts/config/loadNetworkConfig";
import { candidatesOf } from "../../../scripts/lab/simulator/runScenario";
import { dayOf, peopleOf, RandomNumbers } from "../../../scripts/lab/simulator/days";
import { EpochConsensus } from "../../../scripts/lab/simulator/epochConsensus";
import { feesIn, PolicyRun } from "../../../scripts/lab/simulator/policyRun";
import { type Candidate, parseScenario } from "../../../scripts/lab/simulator/scenario";
import { adversariesOf, attackedDay } from "../../../scripts/lab/simulator/adversaries";
import { simulationJson } from "../../../scripts/lab/simulator/describeSimulation";
import { toJson } from "../../../scripts/commands/terminal";
import { adversary, perfect, referenceJson, run } from "./scenarios";

const MDT = 10n ** 18n;
const { supply } = loadNetworkConfig("reference");

const bps = fc.integer({ min: 0, max: 10_000 });

/** Any scenario of at most five miners and validators, under any rule. */
const anyScenario = fc.record({
  seed: fc.nat(1_000),
  rule: fc.constantFrom("stake", "yuma2", "yuma3"),
  accounts: fc.integer({ min: 1, max: 5 }),
  skillBps: bps,
  presentBps: bps,
  perEpoch: fc.integer({ min: 0, max: 3_000 }),
  registrations: fc.integer({ min: 0, max: 30_000 }),
  slashedBps: bps,
  rules: fc.constantFrom("network", "described"),
  kind: fc.constantFrom("selfBuyer", "junkClient", "silentSeats", "lazyCartel", "sybilMiners"),
  shock: fc.record({ tasksBps: bps, skillBps: bps, presentBps: bps }),
});

function scenarioOf(random: typeof anyScenario extends fc.Arbitrary<infer T> ? T : never) {
  const { accounts, skillBps, presentBps, perEpoch, registrations, slashedBps, shock } = random;
  return {
    ...perfect,
    seed: random.seed,
    policies: [
      { name: "Any", rules: random.rules, versions: [{ fromEpoch: 0, policy: { validatorRule: random.rule } }] },
    ],
    miners: { accounts, peopleEach: 3, skillBps, skillSpreadBps: 3_000 },
    validators: { ...perfect.validators, accounts, presentBps, delegatorsEach: 2, errorBps: 500, commissionBps: 700 },
    tasks: { ...perfect.tasks, perEpoch, noiseBps: 2_000, seasonBps: 1_000, typeSharesBps: [3_334, 3_333, 3_333] },
    registrations: { minersPerEpochBps: registrations, validatorsPerEpochBps: registrations },
    slashing: { chanceBps: 2_000, slashedBps },
    shocks: [{ name: "a shock", fromEpoch: 5, epochs: 10, ...shock }],
    adversaries: [adversary(random.kind, { fromEpoch: 3, epochs: 12 })],
  };
}

describe("A simulated network", () => {
  it("conserves every token in every epoch, and never mints past its cap", () => {
    fc.assert(
      fc.property(anyScenario, (random) => {
        const scenario = parseScenario(scenarioOf(random));
        const people = peopleOf(scenario);
        const chance = new RandomNumbers(scenario.seed);
        const adversaries = adversariesOf(scenario, ["text", "image", "training"]);
        const theirs = adversaries.flatMap(({ validators }) => validators);
        const stakedWei = [...theirs, ...people.validators].reduce((sum, { totalWei }) => sum + totalWei, 0n);
        const policyRun = new PolicyRun(candidatesOf(scenario, referenceJson)[0]!, scenario, stakedWei);
        let supplyWei = supply.daoAllocationWei;
        let mintedWei = 0n;
        for (let epoch = 0; epoch < 20; epoch++) {
          const day = attackedDay(dayOf(scenario, people, epoch, chance), adversaries);
          const { flows, incomes } = policyRun.step(day, new EpochConsensus(day));
          supplyWei += flows.mintedWei - flows.burnedWei;
          mintedWei += flows.mintedWei;
          const paidWei = incomes.reduce((sum, { amountWei }) => sum + amountWei, 0n);
          expect(flows.supplyWei === supplyWei, "supply").to.equal(true);
          expect(flows.emissionWei + flows.blockRewardsWei === flows.recycledWei + flows.mintedWei, "sources").to.equal(
            true,
          );
          expect(paidWei <= flows.emissionWei + flows.blockRewardsWei, "paid").to.equal(true);
          expect(flows.poolWei >= 0n, "pool").to.equal(true);
          expect(supply.daoAllocationWei + mintedWei <= supply.maxSupplyWei, "cap").to.equal(true);
          const { treasuryMintableWei, blocksMintableWei } = policyRun.ledger;
          const allowedWei = supply.treasuryAllowanceWei + supply.blockRewardsAllowanceWei;
          expect(treasuryMintableWei + blocksMintableWei + mintedWei === allowedWei, "allowances").to.equal(true);
        }
      }),
      { numRuns: 12 },
    );
  });

  it("is the same to the byte for the same seed, and differs for another seed", () => {
    const noisy = { ...perfect, tasks: { ...perfect.tasks, perEpoch: 2_000, noiseBps: 2_000 } };
    const bytes = (json: unknown): string => toJson(simulationJson(run(json)));
    expect(bytes(noisy)).to.equal(bytes(noisy));
    expect(bytes(noisy)).not.to.equal(bytes({ ...noisy, seed: 2 }).replace('"seed":2', '"seed":1'));
  });

  it("is the same for a policy alone and beside other policies", () => {
    const yuma = { name: "Yuma", versions: [{ fromEpoch: 0, policy: { validatorRule: "yuma3" } }] };
    const ramp = {
      name: "Later",
      versions: [
        { fromEpoch: 0, policy: {} },
        {
          fromEpoch: 3,
          rampEpochs: 4,
          policy: { validatorRule: "yuma3", minerShareBps: 3_000, validatorShareBps: 5_000 },
        },
      ],
    };
    const base = { ...perfect, validators: { ...perfect.validators, presentBps: 7_000, errorBps: 3_000 } };
    const together = run({ ...base, policies: [{ name: "As configured" }, yuma, ramp] });
    for (const policy of [{ name: "As configured" }, yuma, ramp]) {
      const [alone] = run({ ...base, policies: [policy] }).policies;
      expect(together.policies.find(({ name }) => name === policy.name)).to.deep.equal(alone);
    }
  });

  it("emits the whole base reward if everything is perfect, and burns and recycles half of the fees", () => {
    const [year] = run(perfect, 1).policies[0]!.years;
    const slots = 286n; // of 288: shares 1000 : 900 : 800 : 700 of 3,400, each floored
    const expected = [84n, 76n, 67n, 59n].reduce((sum, leads) => sum + leads, 0n);
    expect(expected).to.equal(slots);
    expect(year).to.deep.equal({
      year: 1,
      epochs: 1,
      emissionWei: 5_000n * MDT,
      recycledWei: 5_000n * MDT, // half of 10,000 tasks · 2 MDT is 10,000 in the pool
      mintedWei: slots * 2n * MDT,
      blockRewardsWei: slots * 2n * MDT,
      burnedWei: 10_000n * MDT,
      supplyWei: (2_100_000n - 10_000n + slots * 2n) * MDT,
      inflationBps: -44, // −9,428 of 2,100,000
      medianMinerWei: 500n * MDT, // each a quarter of 40 %
      medianValidatorWei: (2_000n * MDT * 800n) / 3_400n + 67n * 2n * MDT,
      medianDelegatorWei: 0n, // there are none
      taskFeesWei: 20_000n * MDT,
    });
  });

  it("emits less during a shock: half of the tasks bring half of the volume's part", () => {
    const shocks = [{ name: "half", fromEpoch: 1, epochs: 1, tasksBps: 5_000 }];
    const { points } = run({ ...perfect, shocks }, 3).policies[0]!;
    expect(points.map(({ flows }) => flows.emissionWei)).to.deep.equal([5_000n * MDT, 3_750n * MDT, 5_000n * MDT]);
  });

  it("halves fees with the emission, rounded up as the TaskRegistry does; clients pay in proportion", () => {
    const types = [{ name: "text", difficultyBps: 4_000, minimumFeeMdt: "0.800000000000000001" }];
    const policies = [{ name: "Short", changes: { emission: { halvingIntervalEpochs: 1 }, tasks: { types } } }];
    const json = { ...perfect, policies, tasks: { ...perfect.tasks, typeSharesBps: [10_000], feeBps: 15_000 } };
    const scenario = parseScenario(json);
    const [{ config }] = candidatesOf(scenario, referenceJson) as [Candidate];
    // ⌈minimum / 2^h⌉, and half as much again, floored.
    expect([0, 1, 2].map((epoch) => feesIn(epoch, config, scenario))).to.deep.equal([
      [1_200_000_000_000_000_001n],
      [600_000_000_000_000_001n],
      [300_000_000_000_000_001n],
    ]);
    const { points } = run(json, 2).policies[0]!;
    expect(points.map(({ flows }) => flows.taskFeesWei)).to.deep.equal([
      10_000n * 1_200_000_000_000_000_001n,
      10_000n * 600_000_000_000_000_001n,
    ]);
  });

  it("pays miners at most half of the fees of their work", () => {
    const tasks = { ...perfect.tasks, perEpoch: 100 };
    const [year] = run({ ...perfect, tasks }, 1).policies[0]!.years;
    expect(year!.medianMinerWei).to.equal(25n * MDT); // 25 tasks · 2 MDT, of which half
  });

  it("scores under another threshold as it would alone, even with shared consensus", () => {
    const strict = {
      name: "Strict",
      versions: [
        { fromEpoch: 0, policy: { qualityThresholdBps: 5_500, minerShareBps: 3_000, validatorShareBps: 5_000 } },
      ],
    };
    const json = { ...perfect, validators: { ...perfect.validators, presentBps: 4_000 }, seed: 3 };
    const together = run({ ...json, policies: [{ name: "As configured" }, strict] });
    expect(together.policies[1]).to.deep.equal(run({ ...json, policies: [strict] }).policies[0]);
  });

  it("doubles demand linearly", () => {
    const tasks = { ...perfect.tasks, perEpoch: 1_000, doublesEveryEpochs: 2 };
    expect(run({ ...perfect, tasks }, 5).tasks.map(({ completed }) => completed)).to.deep.equal([
      1_000, 1_500, 2_000, 3_000, 4_000,
    ]);
  });

  it("divides a shared account's income by its people in a year's median", () => {
    const [alone] = run(perfect, 1).policies[0]!.years;
    const [shared] = run({ ...perfect, miners: { ...perfect.miners, peopleEach: 7 } }, 1).policies[0]!.years;
    expect(shared!.medianMinerWei).to.equal(alone!.medianMinerWei / 7n);
  });

  it("has at most 400 points to draw, evenly spaced, each with the tasks that were completed", () => {
    const few = {
      ...perfect,
      miners: { ...perfect.miners, accounts: 1 },
      validators: { ...perfect.validators, accounts: 1 },
      tasks: { ...perfect.tasks, perEpoch: 3 },
    };
    for (const [epochs, every, count] of [
      [400, 1, 400],
      [401, 2, 201],
    ] as const) {
      const { policies, tasks } = run(few, epochs);
      const expected = Array.from({ length: count }, (_, place) => place * every);
      for (const { points } of policies) expect(points.map(({ epoch }) => epoch)).to.deep.equal(expected);
      expect(tasks).to.deep.equal(expected.map((epoch) => ({ epoch, completed: 3 })));
    }
  });

  it("counts the tasks that adversaries buy as completed", () => {
    const adversaries = [adversary("junkClient", { fromEpoch: 1, epochs: 1 })];
    const json = { ...perfect, tasks: { ...perfect.tasks, perEpoch: 100 }, adversaries };
    expect(run(json, 3).tasks).to.deep.equal([100, 150, 100].map((completed, epoch) => ({ epoch, completed })));
  });

  it("reports its scenario, its number of epochs and their length, and its policies", () => {
    const { scenario, epochs, epochSeconds, policies } = run(perfect, 2);
    expect([scenario.name, epochs, epochSeconds]).to.deep.equal(["Perfect", 2, 86_400]);
    expect(policies.map(({ name, kind }) => [name, kind])).to.deep.equal([
      ["As configured", "policy"],
      ["Bittensor's schedule", "reference"],
      ["Fixed", "reference"],
    ]);
  });

  it("has the median incomes of one person: a miner or validator of a shared account, and a delegator", () => {
    const validators = {
      ...perfect.validators,
      peopleEach: 3,
      delegatorsEach: 2,
      delegatedMdt: "10000",
      commissionBps: 0,
    };
    const [year] = run({ ...perfect, miners: { ...perfect.miners, peopleEach: 2 }, validators }, 1).policies[0]!.years;
    expect(year!.medianMinerWei).to.equal(250n * MDT);
    // Of 40 % the third validator has 100,000 of 420,000 MDT, of which it owns 80,000; and 68 of 288 slots.
    const thirdsWei = (2_000n * MDT * 80_000n) / 420_000n + 68n * 2n * MDT;
    expect(year!.medianValidatorWei / 10n).to.equal(thirdsWei / 3n / 10n);
    expect(year!.medianDelegatorWei / 10n).to.equal((2_000n * MDT * 10_000n) / 420_000n / 10n);
  });

  it("compares attacks with the same network with honest adversaries", () => {
    const adversaries = [adversary("silentSeats", { fromEpoch: 0, epochs: 1, seats: 1, stakeMdt: "340000" })];
    const [policy, ...others] = run({ ...perfect, adversaries }, 2).policies;
    const [attack] = policy!.attacks;
    // Half of the stake is silent: participation is a half, and its half of everything goes to nobody.
    expect([attack!.earnedWei, attack!.spentWei, attack!.stakeWei]).to.deep.equal([0n, 10n * MDT, 340_000n * MDT]);
    // Honest, it had half of 2,000 MDT and of 288 slots.
    expect(attack!.honestWei + 10n * MDT).to.equal(1_000n * MDT + 288n * MDT);
    expect(others.map(({ attacks }) => attacks)).to.deep.equal([[], []]);
  });
});
