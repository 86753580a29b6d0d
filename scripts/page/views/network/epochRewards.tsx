import { type ReportAnswer } from "../../api/answers";
import { percentOfWad } from "../../../text/shares";
import { Account } from "../../ui/account";
import { Amount } from "../../ui/amount";
import { type Column, DataTable } from "../../ui/dataTable";
import { Section } from "../../ui/section";

type Reward = ReportAnswer["result"]["minerRewards"][number];
type Miner = ReportAnswer["miners"][number];

/** So many of those who were paid are shown, those with most first. */
const rowsShown = 50;

/** Who was paid for the epoch, and for miners what their work was judged to be worth. */
export function EpochRewards({ report }: { readonly report: ReportAnswer }) {
  const { minerRewards, validatorRewards } = report.result;
  const minerOf = new Map(report.miners.map((miner) => [miner.account, miner]));
  const ofMiner = (show: (miner: Miner) => string | number) => (reward: Reward) => {
    const miner = minerOf.get(reward.account);
    return miner === undefined ? "–" : show(miner);
  };
  const columns: readonly Column<Reward>[] = [
    { title: "Account", cell: ({ account }) => <Account address={account} /> },
    { title: "Tasks", kind: "number", cell: ofMiner(({ completedTasks }) => completedTasks) },
    {
      title: "Agreed score",
      kind: "number",
      cell: ofMiner(({ agreedScoreWad }) => percentOfWad(BigInt(agreedScoreWad))),
    },
    { title: "Incentive", kind: "number", cell: ofMiner(({ incentive }) => percentOfWad(wadOfBits(incentive))) },
    { title: "Reward", kind: "amount", cell: ({ amountWei }) => <Amount wei={amountWei} /> },
  ];
  return (
    <>
      <RewardSection title="Miners" columns={columns} rewards={minerRewards} />
      <RewardSection
        title="Validators and delegators"
        columns={[columns[0]!, columns.at(-1)!]}
        rewards={validatorRewards}
      />
    </>
  );
}

function RewardSection({
  title,
  columns,
  rewards,
}: {
  readonly title: string;
  readonly columns: readonly Column<Reward>[];
  readonly rewards: readonly Reward[];
}) {
  const rows = rewards.toSorted((a, b) => Number(BigInt(b.amountWei) - BigInt(a.amountWei))).slice(0, rowsShown);
  return (
    <Section title={title}>
      {rows.length === 0 ? (
        <p class="card muted">Nobody on this side was paid.</p>
      ) : (
        <DataTable caption={`Rewards of ${title.toLowerCase()}`} columns={columns} rows={rows} keyOf={keyOf} />
      )}
      {rewards.length > rows.length ? <p class="muted">and {rewards.length - rows.length} more</p> : null}
    </Section>
  );
}

function keyOf({ account }: Reward): string {
  return account;
}

/** Raw I32F32 bits, where 2^32 is 1, as WAD. */
function wadOfBits(bits: string): bigint {
  return (BigInt(bits) * 10n ** 18n) >> 32n;
}
