import { expect } from "chai";
import { accountAt, dayOf, peopleOf, RandomNumbers, tasksWanted } from "../../../scripts/lab/simulator/days";
import { perfect } from "./scenarios";
import { parseScenario } from "../../../scripts/lab/simulator/scenario";

describe("The tasks that clients want", () => {
  const wanted = (changes: Partial<typeof perfect.tasks>, epochs: readonly number[]) =>
    epochs.map((epoch) =>
      tasksWanted({ ...perfect.tasks, perEpoch: 1_000, ...changes }, epoch, 1, new RandomNumbers(1)),
    );

  it("rise and fall linearly with the season: highest at a quarter, lowest at three quarters", () => {
    const season = { seasonBps: 2_000, seasonEpochs: 80 };
    expect(wanted(season, [0, 10, 20, 40, 60, 70, 80])).to.deep.equal([1_000, 1_100, 1_200, 1_000, 800, 900, 1_000]);
  });

  it("double every given number of epochs, linearly in between", () => {
    expect(wanted({ doublesEveryEpochs: 10 }, [0, 5, 10, 20])).to.deep.equal([1_000, 1_500, 2_000, 4_000]);
  });

  it("vary at random, by at most the scenario's share", () => {
    const tasks = { ...perfect.tasks, perEpoch: 1_000_000, noiseBps: 2_000 };
    const [random, same] = [new RandomNumbers(1), new RandomNumbers(1)];
    const draws = Array.from({ length: 200 }, () => [
      tasksWanted(tasks, 0, 1, random),
      1_000_000 + 100 * same.between(-2_000, 2_000),
    ]);
    for (const [count, expected] of draws) expect(count).to.be.closeTo(expected!, 1);
    const counts = draws.map(([count]) => count!);
    expect(Math.min(...counts)).to.be.within(800_000, 810_000);
    expect(Math.max(...counts)).to.be.within(1_190_000, 1_200_000);
  });
});

describe("Random numbers of a simulation", () => {
  it("are whole, range from the lowest to the highest, and are the same only for the same seed", () => {
    const numbers = (seed: number) => {
      const random = new RandomNumbers(seed);
      return Array.from({ length: 100 }, () => random.between(-1, 2));
    };
    expect(numbers(1)).to.deep.equal(numbers(1)).and.not.to.deep.equal(numbers(2));
    expect([...new Set(numbers(1))].sort((one, other) => one - other)).to.deep.equal([-1, 0, 1, 2]);
  });

  it("let an event happen with its chance in 10,000: never at 0, always at 10,000", () => {
    const random = new RandomNumbers(1);
    const happenings = (chanceBps: number) =>
      Array.from({ length: 50_000 }, () => random.happens(chanceBps)).filter(Boolean).length;
    expect(happenings(0)).to.equal(0);
    expect(happenings(1)).to.be.within(1, 20);
    expect(happenings(9_999)).to.be.within(49_980, 49_999);
    expect(happenings(10_000)).to.equal(50_000);
  });

  it("let an event happen its average number of times: the whole part always, and once more at random", () => {
    const random = new RandomNumbers(1);
    const times = (averageBps: number) => {
      const counts = Array.from({ length: 1_000 }, () => random.times(averageBps));
      return [...new Set(counts)].sort((one, other) => one - other);
    };
    expect([times(0), times(9_999), times(10_000), times(25_000)]).to.deep.equal([[0], [0, 1], [1], [2, 3]]);
  });
});

/** A day of the perfect scenario with some changes. */
function dayWith(changes: object, epoch = 0, random = new RandomNumbers(1)) {
  const scenario = parseScenario({ ...perfect, ...changes });
  return dayOf(scenario, peopleOf(scenario), epoch, random);
}

describe("A day of a simulated network", () => {
  const { miners, validators, tasks } = perfect;

  it("has tasks of each type by its share, floored, and the rest of the first type; miners take them in turns", () => {
    const day = dayWith({
      miners: { ...miners, accounts: 3 },
      tasks: { ...tasks, perEpoch: 7, typeSharesBps: [3_334, 3_333, 3_333] },
    });
    expect(day.tasks).to.deep.equal([
      [1, 1, 1],
      [1, 1, 0],
      [1, 0, 1],
    ]);
  });

  it("multiplies the changes of its shocks while they last", () => {
    const shocks = [
      { name: "first", fromEpoch: 2, epochs: 2, tasksBps: 5_000, skillBps: 4_000 },
      { name: "second", fromEpoch: 3, epochs: 2, tasksBps: 4_000, skillBps: 30_000, presentBps: 0 },
    ];
    const days = [1, 2, 3, 4, 5].map((epoch) => {
      const changes = { miners: { ...miners, accounts: 1, skillBps: 5_000 }, tasks: { ...tasks, perEpoch: 1_000 } };
      const day = dayWith({ ...changes, shocks }, epoch);
      return [day.tasks[2]![0], day.worthU16[0], day.scores.filter((row) => row !== null).length];
    });
    // Of 65,535 a half, a fifth, three fifths, and all, the maximum.
    expect(days).to.deep.equal([
      [1_000, 32_767, 4],
      [500, 13_107, 4],
      [200, 39_321, 0],
      [400, 65_535, 0],
      [1_000, 32_767, 4],
    ]);
  });

  it("has every validator present if a shock doubles a chance of one half", () => {
    const shocks = [{ name: "feast", fromEpoch: 0, epochs: 1, presentBps: 20_000 }];
    const many = { ...validators, accounts: 50, presentBps: 5_000 };
    const away = (changes: object) => dayWith({ validators: many, ...changes }).scores.filter((row) => row === null);
    expect(away({ shocks })).to.have.length(0);
    expect(away({}).length).to.be.within(15, 35);
  });

  it("has a validator's score differ from a miner's skill by a random error of at most the scenario's share", () => {
    const one = { miners: { ...miners, accounts: 1, skillBps: 5_000 }, validators: { ...validators, accounts: 1 } };
    const changes = { ...one, validators: { ...one.validators, errorBps: 1_000 } };
    const [random, same] = [new RandomNumbers(1), new RandomNumbers(1)];
    const seen = Array.from({ length: 200 }, () => {
      const [row] = dayWith(changes, 0, random).scores;
      // Random draws before the error: wanted tasks and the validator's presence; after it: registrations and slashing.
      same.between(0, 0);
      same.happens(10_000);
      const error = same.between(-1_000, 1_000);
      for (const averageBps of [0, 0]) same.times(averageBps);
      same.happens(0);
      expect([...row!.columns]).to.deep.equal([0]);
      expect(row!.values[0]).to.be.closeTo(32_767.5 * (1 + error / 10_000), 1);
      return row!.values[0]!;
    });
    expect(Math.min(...seen)).to.be.within(29_490, 29_700);
    expect(Math.max(...seen)).to.be.within(35_800, 36_044);
  });

  it("has as many registrations of strangers as the scenario says", () => {
    const registrations = { minersPerEpochBps: 20_000, validatorsPerEpochBps: 10_000 };
    const day = dayWith({ registrations });
    expect([day.minerRegistrations, day.validatorRegistrations]).to.deep.equal([[null, null], [null]]);
  });

  it("has a random validator slashed, or none, with the scenario's chance", () => {
    const random = new RandomNumbers(1);
    const slashed = (chanceBps: number) => {
      const slashing = { chanceBps, slashedBps: 1 };
      return new Set(Array.from({ length: 100 }, () => dayWith({ slashing }, 0, random).slashed));
    };
    expect(slashed(0)).to.deep.equal(new Set([null]));
    expect([...slashed(10_000)].sort()).to.deep.equal([0, 1, 2, 3]);
  });
});

const skillsOf = (miners: Partial<typeof perfect.miners>): readonly number[] =>
  peopleOf(parseScenario({ ...perfect, miners: { ...perfect.miners, ...miners } })).miners.map(
    ({ skillBps }) => skillBps,
  );

describe("The people of a scenario", () => {
  it("are skilled evenly from the worst miner to the best", () => {
    expect(skillsOf({ accounts: 3, skillBps: 5_000, skillSpreadBps: 2_000 })).to.deep.equal([3_000, 5_000, 7_000]);
  });

  it("have skills in whole basis points, truncated towards the average", () => {
    expect(skillsOf({ accounts: 4, skillBps: 5_000, skillSpreadBps: 1_000 })).to.deep.equal([
      4_000, 4_667, 5_333, 6_000,
    ]);
  });

  it("have the scenario's skill if there is one miner", () => {
    expect(skillsOf({ accounts: 1, skillBps: 5_000, skillSpreadBps: 2_000 })).to.deep.equal([5_000]);
  });

  it("have skills of at least 0 and at most 10,000", () => {
    expect(skillsOf({ accounts: 2, skillBps: 9_000, skillSpreadBps: 2_000 })).to.deep.equal([7_000, 10_000]);
    expect(skillsOf({ accounts: 2, skillBps: 1_000, skillSpreadBps: 2_000 })).to.deep.equal([0, 3_000]);
  });

  it("are validators from account 1, each with a tenth of the first one's stake less, down to one tenth", () => {
    const validators = { ...perfect.validators, accounts: 12, stakeMdt: "1000", commissionBps: 700 };
    const people = peopleOf(parseScenario({ ...perfect, validators }));
    expect(people.validators.map(({ account }) => account)).to.deep.equal(
      Array.from({ length: 12 }, (_, index) => accountAt(1 + index)),
    );
    const tenths = [10n, 9n, 8n, 7n, 6n, 5n, 4n, 3n, 2n, 1n, 1n, 1n];
    for (const [index, validator] of people.validators.entries()) {
      const ownWei = tenths[index]! * 100n * 10n ** 18n;
      expect(validator).to.deep.include({ ownWei, totalWei: ownWei, commissionBps: 700, delegations: [] });
    }
    expect(people.stakedWei).to.equal(5_700n * 10n ** 18n);
  });

  it("have no delegators if the scenario has none, even if it sets a delegation", () => {
    const validators = { ...perfect.validators, accounts: 1, delegatorsEach: 0, delegatedMdt: "5" };
    expect(peopleOf(parseScenario({ ...perfect, validators })).validators[0]!.delegations).to.deep.equal([]);
  });

  it("are delegators from account 10,000, with 100 accounts for each validator, and miners from account 1,000", () => {
    const validators = { ...perfect.validators, accounts: 2, delegatorsEach: 2, delegatedMdt: "7" };
    const people = peopleOf(parseScenario({ ...perfect, validators }));
    const stakeWei = 7n * 10n ** 18n;
    expect(people.validators.map(({ delegations }) => delegations)).to.deep.equal([
      [10_000, 10_001].map((number) => ({ account: accountAt(number), stakeWei })),
      [10_100, 10_101].map((number) => ({ account: accountAt(number), stakeWei })),
    ]);
    expect(people.validators[1]!.totalWei).to.equal(90_014n * 10n ** 18n);
    expect(people.stakedWei).to.equal(190_028n * 10n ** 18n);
    expect(people.miners.map(({ account }) => account)).to.deep.equal([1_000, 1_001, 1_002, 1_003].map(accountAt));
  });

  it("have accounts that differ in their first bytes", () => {
    expect(accountAt(10_101)).to.equal(`0x00002775${"00".repeat(16)}`);
  });
});
