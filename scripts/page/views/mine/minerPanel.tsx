import { type Address } from "viem";
import { type HistoryAnswer, type MinersAnswer, type TasksAnswer } from "../../api";
import { useApi, useChain, usePlaceInTime } from "../../state/reading";
import { durationText } from "../../../show/moments";
import { percentOfBps, percentOfWad } from "../../../show/amounts";
import { type Column, DataTable } from "../../ui/dataTable";
import { FactList, Loading, Section, Shown } from "../../ui/blocks";
import { TaskTable } from "../taskTable";
import { Endpoint } from "../../ui/values";

type Miner = MinersAnswer["miners"][number];

/** A miner's own view: its state, its recent rewards, and its newest tasks. Empty if the account is not a miner. */
export function MinerPanel({ account, isOwn }: { readonly account: Address; readonly isOwn: boolean }) {
  const minerId = useChain(account, ({ contracts }) => contracts.taskRegistry.read.minerIdOf([account]));
  if (minerId.kind !== "ready" || minerId.value === 0) return null;
  return <KnownMiner account={account} isOwn={isOwn} minerId={minerId.value} />;
}

interface KnownMinerProps {
  readonly account: Address;
  readonly isOwn: boolean;
  readonly minerId: number;
}

function KnownMiner({ account, isOwn, minerId }: KnownMinerProps) {
  const miners = useApi<MinersAnswer>(`/v1/miners?from=${minerId - 1}&limit=1`);
  const history = useApi<HistoryAnswer>(`/v1/accounts/${account}/history?limit=8`);
  const tasks = useApi<TasksAnswer>(`/v1/tasks?miner=${minerId}&limit=10`);
  const endpoint = useChain(account, ({ contracts }) => contracts.directory.read.endpointOf([account]));
  return (
    <Section title={`Miner ${minerId}`}>
      <Shown reading={miners} what="the miner">
        {({ miners: [miner] }) =>
          // The server may look at an earlier block than the page.
          miner === undefined ? (
            <Loading what="the miner" />
          ) : (
            <Standing miner={miner} isOwn={isOwn} endpoint={endpoint.kind === "ready" ? endpoint.value : undefined} />
          )
        }
      </Shown>
      <Shown reading={history} what="its last epochs">
        {({ epochs }) => <LastEpochs epochs={epochs} />}
      </Shown>
      <Shown reading={tasks} what="its tasks">
        {({ tasks: newest }) =>
          newest.length === 0 ? (
            <p class="card muted">It has no tasks yet.</p>
          ) : (
            <TaskTable caption={`The newest tasks of miner ${minerId}`} tasks={newest} />
          )
        }
      </Shown>
    </Section>
  );
}

function Standing({
  miner,
  isOwn,
  endpoint,
}: {
  readonly miner: Miner;
  readonly isOwn: boolean;
  readonly endpoint: string | undefined;
}) {
  const place = usePlaceInTime();
  const isActive = place?.kind === "running" && place.epoch >= miner.activeFromEpoch;
  const { openTasks, completedShareBps, completedTasks, missedTasks, scoreWad, latencySeconds } = miner;
  return (
    <FactList
      look="card settlement"
      facts={[
        ["State", isActive ? "active" : `may complete tasks from epoch ${miner.activeFromEpoch}`],
        ["Open tasks", isOwn && openTasks > 0 ? <a href="#/do/complete">{openTasks}, to complete</a> : openTasks],
        [
          "Completed",
          completedShareBps === null
            ? "no recent tasks"
            : `${percentOfBps(completedShareBps)} by fees, of ${completedTasks + missedTasks} tasks`,
        ],
        ["Score", scoreWad === null ? "new" : percentOfWad(BigInt(scoreWad))],
        ["Latency", latencySeconds === null ? "–" : durationText(latencySeconds)],
        ["Endpoint", <Endpoint endpoint={endpoint} isOwn={isOwn} />],
      ]}
    />
  );
}

type KnownEpoch = Extract<HistoryAnswer["epochs"][number], { readonly kind: "known" }>;
type MinerEpoch = Pick<KnownEpoch, "epoch"> & NonNullable<KnownEpoch["miner"]>;

const columns: readonly Column<MinerEpoch>[] = [
  { title: "Epoch", cell: ({ epoch }) => <a href={`#/network/${epoch}`}>Epoch {epoch}</a> },
  { title: "Score", kind: "number", cell: ({ agreedScoreWad }) => percentOfWad(BigInt(agreedScoreWad)) },
  { title: "Fees", kind: "amount", wei: ({ feesWei }) => feesWei },
  { title: "Reward", kind: "amount", wei: ({ amountWei }) => amountWei },
];

function LastEpochs({ epochs }: { readonly epochs: HistoryAnswer["epochs"] }) {
  const worked = epochs.flatMap((one) =>
    one.kind === "known" && one.miner !== null ? [{ epoch: one.epoch, ...one.miner }] : [],
  );
  if (worked.length === 0) return <p class="card muted">It took no part in the last settled epochs.</p>;
  return (
    <DataTable
      caption="Scores and rewards of the last epochs"
      columns={columns}
      rows={worked}
      keyOf={({ epoch }) => epoch}
    />
  );
}
