import { type ReportAnswer } from "../../api/answers";
import { useApp } from "../../context";
import { signerOf } from "../../wallet/session";
import { percentOfWad } from "../../../show/shares";
import { Account } from "../../ui/values";
import { type Column, DataTable } from "../../ui/dataTable";
import { Section } from "../../ui/blocks";

type Reward = ReportAnswer["stakers"][number];
type Miner = ReportAnswer["miners"][number];

const account: Column<Reward> = { title: "Account", cell: (row) => <Payee account={row.account} /> };
const reward: Column<Reward> = { title: "Reward", kind: "amount", wei: ({ amountWei }) => amountWei };

const minerColumns: readonly Column<Miner>[] = [
  account,
  { title: "Tasks", kind: "number", cell: ({ completedTasks }) => completedTasks },
  { title: "Agreed score", kind: "number", cell: ({ agreedScoreWad }) => percentOfWad(BigInt(agreedScoreWad)) },
  { title: "Fees", kind: "amount", wei: ({ feesWei }) => feesWei },
  reward,
];

/** Marked where it is one's own. */
function Payee({ account: address }: Pick<Reward, "account">) {
  const own = signerOf(useApp().session);
  return <Account address={address} isOwn={own?.toLowerCase() === address.toLowerCase()} />;
}

/** Who was paid for the epoch, and for miners what their work was judged to be worth. */
export function EpochRewards({ report: { miners, stakers, counts } }: { readonly report: ReportAnswer }) {
  return (
    <>
      <RewardSection title="Miners" columns={minerColumns} rows={miners} count={counts.miners} />
      <RewardSection
        title="Validators and delegators"
        columns={[account, reward]}
        rows={stakers}
        count={counts.stakers}
      />
    </>
  );
}

function RewardSection<Row extends Reward>({
  title,
  columns,
  rows,
  count,
}: {
  readonly title: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly count: number;
}) {
  const paid = rows.filter(({ amountWei }) => amountWei !== "0");
  return (
    <Section title={title}>
      {paid.length === 0 ? (
        <p class="card muted">Nobody in this group was paid.</p>
      ) : (
        <DataTable
          caption={`Rewards of ${title.toLowerCase()}`}
          columns={columns}
          rows={paid}
          keyOf={(row) => row.account}
        />
      )}
      {count > rows.length ? <p class="muted">and {count - rows.length} more, who were paid less</p> : null}
    </Section>
  );
}
