import { useState } from "preact/hooks";
import { type MinersAnswer } from "../../api/answers";
import { getFirstMiners } from "../../api/lists";
import { useApp } from "../../context";
import { useReading } from "../../state/useReading";
import { percentOfU16 } from "../../../show/shares";
import { Account } from "../../ui/values";
import { Badge, Shown } from "../../ui/blocks";
import { type Column, DataTable } from "../../ui/dataTable";
import { signerOf } from "../../wallet/session";

type Miner = MinersAnswer["miners"][number];

/** So many miners more are asked for at once. */
const minersAtOnce = 100;

/** Miners by id, with their latest work and what consensus said of it. */
export function MinerTable() {
  const { session, version } = useApp();
  const [wanted, setWanted] = useState(minersAtOnce);
  const reading = useReading("miners", `${version}-${wanted}`, () => getFirstMiners(wanted));
  const own = signerOf(session)?.toLowerCase();
  return (
    <Shown reading={reading} what="the miners">
      {({ miners, count, standingEpoch }) =>
        miners.length === 0 ? (
          <p class="card muted">No miner has registered yet.</p>
        ) : (
          <>
            <DataTable
              caption="Table of miners"
              columns={columnsFor(own)}
              rows={miners}
              keyOf={({ minerId }) => minerId}
            />
            {miners.length >= count ? null : (
              <button
                type="button"
                onClick={() => {
                  setWanted(wanted + minersAtOnce);
                }}
              >
                Show {minersAtOnce} more of {count} miners
              </button>
            )}
            {standingEpoch === null ? null : <Legend standingEpoch={standingEpoch} />}
          </>
        )
      }
    </Shown>
  );
}

function Legend({ standingEpoch }: { readonly standingEpoch: number }) {
  return (
    <p class="muted">
      Consensus is the score that validators agreed on, incentive the part of the miners' rewards, in epoch{" "}
      {standingEpoch}.
    </p>
  );
}

function columnsFor(own: string | undefined): readonly Column<Miner>[] {
  return [
    { title: "Miner", cell: ({ minerId }) => `Miner ${minerId}` },
    { title: "Account", cell: ({ account }) => <Account address={account} isOwn={account.toLowerCase() === own} /> },
    {
      title: "Status",
      cell: ({ completedThisEpoch, completedLastEpoch }) =>
        completedThisEpoch + completedLastEpoch > 0 ? (
          <Badge tone="good">working</Badge>
        ) : (
          <Badge tone="plain">idle</Badge>
        ),
    },
    {
      title: "Consensus",
      kind: "number",
      cell: ({ standing }) => (standing === null ? "–" : percentOfU16(standing.consensusU16)),
    },
    {
      title: "Incentive",
      kind: "number",
      cell: ({ standing }) => (standing === null ? "–" : percentOfU16(standing.incentiveU16)),
    },
    { title: "Tasks this epoch", kind: "number", cell: ({ completedThisEpoch }) => completedThisEpoch },
    { title: "Tasks last epoch", kind: "number", cell: ({ completedLastEpoch }) => completedLastEpoch },
    { title: "Since epoch", kind: "number", cell: ({ activeFromEpoch }) => activeFromEpoch },
  ];
}
