import { useState } from "preact/hooks";
import { type EpochsAnswer } from "../../api/answers";
import { percentOfWad } from "../../../show/shares";
import { type Column, DataTable } from "../../ui/dataTable";

type Figures = EpochsAnswer["epochs"][number];

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
export function EpochTable({ epochs }: { readonly epochs: readonly Figures[] }) {
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
