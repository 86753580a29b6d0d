import { expect } from "chai";
import { Dice } from "../../../scripts/lab/simulator/dice";
import { tasksWanted } from "../../../scripts/lab/simulator/demand";
import { perfect } from "./scenarios";

describe("The tasks that clients want", () => {
  const wanted = (changes: Partial<typeof perfect.tasks>, epochs: readonly number[]) =>
    epochs.map((epoch) => tasksWanted({ ...perfect.tasks, perEpoch: 1_000, ...changes }, epoch, 1, new Dice(1)));

  it("rise and fall with the season on straight lines: most at a quarter, least at three quarters", () => {
    const season = { seasonBps: 2_000, seasonEpochs: 80 };
    expect(wanted(season, [0, 10, 20, 40, 60, 70, 80])).to.deep.equal([1_000, 1_100, 1_200, 1_000, 800, 900, 1_000]);
  });

  it("double every so many epochs, on straight lines in between", () => {
    expect(wanted({ doublesEveryEpochs: 10 }, [0, 5, 10, 20])).to.deep.equal([1_000, 1_500, 2_000, 4_000]);
  });
});
