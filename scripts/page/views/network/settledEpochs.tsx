import { useMemo, useState } from "preact/hooks";
import { type EpochsAnswer, getNewestEpochs } from "../../api";
import { useApp } from "../../context";
import { networkCharts } from "../../models/charts";
import { useReading } from "../../state/reading";
import { Chart, Loading, Section, Shown } from "../../ui/blocks";
import { hasQuality, percentOfWad } from "../../../show/amounts";
import { type Column, DataTable } from "../../ui/dataTable";

type Figures = EpochsAnswer["epochs"][number];

/** Height of the placeholder, in rows: that of four charts. */
const rowsLoading = 16;

/** Fewest epochs for charts: a curve needs two points; for a single epoch the table says all. */
const fewestInChart = 2;

/** Choices of how many of the newest epochs to show; the last one means all. */
const spans = [100, 1_000, Infinity];

/** Settled epochs, as charts and as a table. @param settledEpochs How many there are; null while unknown. */
export function SettledEpochs({ settledEpochs }: { readonly settledEpochs: number | null }) {
  const [span, setSpan] = useState(spans[0]!);
  const known = settledEpochs ?? 0;
  const wanted = Math.min(span, known);
  const reading = useReading(
    "epochs",
    `${known}-${span}`,
    settledEpochs === null ? null : () => getNewestEpochs(settledEpochs, wanted),
  );
  return (
    <Section title="Settled epochs">
      {known === 0 ? (
        <Loading what="settled epochs" rows={rowsLoading} />
      ) : (
        <>
          <SpanChoice known={known} span={span} onChoice={setSpan} />
          <Shown reading={reading} what="settled epochs" rows={rowsLoading}>
            {(epochs) => (
              <>
                {epochs.length < fewestInChart ? null : <Charts epochs={epochs} />}
                <DataTable
                  caption="Settled epochs, the newest first"
                  columns={columns}
                  rows={epochs.toReversed()}
                  keyOf={({ epoch }) => epoch}
                  atFirst={rowsAtFirst}
                />
              </>
            )}
          </Shown>
        </>
      )}
    </Section>
  );
}

/** How many epochs to show, if there are more than the smallest choice. */
function SpanChoice({
  known,
  span,
  onChoice,
}: {
  readonly known: number;
  readonly span: number;
  readonly onChoice: (span: number) => void;
}) {
  const useful = spans.filter((_, index) => index === 0 || spans[index - 1]! < known);
  if (useful.length === 1) return null;
  return (
    <div class="row" role="group" aria-label="Which epochs">
      {useful.map((one) => (
        <button
          key={one}
          type="button"
          class="choice"
          aria-pressed={one === span}
          onClick={() => {
            onChoice(one);
          }}
        >
          {one >= known ? `All ${known.toLocaleString("en")}` : `Last ${one.toLocaleString("en")}`}
        </button>
      ))}
    </div>
  );
}

function Charts({ epochs }: { readonly epochs: readonly Figures[] }) {
  const { schedule } = useApp().deployment;
  const charts = useMemo(() => networkCharts(epochs, schedule), [epochs, schedule]);
  return (
    <div class="grid">
      {charts.map((chart) => (
        <Chart key={chart.title} chart={chart} />
      ))}
    </div>
  );
}

/** Rows shown until a reader asks for the rest. */
const rowsAtFirst = 12;

const columns: readonly Column<Figures>[] = [
  { title: "Epoch", cell: ({ epoch }) => <a href={`#/network/${epoch}`}>Epoch {epoch}</a> },
  { title: "Utility", kind: "number", cell: ({ utilityWad }) => percentOfWad(BigInt(utilityWad)) },
  { title: "Quality", kind: "number", cell: (one) => (hasQuality(one) ? percentOfWad(BigInt(one.qualityWad)) : "–") },
  { title: "Emission", kind: "amount", wei: ({ emissionWei }) => emissionWei },
  { title: "Minted", isMinor: true, kind: "amount", wei: ({ mintedWei }) => mintedWei },
  { title: "Recycled", isMinor: true, kind: "amount", wei: ({ recycledWei }) => recycledWei },
  { title: "Burned", kind: "amount", wei: ({ burnedWei }) => burnedWei },
  { title: "Miners", isMinor: true, kind: "amount", wei: ({ minerRewardsWei }) => minerRewardsWei },
  { title: "Validators", isMinor: true, kind: "amount", wei: ({ validatorRewardsWei }) => validatorRewardsWei },
  { title: "Supply after", isMinor: true, kind: "amount", wei: ({ totalSupplyWei }) => totalSupplyWei },
];
