import { type ValidatorsAnswer } from "../../api/answers";
import { useApp } from "../../context";
import { useApi } from "../../state/useApi";
import { percentOfBps, percentOfU16, percentOfWad, shareWad } from "../../../text/shares";
import { Account } from "../../ui/account";
import { Amount } from "../../ui/amount";
import { Badge } from "../../ui/badge";
import { type Column, DataTable } from "../../ui/dataTable";
import { Shown } from "../../ui/shown";
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
              <p class="muted">Trust and dividend are those of epoch {standingEpoch}.</p>
            )}
          </>
        )
      }
    </Shown>
  );
}

function columnsFor(validators: readonly Validator[], own: string | undefined): readonly Column<Validator>[] {
  const allWei = validators.reduce((sumWei, { totalWei }) => sumWei + BigInt(totalWei), 0n);
  const standingOf = (share: number | null | undefined) =>
    share === null || share === undefined ? "–" : percentOfU16(share);
  return [
    {
      title: "Validator",
      cell: ({ validator }) => <Account address={validator} isOwn={validator.toLowerCase() === own} />,
    },
    {
      title: "Status",
      cell: ({ status, awaitsReveal }) => (
        <Badge tone={tones[status]}>{awaitsReveal ? `${status}, has to reveal` : status}</Badge>
      ),
    },
    { title: "Own stake", kind: "amount", cell: ({ ownWei }) => <Amount wei={ownWei} /> },
    { title: "All stake", kind: "amount", cell: ({ totalWei }) => <Amount wei={totalWei} /> },
    {
      title: "Share",
      kind: "number",
      cell: ({ totalWei }) => percentOfWad(shareWad(BigInt(totalWei), allWei)),
    },
    { title: "Commission", kind: "number", cell: ({ commissionBps }) => percentOfBps(commissionBps) },
    { title: "Trust", kind: "number", cell: ({ standing }) => standingOf(standing?.validatorTrustU16) },
    { title: "Dividend", kind: "number", cell: ({ standing }) => standingOf(standing?.dividendU16) },
    { title: "Last reveal", kind: "number", cell: ({ lastRevealedEpoch }) => lastRevealedEpoch ?? "never" },
  ];
}
