import { expect } from "chai";
import { type ChartData } from "../../scripts/show/charts/chartData";
import {
  axisTexts,
  drawnValues,
  summaryOf,
  valueText,
  valueWithUnit,
  xRange,
  yRange,
} from "../../scripts/page/charts/values";

const chart: ChartData = {
  title: "Emission",
  xTitle: "Epoch",
  unit: "MDT",
  xs: [0, 1, 2],
  series: [
    { name: "Miners", kind: "bars", values: [1, 2, 3] },
    { name: "Ceiling", kind: "line", values: [9, 9, 9] },
    { name: "DAO", kind: "bars", values: [10, null, 30] },
    { name: "Burned", kind: "bars", values: [100, 200, 300] },
  ],
};

describe("A chart's numbers", () => {
  const texts: readonly [number | null, string][] = [
    [0.29, "0.29"],
    [0.99999, "0.9999"],
    [999.99999, "999.9999"],
    [1_000.9, "1,000"],
    [13_614_381.4349, "13,614,381"],
    [-1.30009, "-1.3"],
    [null, "–"],
  ];
  for (const [value, text] of texts) {
    it(`are truncated, never rounded up: ${value} is ${text}`, () => {
      expect(valueText(value)).to.equal(text);
    });
  }

  it("have their unit, if there is one", () => {
    expect([valueWithUnit(67, "%"), valueWithUnit(67, ""), valueWithUnit(null, "%")]).to.deep.equal([
      "67 %",
      "67",
      "–",
    ]);
  });

  it("are short on an axis", () => {
    expect(axisTexts([0, 0.5, 1_999, 2_500_000])).to.deep.equal(["0", "0.5", "1.999K", "2.5M"]);
    expect(axisTexts([2_500_000, 2_525_000, 2_550_000])).to.deep.equal(["2.5M", "2.525M", "2.55M"]);
    expect(axisTexts([2_500_500, 2_501_000, 2_501_500])).to.deep.equal(["2.5005M", "2.501M", "2.5015M"]);
  });
});

describe("Stacked series", () => {
  it("stand on the series of their kind before them, lines on zero, and a gap adds nothing", () => {
    expect(drawnValues({ ...chart, stacked: true })).to.deep.equal([
      [1, 2, 3],
      [9, 9, 9],
      [11, null, 33],
      [111, 202, 333],
    ]);
  });

  it("all stand on zero if the chart isn't stacked", () => {
    expect(drawnValues(chart)).to.deep.equal(chart.series.map(({ values }) => values));
  });
});

describe("A chart in words", () => {
  it("states its title, its range, and the course of each series", () => {
    expect(summaryOf({ ...chart, series: chart.series.slice(0, 3) })).to.equal(
      "Chart: Emission, epoch 0 to 2. " +
        "Miners: from 1 MDT to 3 MDT, lowest 1 MDT in epoch 0, highest 3 MDT in epoch 2. " +
        "Ceiling: 9 MDT throughout. " +
        "DAO: from 10 MDT to 30 MDT, lowest 10 MDT in epoch 0, highest 30 MDT in epoch 2.",
    );
  });

  it("says if there is no data or a series has no values", () => {
    expect(summaryOf({ ...chart, xs: [], series: [] })).to.equal("Chart: Emission. There is no data yet.");
    expect(summaryOf({ ...chart, series: [{ name: "Miners", kind: "line", values: [null, null, null] }] })).to.contain(
      "Miners: no values.",
    );
  });
});

describe("A chart's x axis", () => {
  for (const [title, xs, hasBars, range] of [
    ["ranges from the first point to the last", [3, 4, 5], false, [3, 5]],
    ["leaves half a step around bars", [3, 4, 5], true, [2.5, 5.5]],
    ["has a single point at its centre", [0], false, [-0.5, 0.5]],
    ["has a range even without points", [], true, [-0.5, 1.5]],
  ] as const) {
    it(title, () => {
      expect(xRange(xs, hasBars)).to.deep.equal(range);
    });
  }
});

describe("A chart's y axis", () => {
  it("begins at zero, with 8 % of room beyond the farthest value", () => {
    expect(yRange(40, 100)).to.deep.equal([0, 108]);
    expect(yRange(-100, 0)).to.deep.equal([-108, 0]);
    expect(yRange(null, null)).to.deep.equal([0, 1]);
  });

  it("begins near the lowest value if it is zoomed, unless all values are equal", () => {
    expect(yRange(2_500, 2_600, true)).to.deep.equal([2_492, 2_608]);
    expect(yRange(100, 100, true)).to.deep.equal([0, 108]);
  });
});
