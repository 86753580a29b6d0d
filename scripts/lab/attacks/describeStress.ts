import { formatMdt } from "../../show/amounts";
import { renderTable } from "../../show/table";
import { type Row } from "./row";

/** 1 where a bound is broken, else 0: what the command ends with. */
export function exitCodeOf(rows: readonly Row[]): number {
  return rows.every(({ holds }) => holds) ? 0 : 1;
}

/** The rows for people, a table for each network, and which of them break. Amounts in MDT. */
export function describeStress(rows: readonly Row[]): string {
  const networks = [...new Set(rows.map(({ network }) => network))];
  const broken = rows.filter(({ holds }) => !holds);
  const verdict =
    broken.length === 0
      ? `All ${rows.length} bounds hold.`
      : [
          `${broken.length} of ${rows.length} bounds are broken:`,
          ...broken.map(({ network, attack, setting, bound }) => `  ${network}: ${attack}, ${setting}: not ${bound}`),
        ].join("\n");
  return [...networks.map((network) => tableOf(rows.filter((row) => row.network === network))), verdict].join("\n\n");
}

function tableOf(rows: readonly Row[]): string {
  const mdt = (amountWei: bigint): string => formatMdt(amountWei, 2);
  const table = renderTable(
    ["attack", "setting", ">stake", ">capital", ">cost", ">gain", ">profit", ">harm", "", "bound"],
    rows.map((row) => [
      row.attack,
      row.setting,
      mdt(row.stakeWei),
      mdt(row.capitalWei),
      mdt(row.costWei),
      mdt(row.gainWei),
      mdt(row.profitWei),
      mdt(row.harmWei),
      row.holds ? "holds" : "BROKEN",
      row.bound,
    ]),
  );
  return `Attacks on the network "${rows[0]!.network}" (MDT)\n${table}`;
}
