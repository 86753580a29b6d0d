import { expect } from "chai";
import { type Address } from "viem";
import { accountAt, type Day, dayOf, peopleOf, RandomNumbers } from "../../../scripts/lab/simulator/days";
import { EpochConsensus } from "../../../scripts/lab/simulator/epochConsensus";
import { epochSecondsOf, PolicyRun } from "../../../scripts/lab/simulator/policyRun";
import { candidatesOf } from "../../../scripts/lab/simulator/runScenario";
import { parseScenario } from "../../../scripts/lab/simulator/scenario";
import { perfect, referenceJson } from "./scenarios";

const MDT = 10n ** 18n;

/** A network of the perfect scenario with some changes, and its days. */
function network(changes: object = {}) {
  const scenario = parseScenario({ ...perfect, ...changes });
  const people = peopleOf(scenario);
  const [candidate] = candidatesOf(scenario, referenceJson);
  const run = new PolicyRun(candidate!, scenario, people.stakedWei);
  const step = (epoch: number, differences: Partial<Day> = {}) => {
    const day = { ...dayOf(scenario, people, epoch, new RandomNumbers(1)), ...differences };
    return run.step(day, new EpochConsensus(day));
  };
  return { run, step };
}

const earned = (incomes: readonly { readonly account: Address; readonly amountWei: bigint }[], account: Address) =>
  incomes.filter((income) => income.account === account).map(({ amountWei }) => amountWei);

describe("A network under a policy", () => {
  it("has registrations, spread evenly over the epoch, each pay the price at its time, for miners and validators separately", () => {
    const { step } = network();
    const stranger = accountAt(7);
    const first = step(0, { minerRegistrations: [null, stranger, null], validatorRegistrations: [null] });
    // A quarter of a day is six intervals of miners and one of validators. The second price: 5/4 MDT less (4/5)^6.
    expect(first.registrations).to.deep.equal([
      { account: null, amountWei: MDT },
      { account: stranger, amountWei: MDT },
      { account: null, amountWei: MDT },
      { account: null, amountWei: 10n * MDT },
    ]);
    expect(first.flows.poolWei).to.equal(network().step(0).flows.poolWei + 13n * MDT);
    const many = step(1, {
      minerRegistrations: Array<null>(47).fill(null),
      validatorRegistrations: [null, null, null],
    });
    const paid = many.registrations.map(({ amountWei }) => amountWei);
    // Half an hour apart, half an interval: a tenth less than 5/4 of the price before.
    expect(paid.slice(0, 3)).to.deep.equal([MDT, (MDT * 9n) / 8n, (MDT * 81n) / 64n]);
    // A quarter of a day apart, one interval: the price stays the same. From noon to 6 in the morning are three intervals.
    expect(paid.slice(47)).to.deep.equal([10n * MDT, 10n * MDT, 10n * MDT]);
  });

  it("keeps a price from one epoch to the next", () => {
    const { step } = network();
    const crowd = { minerRegistrations: Array<null>(47).fill(null) };
    const last = step(0, crowd).registrations.at(-1)!.amountWei;
    const next = step(1, { minerRegistrations: Array<null>(287).fill(null) }).registrations[0]!.amountWei;
    // From 23:30 to 00:05 are 35 minutes of an hour, in which a fifth is lost.
    const risen = (5n * last + 3n) / 4n;
    expect(next).to.equal((risen * 53n) / 60n);
  });

  it("recycles slashed stake, a share of the validator's whole stake, and has it staked again", () => {
    const slashing = { chanceBps: 0, slashedBps: 500 };
    const [without, slashed] = [network({ slashing }), network({ slashing })];
    const flows = without.step(0).flows;
    const after = slashed.step(0, { slashed: 3 }).flows;
    // A twentieth of the fourth one's stake, 70,000 MDT.
    expect(after).to.deep.equal({ ...flows, poolWei: flows.poolWei + 3_500n * MDT });
    expect(network().step(0, { slashed: 3 }).flows).to.deep.equal(flows);
  });

  it("pays each validator that is present the block rewards of its share of the slots, floored", () => {
    const { step } = network();
    const { scores, validators } = dayOf(
      parseScenario(perfect),
      peopleOf(parseScenario(perfect)),
      0,
      new RandomNumbers(1),
    );
    const { flows, incomes } = step(0, { scores: [scores[0]!, null, scores[2]!, scores[3]!] });
    // Of 288 slots 10, 9, 8 and 7 of 34 parts: 84, 76, 67 and 59, of which the second one produces none.
    expect(flows.blockRewardsWei).to.equal((84n + 67n + 59n) * 2n * MDT);
    expect(validators.map(({ account }) => earned(incomes, account)[0])).to.deep.equal([
      168n * MDT,
      undefined,
      134n * MDT,
      118n * MDT,
    ]);
  });

  it("reports the epoch's flows: fees, burns, recycling, emission, minting with block rewards, and the supply left", () => {
    const { run, step } = network({ miners: { ...perfect.miners, skillBps: 4_000 } });
    const { flows, miners } = step(0);
    // Half of 10,000 tasks' fees of 2 MDT is burned, the other half is in the pool; work below θ burns what it lacks.
    expect(flows.taskFeesWei).to.equal(20_000n * MDT);
    expect(flows.burnedWei > 10_000n * MDT).to.equal(true);
    expect([flows.recycledWei, flows.emissionWei]).to.deep.equal([5_000n * MDT, 5_000n * MDT]);
    expect([flows.mintedWei, flows.blockRewardsWei]).to.deep.equal([572n * MDT, 572n * MDT]);
    expect(flows.supplyWei).to.equal(2_100_000n * MDT + 572n * MDT - flows.burnedWei);
    expect([run.ledger.supplyWei, run.ledger.poolWei]).to.deep.equal([flows.supplyWei, flows.poolWei]);
    expect(miners.map(({ feesWei }) => feesWei)).to.deep.equal(Array(4).fill(5_000n * MDT));
  });

  it("emits by tasks and their difficulty: 2,850 MDT for half of the volume at two fifths of the difficulty", () => {
    const tasks = { ...perfect.tasks, perEpoch: 5_000, typeSharesBps: [10_000, 0, 0] };
    // 50 % · 1/2 + 30 % · 2/5 + 20 % of 5,000 MDT.
    expect(network({ tasks }).step(0).flows.emissionWei).to.equal(2_850n * MDT);
    const mixed = { ...perfect.tasks, perEpoch: 10_000, typeSharesBps: [5_000, 2_500, 2_500] };
    // 50 % + 30 % · (2 · 0.4 + 0.8 + 1) / 4 + 20 %.
    expect(network({ tasks: mixed }).step(0).flows.emissionWei).to.equal(4_475n * MDT);
  });

  it("has epochs of slotSeconds · slotsPerEpoch seconds", () => {
    const [{ config }] = candidatesOf(parseScenario(perfect), referenceJson) as [
      ReturnType<typeof candidatesOf>[number],
    ];
    expect(epochSecondsOf(config)).to.equal(86_400);
    expect(epochSecondsOf({ ...config, clock: { ...config.clock, slotSeconds: 7, slotsPerEpoch: 3 } })).to.equal(21);
  });
});
