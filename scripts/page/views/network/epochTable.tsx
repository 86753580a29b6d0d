import { useState } from "preact/hooks";
import { type EpochsAnswer } from "../../api/answers";
import { percentOfWad } from "../../../text/shares";
import { Amount } from "../../ui/amount";
import { type Column, DataTable } from "../../ui/dataTable";

type Figures = EpochsAnswer["epochs"][number];

/** So many rows are shown until one asks for the rest. */
const rowsAtFirst = 12;

const columns: readonly Column<Figures>[] = [
  { title: "Epoch", cell: ({ epoch }) => <a href={`#/network/${epoch}`}>Epoch {epoch}</a> },
  { title: "Utility", kind: "number", cell: ({ utilityWad }) => percentOfWad(BigInt(utilityWad)) },
  { title: "Quality", kind: "number", cell: ({ qualityWad }) => percentOfWad(BigInt(qualityWad)) },
  { title: "Emission", kind: "amount", cell: ({ emissionWei }) => <Amount wei={emissionWei} /> },
  { title: "Minted", kind: "amount", cell: ({ mintedWei }) => <Amount wei={mintedWei} /> },
  { title: "Recycled", kind: "amount", cell: ({ recycledWei }) => <Amount wei={recycledWei} /> },
  { title: "Burned", kind: "amount", cell: ({ burnedWei }) => <Amount wei={burnedWei} /> },
  { title: "Miners", kind: "amount", cell: ({ minerRewardsWei }) => <Amount wei={minerRewardsWei} /> },
  { title: "Validators", kind: "amount", cell: ({ validatorRewardsWei }) => <Amount wei={validatorRewardsWei} /> },
  { title: "Supply after", kind: "amount", cell: ({ totalSupplyWei }) => <Amount wei={totalSupplyWei} /> },
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
