import { type ChartData, mdtNumber, percentNumber } from "../../show/charts/chartData";
import { type EpochsAnswer, type Schedule } from "../api/answers";

type Figures = EpochsAnswer["epochs"][number];

/** Emission of settled epochs, by where it came from, below what the schedule allowed. @param epochs In ascending order. */
export function emissionChart(epochs: readonly Figures[], schedule: Schedule): ChartData {
  return {
    title: "Emission against the schedule's ceiling",
    xTitle: "Epoch",
    unit: "MDT",
    xs: epochs.map(({ epoch }) => epoch),
    stacked: true,
    series: [
      { name: "Recycled", kind: "bars", values: epochs.map(({ recycledWei }) => mdtNumber(BigInt(recycledWei))) },
      { name: "Minted", kind: "bars", values: epochs.map(({ mintedWei }) => mdtNumber(BigInt(mintedWei))) },
      {
        name: "Ceiling",
        kind: "line",
        dashed: true,
        values: epochs.map(({ epoch }) => mdtNumber(ceilingWei(schedule, epoch))),
      },
    ],
  };
}

/** Utility and quality of settled epochs, in percent. */
export function utilityChart(epochs: readonly Figures[]): ChartData {
  return {
    title: "Utility and quality",
    xTitle: "Epoch",
    unit: "%",
    xs: epochs.map(({ epoch }) => epoch),
    series: [
      { name: "Utility", kind: "line", values: epochs.map(({ utilityWad }) => percentNumber(BigInt(utilityWad))) },
      { name: "Quality", kind: "line", values: epochs.map(({ qualityWad }) => percentNumber(BigInt(qualityWad))) },
    ],
  };
}

/** The supply right after each settlement. */
export function supplyChart(epochs: readonly Figures[]): ChartData {
  return {
    title: "Supply",
    xTitle: "Epoch",
    unit: "MDT",
    zoomed: true,
    xs: epochs.map(({ epoch }) => epoch),
    series: [
      {
        name: "Total supply",
        kind: "line",
        values: epochs.map(({ totalSupplyWei }) => mdtNumber(BigInt(totalSupplyWei))),
      },
    ],
  };
}

/** What settlements minted, recycled and burned, added up from the first epoch shown. */
export function flowsChart(epochs: readonly Figures[]): ChartData {
  return {
    title: "Minted, recycled and burned by settlements, added up",
    xTitle: "Epoch",
    unit: "MDT",
    xs: epochs.map(({ epoch }) => epoch),
    series: [
      { name: "Minted", kind: "line", values: runningSums(epochs.map(({ mintedWei }) => mintedWei)) },
      { name: "Recycled", kind: "line", values: runningSums(epochs.map(({ recycledWei }) => recycledWei)) },
      { name: "Burned", kind: "line", values: runningSums(epochs.map(({ burnedWei }) => burnedWei)) },
    ],
  };
}

function runningSums(amountsWei: readonly string[]): readonly number[] {
  let sumWei = 0n;
  return amountsWei.map((amountWei) => {
    sumWei += BigInt(amountWei);
    return mdtNumber(sumWei);
  });
}

/** After so many halvings nothing is left of any amount that a word of the EVM can hold. */
const halvingsToZero = 256;

/** The most that an epoch may emit: ⌊base reward / 2^halvings⌋, as `Treasury.emissionCeiling` has it. */
export function ceilingWei({ baseRewardWei, halvingIntervalEpochs }: Schedule, epoch: number): bigint {
  return baseRewardWei >> BigInt(Math.min(Math.floor(epoch / halvingIntervalEpochs), halvingsToZero));
}
