import { expect } from "chai";
import { RandomNumbers, tasksWanted } from "../../../scripts/lab/simulator/days";
import { perfect } from "./scenarios";
import { peopleOf } from "../../../scripts/lab/simulator/people";
import { parseScenario } from "../../../scripts/lab/simulator/scenario";

describe("The tasks that clients want", () => {
  const wanted = (changes: Partial<typeof perfect.tasks>, epochs: readonly number[]) =>
    epochs.map((epoch) =>
      tasksWanted({ ...perfect.tasks, perEpoch: 1_000, ...changes }, epoch, 1, new RandomNumbers(1)),
    );

  it("rise and fall with the season on straight lines: most at a quarter, least at three quarters", () => {
    const season = { seasonBps: 2_000, seasonEpochs: 80 };
    expect(wanted(season, [0, 10, 20, 40, 60, 70, 80])).to.deep.equal([1_000, 1_100, 1_200, 1_000, 800, 900, 1_000]);
  });

  it("double every given number of epochs, on straight lines in between", () => {
    expect(wanted({ doublesEveryEpochs: 10 }, [0, 5, 10, 20])).to.deep.equal([1_000, 1_500, 2_000, 4_000]);
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

  it("are as skilled as the scenario says if there is one miner", () => {
    expect(skillsOf({ accounts: 1, skillBps: 5_000, skillSpreadBps: 2_000 })).to.deep.equal([5_000]);
  });

  it("are never worse than nothing or better than everything", () => {
    expect(skillsOf({ accounts: 2, skillBps: 9_000, skillSpreadBps: 2_000 })).to.deep.equal([7_000, 10_000]);
    expect(skillsOf({ accounts: 2, skillBps: 1_000, skillSpreadBps: 2_000 })).to.deep.equal([0, 3_000]);
  });
});
