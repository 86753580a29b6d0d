import { expect } from "chai";
import { explainUtility } from "../../../scripts/show/explainUtility";
import { ceilingWei, emissionChart, flowsChart } from "../../../scripts/page/models/networkCharts";

const MDT = 10n ** 18n;
const schedule = { baseRewardWei: 1_000n * MDT, halvingIntervalEpochs: 8 };

describe("What the page makes of figures", () => {
  it("knows the schedule's ceiling before and after each halving, down to nothing", () => {
    expect(ceilingWei(schedule, 7)).to.equal(1_000n * MDT);
    expect(ceilingWei(schedule, 8)).to.equal(500n * MDT);
    expect(ceilingWei(schedule, 8 * 300)).to.equal(0n);
  });

  it("explains a utility by its three parts: the worked example of 0.67", () => {
    const policy = {
      weightsBps: [5_000, 3_000, 2_000] as [number, number, number],
      maxExpectedTasks: 10_000,
      difficultyFloorTasks: 0,
      participationFloorWei: 0n,
    };
    const stake = { activeStakeWei: 10n * MDT, revealedStakeWei: 9n * MDT };
    const counters = { completed: 5_000, difficultySumBps: 40_000_000 };
    const { utilityWad, parts } = explainUtility(counters, stake, policy);
    expect(utilityWad).to.equal(67n * 10n ** 16n);
    expect(parts.map(({ valueWad }) => valueWad)).to.deep.equal([5n, 8n, 9n].map((tenths) => tenths * 10n ** 17n));
    expect(parts[2]!.because).to.equal("9 of 10 MDT at stake revealed");
    const floors = { ...policy, difficultyFloorTasks: 8_000, participationFloorWei: 20n * MDT };
    const [, difficulty, participation] = explainUtility(counters, stake, floors).parts;
    expect(difficulty!.because).to.equal("on average over 5000 tasks, counted as 8000");
    expect(participation!.because).to.equal("9 of 10 MDT at stake revealed, counted as of 20");
    expect(participation!.valueWad).to.equal(45n * 10n ** 16n);
  });

  it("draws emission below its ceiling, and flows added up", () => {
    const figures = (epoch: number, minted: bigint, burned: bigint) => ({
      epoch,
      utilityWad: "0",
      qualityWad: "0",
      emissionWei: "0",
      mintedWei: (minted * MDT).toString(),
      recycledWei: "0",
      burnedWei: (burned * MDT).toString(),
      minerRewardsWei: "0",
      validatorRewardsWei: "0",
      daoWei: "0",
      returnedWei: "0",
      totalSupplyWei: "0",
    });
    const epochs = [figures(7, 5n, 1n), figures(8, 2n, 3n)];
    const ceiling = emissionChart(epochs, schedule).series.find(({ name }) => name === "Ceiling");
    expect(ceiling!.values).to.deep.equal([1_000, 500]);
    const sums = flowsChart(epochs).series.map(({ name, values }) => [name, values]);
    expect(sums).to.deep.equal([
      ["Minted", [5, 7]],
      ["Recycled", [0, 0]],
      ["Burned", [1, 4]],
    ]);
  });
});
