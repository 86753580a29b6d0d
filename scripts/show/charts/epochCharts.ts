import { type ExplainedEpoch } from "../../keeper/settle/explainedEpochs";
import { type EpochFigures } from "../../keeper/facts/figures";
import { type Ratio, wadDown } from "../../core/fixedPoint";
import { hasQuality } from "../shares";
import { type ChartData, type ChartSeries, colours, mdtNumber, percentNumber } from "./chartData";

/** What settled epochs are looked at by. */
export function epochCharts(epochs: readonly ExplainedEpoch[]): readonly ChartData[] {
  const amounts = (
    name: string,
    kind: ChartSeries["kind"],
    wei: (figures: EpochFigures) => bigint,
    colour?: number,
  ): ChartSeries => ({
    name,
    ...(colour === undefined ? {} : { colour }),
    kind,
    values: epochs.map(({ figures }) => mdtNumber(wei(figures))),
  });
  const chart = (title: string, unit: string, series: readonly ChartSeries[], stacked = false): ChartData => ({
    title,
    xTitle: "Epoch",
    unit,
    xs: epochs.map(({ figures }) => figures.epoch),
    series,
    stacked,
  });
  return [
    chart("Utility and its three parts", "%", utilityParts(epochs), true),
    chart("Emission and its ceiling", "MDT", [
      amounts("Emission", "area", ({ emissionWei }) => emissionWei),
      ceiling(epochs),
    ]),
    chart(
      "Where the emission came from",
      "MDT",
      [
        amounts("Minted", "bars", ({ mintedWei }) => mintedWei, colours.minted),
        amounts("Recycled", "bars", ({ recycledWei }) => recycledWei, colours.recycled),
      ],
      true,
    ),
    chart(
      "Where the emission went",
      "MDT",
      [
        amounts("Miners", "bars", ({ minerRewardsWei }) => minerRewardsWei, colours.miners),
        amounts("Validators", "bars", ({ validatorRewardsWei }) => validatorRewardsWei, colours.validators),
        amounts("DAO", "bars", ({ daoWei }) => daoWei, colours.dao),
        amounts("Burned", "bars", ({ burnedWei }) => burnedWei, colours.burned),
        amounts("Returned", "bars", ({ returnedWei }) => returnedWei, colours.returned),
      ],
      true,
    ),
    chart("Quality and its threshold", "%", [quality(epochs), threshold(epochs)]),
    chart("Minted, recycled and burned so far", "MDT", [
      sumsOf("Minted", epochs, ({ mintedWei }) => mintedWei, colours.minted),
      sumsOf("Recycled", epochs, ({ recycledWei }) => recycledWei, colours.recycled),
      sumsOf("Burned", epochs, ({ burnedWei }) => burnedWei, colours.burned),
    ]),
    {
      ...chart("Supply", "MDT", [amounts("Total supply", "line", ({ totalSupplyWei }) => totalSupplyWei)]),
      zoomed: true,
    },
  ];
}

/** What each factor added to the utility. */
function utilityParts(epochs: readonly ExplainedEpoch[]): readonly ChartSeries[] {
  const names = ["Task volume", "Difficulty", "Participation"];
  return names.map((name, index) => ({
    name,
    kind: "area",
    values: epochs.map(({ computed }) => {
      if (computed === null) return null;
      const { taskScore, difficulty, participation } = computed.result.utility;
      const factor: Ratio = [taskScore, difficulty, participation][index]!;
      const weightBps = BigInt(computed.inputs.policy.weightsBps[index]!);
      return percentNumber(wadDown({ ...factor, numerator: factor.numerator * weightBps }) / 10_000n);
    }),
  }));
}

function ceiling(epochs: readonly ExplainedEpoch[]): ChartSeries {
  return {
    name: "Ceiling",
    kind: "line",
    dashed: true,
    colour: colours.reference,
    values: epochs.map(({ computed }) => (computed === null ? null : mdtNumber(computed.result.emission.ceilingWei))),
  };
}

function quality(epochs: readonly ExplainedEpoch[]): ChartSeries {
  const valueOf = (figures: EpochFigures) => (hasQuality(figures) ? percentNumber(figures.qualityWad) : null);
  return { name: "Quality", kind: "line", values: epochs.map(({ figures }) => valueOf(figures)) };
}

/** Below it a part of the emission is burned. */
function threshold(epochs: readonly ExplainedEpoch[]): ChartSeries {
  const values = epochs.map(({ computed }) =>
    computed === null ? null : computed.inputs.policy.qualityThresholdBps / 100,
  );
  return { name: "Threshold", kind: "line", dashed: true, colour: colours.reference, values };
}

/** Sums from the first epoch on; each is exact before it becomes a number. */
function sumsOf(
  name: string,
  epochs: readonly ExplainedEpoch[],
  wei: (figures: EpochFigures) => bigint,
  colour: number,
): ChartSeries {
  let sumWei = 0n;
  const values = epochs.map(({ figures }) => {
    sumWei += wei(figures);
    return mdtNumber(sumWei);
  });
  return { name, kind: "line", colour, values };
}
