import { useEffect, useRef } from "preact/hooks";
import { type ChartData } from "../../show/charts/chartData";
import { drawChart } from "../charts/drawChart";

/** A chart, drawn again when another `chart` is given. */
export function Chart({ chart }: { readonly chart: ChartData }) {
  const container = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const drawn = drawChart(container.current!, chart);
    return () => {
      drawn.destroy();
    };
  }, [chart]);
  return <div class="card" ref={container} />;
}
