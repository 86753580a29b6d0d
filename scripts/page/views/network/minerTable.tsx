import { type MinersAnswer } from "../../api/answers";
import { useApp } from "../../context";
import { useApi } from "../../state/useApi";
import { percentOfU16 } from "../../../text/shares";
import { Account } from "../../ui/account";
import { Badge } from "../../ui/badge";
import { type Column, DataTable } from "../../ui/dataTable";
import { Shown } from "../../ui/shown";
import { signerOf } from "../../wallet/session";

type Miner = MinersAnswer["miners"][number];

/** Every miner, by id, with its latest work and what consensus said of it. */
export function MinerTable() {
  const { session } = useApp();
  const reading = useApi<MinersAnswer>("/v1/miners");
  const own = signerOf(session)?.toLowerCase();
  return (
    <Shown reading={reading} what="the miners">
      {({ miners, standingEpoch }) =>
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
            {standingEpoch === null ? null : (
              <p class="muted">
                Consensus is the score that validators agreed on, incentive the part of the miners' rewards, in epoch{" "}
                {standingEpoch}.
              </p>
            )}
          </>
        )
      }
    </Shown>
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
