import { EpochStore } from "../api/epochStore";
import { incomeView, incomeCsv } from "../api/income";
import { withEventsAsOfNow, type Connection } from "../chain/connection";
import { sum } from "../core/fixedPoint";
import { openArchive, type EpochArchive } from "../keeper/archive/epochArchive";
import { writeWhole } from "../keeper/archive/textFile";
import { readSettledEpochs } from "../keeper/facts/settledEpochs";
import { formatExactMdt, formatMdt } from "../show/amounts";
import { isoTime } from "../show/moments";
import { renderTable } from "../show/table";
import { chainOf } from "./context";
import { parseAddress, parseDay } from "./parameters";
import { progressOnStderr, tell } from "./terminal";
import { type Run } from "./table";
import { earningsStoreIn, EarningsIndex } from "../api/earnings";

export const income: Run<"rewards", "income"> = async ({ account: of, from, to, csv }, context) => {
  const account = parseAddress("account", of);
  const period = {
    from: from === undefined ? undefined : parseDay("from", from),
    to: to === undefined ? undefined : parseDay("to", to),
  };
  const view = await withEventsAsOfNow(await chainOf(context));
  const archive = await openArchive(view);
  const earnings = earningsHere(view, archive);
  const source = { connection: view, archive, earnings };
  await earnings.fill(await readSettledEpochs(view), progressOnStderr(), new AbortController().signal);
  const store = new EpochStore(source, foreverMilliseconds);
  const rows = await incomeView(source, () => Promise.resolve({ view }), store, foreverMilliseconds)(account, period);
  if (csv !== undefined) await writeWhole(csv, [incomeCsv(rows)]);
  const [paid, due] = [true, false].map((isPaid) =>
    sum(rows.filter((row) => (row.paid !== null) === isPaid).map(({ amountWei }) => amountWei)),
  );
  const totals = `${formatExactMdt(paid!)} MDT claimed, ${formatExactMdt(due!)} MDT accrued and not claimed`;
  const table = renderTable(
    ["date", ">epoch", "role", ">MDT", "state"],
    rows.map(({ date, epoch, role, amountWei, paid: claim }) => [
      ...[isoTime(date), String(epoch ?? "–"), role, formatMdt(amountWei, 18), claim === null ? "accrued" : "claimed"],
    ]),
  );
  return { json: rows, text: csv === undefined ? `${table}\n${totals}` : `${totals}: ${rows.length} rows in ${csv}.` };
};

/** Commands wait for a report as long as it takes to read or compute: the longest time that a timer can have. */
export const foreverMilliseconds = 2 ** 31 - 1;

/** Earnings of accounts in the epochs for which this machine has reports, as the API gives them. */
export function earningsHere({ deployment }: Connection, archive: EpochArchive): EarningsIndex {
  return new EarningsIndex(archive, earningsStoreIn(deployment, process.env.MDT_DATA, tell));
}
