import { type ChartData } from "../../show/charts/chartData";

/** The values to draw: as they are, or with every area and every row of bars piled on those of its kind before it. */
export function drawnValues({ series, stacked = false }: ChartData): readonly (readonly (number | null)[])[] {
  if (!stacked) return series.map(({ values }) => values);
  const tops = { area: [] as number[], bars: [] as number[] };
  return series.map(({ kind, values }) => {
    if (kind === "line") return values;
    return values.map((value, index) => {
      const top = (tops[kind][index] ?? 0) + (value ?? 0);
      tops[kind][index] = top;
      return value === null ? null : top;
    });
  });
}
