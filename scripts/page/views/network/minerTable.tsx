import { useState } from "preact/hooks";
import { getFirstMiners, type MinersAnswer } from "../../api";
import { useApp } from "../../context";
import { useReading } from "../../state/reading";
import { type RankingOrder } from "../../../core/minerRanking";
import { durationText } from "../../../show/moments";
import { percentOfBps, percentOfU16, percentOfWad } from "../../../show/amounts";
import { Account, Amount } from "../../ui/values";
import { Badge, Select, Shown } from "../../ui/blocks";
import { type Column, DataTable } from "../../ui/dataTable";

type Miner = MinersAnswer["miners"][number];

/** Miners shown at first, and added whenever a reader asks for more. */
const minersAtOnce = 12;

/** How the list can be sorted, in words. */
const orders: readonly (readonly [order: RankingOrder | "", words: string])[] = [
  ["score", "score"],
  ["", "id"],
  ["share", "completed share"],
  ["latency", "latency"],
  ["price", "price"],
];

/** Miners, with their latest work, their consensus, and how they served their clients. */
export function MinerTable() {
  const { version } = useApp();
  const [wanted, setWanted] = useState(minersAtOnce);
  const [sort, setSort] = useState<RankingOrder | undefined>("score");
  const reading = useReading("miners", `${version}-${wanted}-${sort}`, () => getFirstMiners(wanted, sort));
  return (
    <Shown reading={reading} what="the miners" rows={8}>
      {({ miners, count, standingEpoch }) =>
        miners.length === 0 ? (
          <p class="card muted">No miner has registered yet.</p>
        ) : (
          <>
            <Select
              label="Sort by"
              value={sort ?? ""}
              options={orders}
              onSelect={(chosen) => {
                setSort(chosen === "" ? undefined : (chosen as RankingOrder));
              }}
            />
            <DataTable caption="Table of miners" columns={columns} rows={miners} keyOf={({ minerId }) => minerId} />
            {miners.length >= count ? null : (
              <button
                type="button"
                onClick={() => {
                  setWanted(wanted + minersAtOnce);
                }}
              >
                Show {minersAtOnce} more of {count.toLocaleString("en")} miners
              </button>
            )}
            <Legend standingEpoch={standingEpoch} />
          </>
        )
      }
    </Shown>
  );
}

function Legend({ standingEpoch }: { readonly standingEpoch: number | null }) {
  return (
    <p class="muted">
      Score, completed share, latency and price cover the last eight scored epochs and the time since. They are weighted
      by fees, excluding tasks that a miner gave itself.
      {standingEpoch === null
        ? null
        : ` Consensus is the agreed score, incentive the share of the miners' rewards, in epoch ${standingEpoch}.`}
    </p>
  );
}

const columns: readonly Column<Miner>[] = [
  { title: "Miner", cell: ({ minerId }) => `Miner ${minerId}` },
  { title: "Account", cell: ({ account }) => <Account address={account} /> },
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
    title: "Score",
    kind: "number",
    cell: ({ scoreWad }) => (scoreWad === null ? "new" : percentOfWad(BigInt(scoreWad))),
  },
  {
    title: "Completed",
    kind: "number",
    cell: ({ completedShareBps }) => (completedShareBps === null ? "–" : percentOfBps(completedShareBps)),
  },
  {
    title: "Latency",
    kind: "number",
    cell: ({ latencySeconds }) => (latencySeconds === null ? "–" : durationText(latencySeconds)),
  },
  {
    title: "Price",
    isMinor: true,
    kind: "number",
    cell: ({ priceWei }) => (priceWei === null ? "–" : <Amount wei={priceWei} />),
  },
  { title: "Open tasks", kind: "number", cell: ({ openTasks }) => openTasks },
  {
    title: "Consensus",
    isMinor: true,
    kind: "number",
    cell: ({ standing }) => (standing === null ? "–" : percentOfU16(standing.consensusU16)),
  },
  {
    title: "Incentive",
    isMinor: true,
    kind: "number",
    cell: ({ standing }) => (standing === null ? "–" : percentOfU16(standing.incentiveU16)),
  },
];
