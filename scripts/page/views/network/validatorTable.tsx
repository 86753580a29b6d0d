import { type ValidatorsAnswer } from "../../api/answers";
import { useApp } from "../../context";
import { useApi } from "../../state/useReading";
import { percentOfBps, percentOfU16, percentOfWad, shareWad } from "../../../show/shares";
import { Account } from "../../ui/values";
import { Badge, Shown } from "../../ui/blocks";
import { type Column, DataTable } from "../../ui/dataTable";
import { signerOf } from "../../wallet/session";

type Validator = ValidatorsAnswer["validators"][number];

const tones = { active: "good", waiting: "plain", jailed: "bad", left: "plain" } as const;

/** Everybody who validates or did, those with most stake first. */
export function ValidatorTable() {
  const { session } = useApp();
  const reading = useApi<ValidatorsAnswer>("/v1/validators");
  const own = signerOf(session)?.toLowerCase();
  return (
    <Shown reading={reading} what="the validators">
      {({ validators, standingEpoch }) =>
        validators.length === 0 ? (
          <p class="card muted">Nobody validates yet. The first with enough stake takes a seat.</p>
        ) : (
          <>
            <DataTable
              caption="Table of validators"
              columns={columnsFor(validators, own)}
              rows={validators.toSorted((a, b) => Number(BigInt(b.totalWei) - BigInt(a.totalWei)))}
              keyOf={({ validator }) => validator}
            />
            {standingEpoch === null ? null : (
              <p class="muted">
                Trust is the part of a validator's scores that the others support, in epoch {standingEpoch}.
              </p>
            )}
          </>
        )
      }
    </Shown>
  );
}

/** Only the Yuma rules give dividends; under the stake rule there is no such column. */
const dividend: Column<Validator> = {
  title: "Dividend",
  kind: "number",
  cell: ({ standing }) => shareText(standing?.dividendU16),
};

function shareText(shareU16: number | null | undefined): string {
  return shareU16 === null || shareU16 === undefined ? "–" : percentOfU16(shareU16);
}

function columnsFor(validators: readonly Validator[], own: string | undefined): readonly Column<Validator>[] {
  const allWei = validators.reduce((sumWei, { totalWei }) => sumWei + BigInt(totalWei), 0n);
  const hasDividends = validators.some(({ standing }) => typeof standing?.dividendU16 === "number");
  return [
    {
      title: "Validator",
      cell: ({ validator, profile }) => (
        <Account address={validator} name={profile?.name} isOwn={validator.toLowerCase() === own} />
      ),
    },
    {
      title: "Status",
      cell: ({ status, awaitsReveal }) => (
        <Badge tone={tones[status]}>{awaitsReveal ? `${status}, has to reveal` : status}</Badge>
      ),
    },
    { title: "Own stake", kind: "amount", wei: ({ ownWei }) => ownWei },
    { title: "All stake", kind: "amount", wei: ({ totalWei }) => totalWei },
    {
      title: "Share",
      kind: "number",
      cell: ({ totalWei }) => percentOfWad(shareWad(BigInt(totalWei), allWei)),
    },
    { title: "Commission", kind: "number", cell: ({ commissionBps }) => percentOfBps(commissionBps) },
    { title: "Trust", kind: "number", cell: ({ standing }) => shareText(standing?.validatorTrustU16) },
    ...(hasDividends ? [dividend] : []),
    { title: "Last reveal", kind: "number", cell: ({ lastRevealedEpoch }) => lastRevealedEpoch ?? "never" },
  ];
}
