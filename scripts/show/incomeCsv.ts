import { formatUnits, type Hex } from "viem";
import { isoTime } from "./moments";

/** A transaction, and when it was mined: unix seconds. */
interface Dated {
  readonly date: number;
  readonly transaction: Hex;
}

/** One row of an account's income. */
export interface IncomeRow extends Dated {
  /** Null where more was paid than was earned, as after a wrong root that could be claimed against. */
  readonly epoch: number | null;
  readonly role: "miner" | "validator" | "delegator" | "block producer" | "dao" | "not earned";
  readonly amountWei: bigint;
  /** Null where it is not claimed yet. */
  readonly paid: Dated | null;
}

/** The income as a spreadsheet reads it: times in UTC, amounts in MDT with every digit that they have. */
export function incomeCsv(rows: readonly IncomeRow[]): string {
  const lines = rows.map(({ date, epoch, role, amountWei, transaction, paid }) => [
    ...[
      isoTime(date),
      epoch ?? "",
      role,
      formatUnits(amountWei, 18),
      transaction,
      paid === null ? "accrued" : "claimed",
    ],
    ...(paid === null ? ["", ""] : [isoTime(paid.date), paid.transaction]),
  ]);
  const heads = ["date", "epoch", "role", "amountMdt", "transaction", "state", "paidDate", "paidTransaction"];
  return `${[heads, ...lines].map((line) => line.join(",")).join("\n")}\n`;
}
