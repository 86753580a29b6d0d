import { type Address, type Hex } from "viem";
import { readEpochInput } from "../core/epochInput/readEpochInput";
import { type Earnings, earningsOf } from "../core/distribution/earnings";
import { type EpochArchive } from "../keeper/archive/epochArchive";
import { archivedReport } from "./schemas/report";

type EarningsByAccount = ReadonlyMap<Address, Earnings>;

/** So many accounts' earnings, of all epochs together, are kept in memory: about 50 MB. */
const mostAccounts = 100_000;

/** Explains earnings from archived reports: each is read once, and kept as long as others don't need the room more. */
export class EarningsIndex {
  /** By epoch and root, the least recently used first. */
  readonly #kept = new Map<string, EarningsByAccount>();
  #accounts = 0;

  constructor(private readonly archive: EpochArchive) {}

  /** What everybody earned in a settled epoch; undefined where the archive lacks its report. */
  of(epoch: number, root: Hex): EarningsByAccount | undefined {
    const key = `${epoch} ${root}`;
    const known = this.#kept.get(key);
    if (known !== undefined) {
      this.#kept.delete(key);
      this.#kept.set(key, known);
      return known;
    }
    if (!this.archive.holds(epoch, root)) return undefined;
    const report = archivedReport.safeParse(this.archive.report(epoch));
    if (!report.success) return undefined;
    const earnings = earningsOf(readEpochInput(report.data.inputs, "inputs"));
    this.#keep(key, earnings);
    return earnings;
  }

  #keep(key: string, earnings: EarningsByAccount): void {
    this.#kept.set(key, earnings);
    this.#accounts += earnings.size;
    for (const [oldest, { size }] of this.#kept) {
      if (this.#accounts <= mostAccounts || oldest === key) return;
      this.#kept.delete(oldest);
      this.#accounts -= size;
    }
  }
}
