import { type ChartData, colours, mdtNumber } from "../../show/charts/chartData";
import { sum } from "../../core/fixedPoint";
import { type HistoryAnswer } from "../api/answers";

/** What an account earned in each epoch, by where it came from; null where there are fewer than two epochs, or nothing was earned. */
export function earnedChart(epochs: HistoryAnswer["epochs"]): ChartData | null {
  const known = epochs.flatMap((one) => (one.kind === "known" ? [one] : [])).toSorted((a, b) => a.epoch - b.epoch);
  if (known.length < 2 || known.every(({ earnedWei }) => earnedWei === "0")) return null;
  const bars = (name: string, colour: number, weiOf: (one: (typeof known)[number]) => bigint) => {
    const values = known.map((one) => mdtNumber(weiOf(one)));
    return values.every((value) => value === 0) ? [] : [{ name, colour, kind: "bars" as const, values }];
  };
  const stakedWei = ({ stakes }: (typeof known)[number], as: string): bigint =>
    sum(stakes.filter((stake) => stake.as === as).map(({ amountWei }) => BigInt(amountWei)));
  return {
    title: "Earned",
    xTitle: "Epoch",
    unit: "MDT",
    stacked: true,
    xs: known.map(({ epoch }) => epoch),
    series: [
      ...bars("As a miner", colours.miners, ({ miner }) => BigInt(miner?.amountWei ?? 0)),
      ...bars("As a validator", colours.validators, (one) => stakedWei(one, "validator")),
      ...bars("As a delegator", colours.delegators, (one) => stakedWei(one, "delegator")),
    ],
  };
}
