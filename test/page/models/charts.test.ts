import { expect } from "chai";
import { explainUtility } from "../../../scripts/show/epochStory";
import { type HistoryAnswer } from "../../../scripts/page/api";
import {
  ceilingWei,
  earnedChart,
  emissionChart,
  flowsChart,
  mostPoints,
  thinned,
} from "../../../scripts/page/models/charts";

const MDT = 10n ** 18n;
const schedule = { baseRewardWei: 1_000n * MDT, halvingIntervalEpochs: 8 };

describe("The page's model of charts", () => {
  it("computes the schedule's ceiling before and after a halving, down to zero", () => {
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

  it("draws the ceiling of the emission, and cumulative flows", () => {
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

  it("draws a limited number of points: each is the mean of several epochs in a row, or the value of the last of them", () => {
    const count = 3 * mostPoints - 1;
    const xs = Array.from({ length: count }, (_, x) => x);
    const chart = {
      ...{ title: "Utility", xTitle: "Epoch", unit: "%", xs },
      series: [{ name: "U", kind: "line" as const, values: xs.map((x) => (x === 1 ? null : x)) }],
    };
    expect(thinned({ ...chart, xs: xs.slice(0, mostPoints) }, "mean").xs).to.have.lengthOf(mostPoints);
    const mean = thinned(chart, "mean");
    expect([mean.title, mean.xs.length]).to.deep.equal(["Utility, mean of 3 epochs", mostPoints]);
    expect(mean.xs.slice(0, 3)).to.deep.equal([1, 4, 7]);
    expect(mean.series[0]!.values.slice(0, 3)).to.deep.equal([0, 3, 6]);
    const last = thinned(chart, "last");
    expect([last.title, last.xs.at(-1), last.series[0]!.values.at(-1)]).to.deep.equal([
      "Utility",
      count - 1,
      count - 1,
    ]);
    expect(last.series[0]!.values.slice(0, 2), "no value is none, and not zero").to.deep.equal([null, 4]);
  });

  it("draws an account's earnings by source, if at least two epochs are known and any earned something", () => {
    const earned = (epoch: number, minerWei: bigint, stakeWei: bigint) => ({
      ...{ kind: "known", epoch, earnedWei: String(minerWei + stakeWei), miner: { amountWei: String(minerWei) } },
      stakes: [{ as: "delegator", amountWei: String(stakeWei) }],
    });
    const chartOf = (...epochs: unknown[]) => earnedChart(epochs as HistoryAnswer["epochs"]);
    const chart = chartOf(earned(5, 2n * MDT, MDT), { kind: "missing", epoch: 4 }, earned(3, 0n, 4n * MDT))!;
    expect(chart.xs).to.deep.equal([3, 5]);
    expect(chart.series.map(({ name, values }) => [name, values])).to.deep.equal([
      ["As a miner", [0, 2]],
      ["As a delegator", [4, 1]],
    ]);
    expect([chartOf(earned(5, MDT, 0n)), chartOf(earned(4, 0n, 0n), earned(5, 0n, 0n))]).to.deep.equal([null, null]);
  });
});
