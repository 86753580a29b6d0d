import { useMemo, useState } from "preact/hooks";
import { type EpochsAnswer } from "../../api/answers";
import { getNewestEpochs } from "../../api/newestEpochs";
import { useApp } from "../../context";
import { emissionChart, flowsChart, supplyChart, utilityChart } from "../../models/networkCharts";
import { useReading } from "../../state/useReading";
import { Chart } from "../../ui/chart";
import { Section } from "../../ui/section";
import { Shown } from "../../ui/shown";
import { EpochTable } from "./epochTable";

type Figures = EpochsAnswer["epochs"][number];

/** So many epochs more are asked for at once. */
const epochsAtOnce = 100;

/** What settled epochs came to, as charts and as a table. @param settledEpochs How many there are; null while unknown. */
export function SettledEpochs({ settledEpochs }: { readonly settledEpochs: number | null }) {
  const [wanted, setWanted] = useState(epochsAtOnce);
  const known = settledEpochs ?? 0;
  const reading = useReading(
    "epochs",
    `${known}-${wanted}`,
    settledEpochs === null ? null : () => getNewestEpochs(settledEpochs, wanted),
  );
  return (
    <Section title="Settled epochs">
      {known === 0 ? (
        <p class="card muted">
          No epoch is settled yet. One can be settled once its scores are revealed: a while after it has ended.
        </p>
      ) : (
        <Shown reading={reading} what="settled epochs">
          {(epochs) => (
            <>
              <Charts epochs={epochs} />
              <EpochTable epochs={epochs} />
              {epochs.length >= known ? null : (
                <button
                  type="button"
                  onClick={() => {
                    setWanted(wanted + epochsAtOnce);
                  }}
                >
                  Show {epochsAtOnce} earlier epochs
                </button>
              )}
            </>
          )}
        </Shown>
      )}
    </Section>
  );
}

function Charts({ epochs }: { readonly epochs: readonly Figures[] }) {
  const { schedule } = useApp().deployment;
  const charts = useMemo(
    () => [emissionChart(epochs, schedule), utilityChart(epochs), supplyChart(epochs), flowsChart(epochs)],
    [epochs, schedule],
  );
  return (
    <div class="grid">
      {charts.map((chart) => (
        <Chart key={chart.title} chart={chart} />
      ))}
    </div>
  );
}
