import { type ReportAnswer } from "../../api";
import { percentOfBits, percentOfWad, shareWad } from "../../../show/amounts";
import { Account } from "../../ui/values";
import { type Column, DataTable } from "../../ui/dataTable";
import { Badge, Section } from "../../ui/blocks";

type Reward = ReportAnswer["stakers"][number];
type Miner = ReportAnswer["miners"][number];
type Validator = ReportAnswer["validators"][number];

const account: Column<Reward> = { title: "Account", cell: (row) => <Account address={row.account} /> };
const reward: Column<Reward> = { title: "Reward", kind: "amount", wei: ({ amountWei }) => amountWei };

/** Miners' work, and what validators agreed on: nothing, if nobody revealed. */
function minerColumns(isJudged: boolean): readonly Column<Miner>[] {
  const judged = (text: string): string => (isJudged ? text : "–");
  return [
    account,
    { title: "Tasks", kind: "number", cell: ({ completedTasks }) => completedTasks },
    {
      title: "Agreed score",
      kind: "number",
      cell: ({ agreedScoreWad }) => judged(percentOfWad(BigInt(agreedScoreWad))),
    },
    { title: "Incentive", isMinor: true, kind: "number", cell: ({ incentive }) => judged(percentOfBits(incentive)) },
    { title: "Fees", kind: "amount", wei: ({ feesWei }) => feesWei },
    reward,
  ];
}

function validatorColumns(activeStakeWei: bigint): readonly Column<Validator>[] {
  return [
    account,
    { title: "Stake", kind: "amount", wei: ({ totalWei }) => totalWei },
    {
      title: "Share of the stake",
      kind: "number",
      cell: ({ totalWei }) => percentOfWad(shareWad(BigInt(totalWei), activeStakeWei)),
    },
    {
      title: "Scores",
      cell: ({ revealed }) =>
        revealed ? <Badge tone="good">revealed</Badge> : <Badge tone="warn">not revealed</Badge>,
    },
    {
      title: "Trust",
      kind: "number",
      cell: ({ revealed, validatorTrust }) => (revealed ? percentOfBits(validatorTrust) : "–"),
    },
    reward,
  ];
}

/** Everyone who was paid for the epoch, with the agreed scores of miners, and how validators scored. */
export function EpochRewards({
  report: { inputs, miners, validators, stakers, counts },
}: {
  readonly report: ReportAnswer;
}) {
  const { activeStakeWei, revealedStakeWei } = inputs.validators;
  const seated = new Set(validators.map((one) => one.account));
  return (
    <>
      <RewardSection
        title="Miners"
        columns={minerColumns(revealedStakeWei !== "0")}
        rows={miners.filter(isPaid)}
        more={counts.miners - miners.length}
      />
      <RewardSection title="Validators" columns={validatorColumns(BigInt(activeStakeWei))} rows={validators} more={0} />
      <RewardSection
        title="Delegators"
        columns={[account, reward]}
        rows={stakers.filter((one) => isPaid(one) && !seated.has(one.account))}
        more={counts.stakers - stakers.length}
      />
    </>
  );
}

function isPaid({ amountWei }: Reward): boolean {
  return amountWei !== "0";
}

function RewardSection<Row extends Reward>({
  title,
  columns,
  rows,
  more,
}: {
  readonly title: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Number of accounts that were paid less than those that were read. */
  readonly more: number;
}) {
  return (
    <Section title={title}>
      {rows.length === 0 ? (
        <p class="card muted">Nobody in this group was paid.</p>
      ) : (
        <DataTable
          caption={`Rewards of ${title.toLowerCase()}`}
          columns={columns}
          rows={rows}
          keyOf={(row) => row.account}
        />
      )}
      {more > 0 ? <p class="muted">and {more} more, who were paid less</p> : null}
    </Section>
  );
}
