import { percentOfBps } from "../../../show/amounts";
import { type ValidatorNow } from "../../../views/validatorDuties";
import { type ValidatorsAnswer } from "../../api/answers";
import { returnText } from "../../models/validators";
import { Badge, FactList } from "../../ui/blocks";
import { Account, Amount } from "../../ui/values";
import { Endpoint } from "./endpoint";

type ValidatorRecord = ValidatorsAnswer["validators"][number]["record"];

/** How a validator stands now, and what it keeps and earns. */
export function Standing({
  now,
  endpoint,
  isOwn,
  nextEpoch,
  record,
}: {
  readonly now: ValidatorNow;
  readonly endpoint: string | undefined;
  readonly isOwn: boolean;
  readonly nextEpoch: number;
  readonly record: ValidatorRecord | undefined;
}) {
  return (
    <FactList
      look="card settlement"
      facts={[
        ["State", <State now={now} isOwn={isOwn} nextEpoch={nextEpoch} />],
        ["Own stake", <Amount wei={now.ownWei} />],
        ["All stake", <Amount wei={now.totalWei} />],
        ["Commission", <Commissions now={now} record={record} />],
        [
          "Yearly return",
          <>
            {returnText(record)} <span class="muted">for a delegator, in the last 30 settled epochs</span>
          </>,
        ],
        ["Operator", <Account address={now.operator} />],
        ["Missed reveals", missesText(now)],
        ["Endpoint", <Endpoint endpoint={endpoint} isOwn={isOwn} />],
      ]}
    />
  );
}

/** What it keeps, and what it kept before. */
function Commissions({ now, record }: { readonly now: ValidatorNow; readonly record: ValidatorRecord | undefined }) {
  const earlier = record?.commissions.slice(0, -1) ?? [];
  return (
    <>
      {percentOfBps(now.commissionBps)}
      {earlier.length === 0 ? null : (
        <span class="muted">
          {" "}
          from epoch {record!.commissions.at(-1)!.epoch}; before,{" "}
          {earlier
            .toReversed()
            .map(({ epoch, commissionBps }) => `${percentOfBps(commissionBps)} from epoch ${epoch}`)
            .join(", ")}
        </span>
      )}
    </>
  );
}

function State({
  now: { isSeated, isJailed, releasableEpoch },
  isOwn,
  nextEpoch,
}: {
  readonly now: ValidatorNow;
  readonly isOwn: boolean;
  readonly nextEpoch: number;
}) {
  if (!isSeated) return <Badge tone="plain">left</Badge>;
  if (!isJailed) return <Badge tone="good">has a seat</Badge>;
  return (
    <>
      <Badge tone="bad">jailed</Badge>{" "}
      {nextEpoch < releasableEpoch ? (
        `It can be active again in epoch ${releasableEpoch}, once it asks to leave jail.`
      ) : isOwn ? (
        <a href="#/do/unjail">Leave jail</a>
      ) : (
        "It can ask to leave jail."
      )}
    </>
  );
}

/** How far it is from jail: "1 recently, in epoch 7: 2 more within eight epochs cost stake, and jail". */
function missesText({ misses, missesUntilJail }: ValidatorNow): string {
  if (misses.length === 0)
    return `none; ${missesUntilJail} within eight epochs mean jail and a slash of 1 % of the stake`;
  const which = `${misses.length} recently, in epoch${misses.length === 1 ? "" : "s"} ${misses.join(", ")}`;
  const left = missesUntilJail - misses.length;
  return left > 0
    ? `${which}; ${left} more within eight epochs mean jail and a slash of 1 % of the stake`
    : `${which}; anyone can report them, which leads to jail and a slash of 1 % of the stake`;
}
