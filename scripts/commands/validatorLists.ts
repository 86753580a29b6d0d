import { type AnnouncedCommission } from "../core/staking";
import { openArchive } from "../keeper/archive/epochArchive";
import { formatMdt, percentOfWad } from "../show/amounts";
import { warningOf } from "../show/describeSettling";
import { renderTable } from "../show/table";
import { formatU16, lastStanding } from "../views/lastStanding";
import { readLeaders } from "../views/validatorDuties";
import { awaitingReveal } from "../views/epochTimes";
import { listValidators, readRecords, sortValidators, validatorOrders } from "../views/validators";
import { chainOf } from "./context";
import { earningsHere, foreverMilliseconds } from "./income";
import { parseChoice, parseWhole } from "./parameters";
import { type Run } from "./table";

export const leaders: Run<"validator", "leaders"> = async ({ epoch }, context) => {
  const wanted = epoch === undefined ? undefined : parseWhole("epoch", epoch);
  const read = await readLeaders(await chainOf(context), wanted);
  const table = renderTable(
    [">slot", "leader", "state"],
    read.slots.map(({ slot, leader, state }) => [String(slot), leader, state]),
  );
  return {
    json: read,
    text: read.isSealed
      ? `Epoch ${read.epoch}: ${read.produced} slots produced, ${read.missed} missed.\n${table}`
      : `Epoch ${read.epoch} has no leaders: nobody has drawn them ("npx mdt validator produce" does).`,
  };
};

export const list: Run<"validator", "list"> = async ({ sort }, context) => {
  const order = sort === undefined ? undefined : parseChoice("sort", sort, validatorOrders);
  const chain = await chainOf(context);
  const [listed, awaited] = await Promise.all([listValidators(chain), awaitingReveal(chain)]);
  if (listed.length === 0) return { json: listed, text: "There are no validators yet." };
  const archive = await openArchive(chain);
  const standing = await lastStanding(chain, archive);
  const records = await readRecords(
    chain,
    listed.map(({ validator }) => validator),
    earningsHere(chain, archive).stakesIn(foreverMilliseconds),
  );
  const recorded = listed.map((one) => ({ ...one, record: records.get(one.validator)! }));
  const validators = order === undefined ? recorded : sortValidators(recorded, order);
  const standingOf = (validator: string) => standing.validators.get(validator.toLowerCase()) ?? null;
  // Empty for validators that revealed no scores; only the Yuma rules give dividends.
  const share = (u16: number | null | undefined) => (u16 ? formatU16(u16) : "");
  const table = renderTable(
    [
      "validator",
      "name",
      "status",
      ">own MDT",
      ">total MDT",
      ">commission %",
      ">earlier %",
      ">last reveal",
      ">revealed",
      ">yearly return",
      ">trust",
      ">dividend",
      "operator",
    ],
    validators.map((v) => [
      v.validator,
      v.profile?.name ?? "",
      v.status,
      formatMdt(v.ownWei),
      formatMdt(v.totalWei),
      percentOf(v.commissionBps),
      earlier(v.record.commissions),
      v.lastRevealedEpoch === null ? "never" : `epoch ${v.lastRevealedEpoch}`,
      `${v.record.revealedEpochs} of ${v.record.activeEpochs}`,
      v.record.yearlyReturnWad === null ? "" : percentOfWad(v.record.yearlyReturnWad),
      share(standingOf(v.validator)?.validatorTrustU16),
      share(standingOf(v.validator)?.dividendU16),
      v.operator === v.validator ? "itself" : v.operator,
    ]),
  );
  return {
    json: validators.map((v) => ({
      ...v,
      awaitsReveal: awaited?.validators.includes(v.validator) ?? false,
      standing: standingOf(v.validator),
    })),
    text: awaited === undefined ? table : `${table}\n\n${warningOf(awaited)}`,
  };
};

/** A validator's last three commissions before its newest, oldest first; "…" stands for earlier ones. */
function earlier(commissions: readonly AnnouncedCommission[]): string {
  const before = commissions.slice(0, -1).map(({ commissionBps }) => percentOf(commissionBps));
  return (before.length > 3 ? ["…", ...before.slice(-3)] : before).join(", ");
}

function percentOf(bps: number): string {
  return (bps / 100).toFixed(2);
}
