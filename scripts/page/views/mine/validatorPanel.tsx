import { type ComponentChildren } from "preact";
import { type Address, zeroAddress } from "viem";
import { type Chain, useApp } from "../../context";
import { scoringDuty } from "../../../actions/validators";
import { validatorEndpoints } from "../../../chain/participants";
import { type EpochDuties, readDuties, readValidatorNow, type ValidatorNow } from "../../../views/validatorDuties";
import { useApi, useChain, usePlaceInTime } from "../../state/reading";
import { type ValidatorsAnswer } from "../../api";
import { type Column, DataTable } from "../../ui/dataTable";
import { Badge, type Fact, FactList, Section, Shown } from "../../ui/blocks";
import { Account, Amount, Endpoint } from "../../ui/values";
import { percentOfBps } from "../../../show/amounts";
import { returnText } from "../../models/tables";

/** Epochs whose duties are shown: as many as those in which misses add up. */
const epochsShown = 8;

/** A validator's own view, for its owner and its operator: how it stands, and its duties of the last epochs. */
export function ValidatorPanel({ account, isOwn }: { readonly account: Address; readonly isOwn: boolean }) {
  const found = useChain(account, ({ contracts }) => contracts.staking.read.validatorOf([account]));
  if (found.kind !== "ready" || found.value === zeroAddress) return null;
  return <KnownValidator account={account} validator={found.value} isOwn={isOwn} />;
}

interface KnownValidatorProps {
  readonly account: Address;
  readonly validator: Address;
  readonly isOwn: boolean;
}

function KnownValidator({ account, validator, isOwn }: KnownValidatorProps) {
  const { slotsPerEpoch } = useApp().deployment.clock;
  const place = usePlaceInTime();
  const epoch = place?.kind === "running" ? place.epoch : -1;
  const lastJudged = place?.kind === "running" && place.revealUntil !== null ? epoch - 2 : epoch - 1;
  const now = useChain(validator, ({ contracts }) => readValidatorNow(contracts, validator, lastJudged));
  const endpoint = useChain(validator, ({ contracts }) => validatorEndpoints({ contracts }, [validator]));
  const listed = useApi<ValidatorsAnswer>("/v1/validators");
  const record =
    listed.kind === "ready" ? listed.value.validators.find((one) => one.validator === validator)?.record : undefined;
  // What can still change is read at each block, the rest once an epoch.
  const read = (epochs: readonly number[]) => (chain: Chain) => {
    return readDuties(chain.contracts, validator, epochs, slotsPerEpoch);
  };
  const newDuties = useChain(validator, read(epochsBack(epoch, 2)));
  const oldDuties = useChain(validator, read(epochsBack(epoch - 2, epochsShown - 2)), epoch);
  return (
    <Section title="Validator">
      {validator === account ? null : (
        <p>
          This account is the operator of <Account address={validator} />.
        </p>
      )}
      <Shown reading={now} what="the validator">
        {(standsNow) => (
          <FactList
            look="card settlement"
            facts={[
              ["State", state(standsNow, isOwn, epoch + 1)],
              ...standing(standsNow, record),
              [
                "Endpoint",
                <Endpoint endpoint={endpoint.kind === "ready" ? endpoint.value[0] : undefined} isOwn={isOwn} />,
              ],
            ]}
          />
        )}
      </Shown>
      <Shown reading={newDuties} what="its duties">
        {(duties) => (
          <DataTable
            caption="Duties of the last epochs"
            columns={columnsFor(epoch, lastJudged)}
            rows={[...duties, ...(oldDuties.kind === "ready" ? oldDuties.value : [])]}
            keyOf={(one) => one.epoch}
          />
        )}
      </Shown>
      {isOwn ? <p class="muted">{scoringDuty}</p> : null}
    </Section>
  );
}

/** The last `count` epochs, the newest first; fewer if there are not as many. */
function epochsBack(last: number, count: number): readonly number[] {
  return Array.from({ length: Math.max(0, Math.min(count, last + 1)) }, (_, i) => last - i);
}

function columnsFor(running: number, lastJudged: number): readonly Column<EpochDuties>[] {
  return [
    { title: "Epoch", cell: ({ epoch }) => (epoch === running ? `Epoch ${epoch}, running` : `Epoch ${epoch}`) },
    { title: "Scores", cell: (one) => scoresOf(one, running, lastJudged) },
    { title: "Slots led", kind: "number", cell: ({ led }) => led },
    { title: "Produced", kind: "number", cell: ({ produced }) => produced },
  ];
}

function scoresOf({ epoch, isActive, scores }: EpochDuties, running: number, lastJudged: number) {
  if (scores === "revealed") return <Badge tone="good">revealed</Badge>;
  if (scores === "committed") {
    return epoch > lastJudged ? <Badge tone="plain">committed</Badge> : <Badge tone="bad">not revealed</Badge>;
  }
  if (!isActive) return <span class="muted">not active</span>;
  return epoch === running ? <Badge tone="plain">not yet</Badge> : <Badge tone="bad">none committed</Badge>;
}

type ValidatorRecord = ValidatorsAnswer["validators"][number]["record"];

/** How a validator stands now, and what it keeps and earns. */
function standing(now: ValidatorNow, record: ValidatorRecord | undefined): readonly Fact[] {
  return [
    ["Own stake", <Amount wei={now.ownWei} />],
    ["All stake", <Amount wei={now.totalWei} />],
    ["Commission", commissions(now, record)],
    [
      "Yearly return",
      <>
        {returnText(record)} <span class="muted">for a delegator, in the last 30 settled epochs</span>
      </>,
    ],
    ["Operator", <Account address={now.operator} />],
    ["Missed reveals", missesText(now)],
  ];
}

/** Its commission, and the earlier ones. */
function commissions({ commissionBps: current }: ValidatorNow, record: ValidatorRecord | undefined): ComponentChildren {
  const earlier = record?.commissions.slice(0, -1) ?? [];
  if (earlier.length === 0) return percentOfBps(current);
  return (
    <>
      {percentOfBps(current)}{" "}
      <span class="muted">
        from epoch {record!.commissions.at(-1)!.epoch}; before,{" "}
        {earlier
          .toReversed()
          .map(({ epoch, commissionBps }) => `${percentOfBps(commissionBps)} from epoch ${epoch}`)
          .join(", ")}
      </span>
    </>
  );
}

function state({ isSeated, isJailed, releasableEpoch }: ValidatorNow, isOwn: boolean, nextEpoch: number) {
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

/** How far it is from jail: "1 recently, in epoch 7; 2 more within eight epochs mean jail and a slash of …". */
function missesText({ misses, missesUntilJail }: ValidatorNow): string {
  if (misses.length === 0)
    return `none; ${missesUntilJail} within eight epochs mean jail and a slash of 1 % of the stake`;
  const which = `${misses.length} recently, in epoch${misses.length === 1 ? "" : "s"} ${misses.join(", ")}`;
  const left = missesUntilJail - misses.length;
  return left > 0
    ? `${which}; ${left} more within eight epochs mean jail and a slash of 1 % of the stake`
    : `${which}; anyone can report them, which leads to jail and a slash of 1 % of the stake`;
}
