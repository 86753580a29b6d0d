import { useMemo, useState } from "preact/hooks";
import { type EpochsAnswer } from "../../api/answers";
import { getNewestEpochs } from "../../api/lists";
import { useApp } from "../../context";
import { emissionChart, flowsChart, supplyChart, utilityChart } from "../../models/networkCharts";
import { useReading } from "../../state/useReading";
import { Chart } from "../../ui/chart";
import { Section, Shown } from "../../ui/blocks";
import { percentOfWad } from "../../../show/shares";
import { type Column, DataTable } from "../../ui/dataTable";

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

/** So many rows are shown until one asks for the rest. */
const rowsAtFirst = 12;

const columns: readonly Column<Figures>[] = [
  { title: "Epoch", cell: ({ epoch }) => <a href={`#/network/${epoch}`}>Epoch {epoch}</a> },
  { title: "Utility", kind: "number", cell: ({ utilityWad }) => percentOfWad(BigInt(utilityWad)) },
  { title: "Quality", kind: "number", cell: ({ qualityWad }) => percentOfWad(BigInt(qualityWad)) },
  { title: "Emission", kind: "amount", wei: ({ emissionWei }) => emissionWei },
  { title: "Minted", isMinor: true, kind: "amount", wei: ({ mintedWei }) => mintedWei },
  { title: "Recycled", isMinor: true, kind: "amount", wei: ({ recycledWei }) => recycledWei },
  { title: "Burned", kind: "amount", wei: ({ burnedWei }) => burnedWei },
  { title: "Miners", isMinor: true, kind: "amount", wei: ({ minerRewardsWei }) => minerRewardsWei },
  { title: "Validators", isMinor: true, kind: "amount", wei: ({ validatorRewardsWei }) => validatorRewardsWei },
  { title: "Supply after", isMinor: true, kind: "amount", wei: ({ totalSupplyWei }) => totalSupplyWei },
];

/** Settled epochs, the newest first; each leads to its story. @param epochs In ascending order. */
function EpochTable({ epochs }: { readonly epochs: readonly Figures[] }) {
  const [isWhole, setIsWhole] = useState(false);
  const rows = epochs.toReversed().slice(0, isWhole ? undefined : rowsAtFirst);
  return (
    <>
      <DataTable
        caption="Settled epochs, the newest first"
        columns={columns}
        rows={rows}
        keyOf={({ epoch }) => epoch}
      />
      {rows.length === epochs.length ? null : (
        <button
          type="button"
          onClick={() => {
            setIsWhole(true);
          }}
        >
          Show all {epochs.length} rows
        </button>
      )}
    </>
  );
}
