import { useState } from "preact/hooks";
import { type ValidatorsAnswer } from "../../api";
import { matches, missedReveals, returnText, riseOf, statusTones, uptimeBps } from "../../models/tables";
import { useApi } from "../../state/reading";
import { percentOfBps, percentOfU16 } from "../../../show/amounts";
import { Account } from "../../ui/values";
import { Badge, Shown } from "../../ui/blocks";
import { type Column, DataTable } from "../../ui/dataTable";

type Validator = ValidatorsAnswer["validators"][number];

/** Rows shown until a reader asks for the rest, and fewest validators with a search by name. */
const rowsAtFirst = 12;
const manyValidators = 10;

/** All current and former validators with their recent record, to choose one. Those with most stake first. */
export function ValidatorTable() {
  const [sought, setSought] = useState("");
  const reading = useApi<ValidatorsAnswer>("/v1/validators");
  return (
    <Shown reading={reading} what="the validators" rows={8}>
      {({ validators, standingEpoch }) =>
        validators.length === 0 ? (
          <p class="card muted">
            There are no validators yet. The first with enough stake takes a seat:{" "}
            <a href="#/do/register">become one</a>.
          </p>
        ) : (
          <>
            {validators.length < manyValidators ? null : (
              <label class="find">
                Find a validator{" "}
                <input
                  type="search"
                  value={sought}
                  placeholder="name or address"
                  onInput={({ currentTarget }) => {
                    setSought(currentTarget.value);
                  }}
                />
              </label>
            )}
            <DataTable
              caption="Table of validators"
              columns={columnsFor(validators)}
              rows={validators
                .filter(({ validator, profile }) => matches([validator, profile?.name ?? ""], sought))
                .toSorted((a, b) => Number(BigInt(b.totalWei) - BigInt(a.totalWei)))}
              keyOf={({ validator }) => validator}
              atFirst={rowsAtFirst}
            />
            <Legend standingEpoch={standingEpoch} />
          </>
        )
      }
    </Shown>
  );
}

function Legend({ standingEpoch }: { readonly standingEpoch: number | null }) {
  return (
    <details class="muted">
      <summary>How these figures are measured</summary>
      Return, missed reveals and uptime cover the last 30 settled epochs, or the time since a validator's stake first
      counted. Return is the average that a delegated token earned after commission, extrapolated to a year without
      compounding; it is not a promise. Uptime is the share of these epochs in which the validator was active and
      revealed its scores. Names are self-declared and unverified.
      {standingEpoch === null
        ? null
        : ` Trust is the share of its scores that the other validators support, in epoch ${standingEpoch}.`}
    </details>
  );
}

/** Only the Yuma rules give dividends; under the stake rule there is no such column. */
const dividend: Column<Validator> = {
  title: "Dividend",
  kind: "number",
  cell: ({ standing }) => shareText(standing?.dividendU16),
  order: ({ standing }) => standing?.dividendU16 ?? -1,
};

function shareText(shareU16: number | null | undefined): string {
  return shareU16 === null || shareU16 === undefined ? "–" : percentOfU16(shareU16);
}

function uptimeText(bps: number | null): string {
  return bps === null ? "–" : percentOfBps(bps);
}

function columnsFor(validators: readonly Validator[]): readonly Column<Validator>[] {
  const hasDividends = validators.some(({ standing }) => typeof standing?.dividendU16 === "number");
  return [
    {
      title: "Validator",
      cell: ({ validator }) => <Account address={validator} />,
    },
    {
      title: "Status",
      cell: ({ status, awaitsReveal }) => (
        <Badge tone={statusTones[status]}>{awaitsReveal ? `${status}, must reveal` : status}</Badge>
      ),
    },
    {
      title: "Yearly return",
      kind: "number",
      cell: ({ record }) => returnText(record),
      order: ({ record }) => BigInt(record.yearlyReturnWad ?? -1),
    },
    {
      title: "Missed",
      kind: "number",
      cell: ({ record }) => `${missedReveals(record)} of ${record.activeEpochs}`,
      order: ({ record }) => missedReveals(record),
      lowestFirst: true,
    },
    {
      title: "Uptime",
      isMinor: true,
      kind: "number",
      cell: ({ record }) => uptimeText(uptimeBps(record)),
      order: ({ record }) => uptimeBps(record) ?? -1,
    },
    {
      title: "Commission",
      kind: "number",
      cell: commission,
      order: ({ commissionBps }) => commissionBps,
      lowestFirst: true,
    },
    { title: "Stake", kind: "amount", wei: ({ totalWei }) => totalWei, order: ({ totalWei }) => BigInt(totalWei) },
    {
      title: "Own stake",
      isMinor: true,
      kind: "amount",
      wei: ({ ownWei }) => ownWei,
      order: ({ ownWei }) => BigInt(ownWei),
    },
    {
      title: "Trust",
      isMinor: true,
      kind: "number",
      cell: ({ standing }) => shareText(standing?.validatorTrustU16),
      order: ({ standing }) => standing?.validatorTrustU16 ?? -1,
    },
    ...(hasDividends ? [dividend] : []),
  ];
}

function commission({ commissionBps, record }: Validator) {
  const rise = riseOf(record.commissions);
  return (
    <>
      {percentOfBps(commissionBps)}
      {rise === null ? null : (
        <span class="muted below" title={`from epoch ${rise.epoch}`}>
          up from {percentOfBps(rise.fromBps)}
        </span>
      )}
    </>
  );
}
