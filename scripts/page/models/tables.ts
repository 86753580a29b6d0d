import { percentOfWad } from "../../show/amounts";
import { type ValidatorsAnswer } from "../api";

type Validator = ValidatorsAnswer["validators"][number];
type Record = Validator["record"];

/** The tone of each status, the same everywhere. */
export const statusTones = { active: "good", waiting: "plain", jailed: "bad", left: "plain" } as const;

/** Number of its last epochs in which a validator was active but revealed nothing. */
export function missedReveals({ activeEpochs, revealedEpochs }: Record): number {
  return activeEpochs - revealedEpochs;
}

/** The part of its last epochs in which a validator was active and revealed, in basis points; null if it has none. */
export function uptimeBps({ epochs, revealedEpochs }: Record): number | null {
  return epochs === 0 ? null : Math.floor((revealedEpochs * 10_000) / epochs);
}

/** The yearly return of a token staked with a validator; a dash if nothing is measured. */
export function returnText(record: Pick<Record, "yearlyReturnWad"> | undefined): string {
  const wad = record?.yearlyReturnWad ?? null;
  return wad === null ? "–" : percentOfWad(BigInt(wad));
}

/** The validator whose delegators earned most; undefined if nobody's return is measured. */
export function bestReturn(validators: readonly Validator[]): Validator | undefined {
  const measured = validators.filter(({ record }) => record.yearlyReturnWad !== null);
  const wadOf = ({ record }: Validator): bigint => BigInt(record.yearlyReturnWad!);
  return measured.reduce<Validator | undefined>(
    (best, one) => (best === undefined || wadOf(one) > wadOf(best) ? one : best),
    undefined,
  );
}

/** The last change of a commission if it was a rise, otherwise null. */
export function riseOf(commissions: Record["commissions"]) {
  const [before, last] = [commissions.at(-2), commissions.at(-1)];
  if (before === undefined || last === undefined || last.commissionBps <= before.commissionBps) return null;
  return { epoch: last.epoch, fromBps: before.commissionBps, toBps: last.commissionBps };
}

/** Whether one of the texts contains what someone looks for, in upper or lower case. */
export function matches(texts: readonly string[], sought: string): boolean {
  const part = sought.trim().toLowerCase();
  return texts.some((text) => text.toLowerCase().includes(part));
}

/** How a table is sorted: by which column, and whether in reverse of the column's usual order. */
export interface Sorting {
  readonly title: string;
  readonly isReversed: boolean;
}

interface Sortable<Row> {
  readonly title: string;
  readonly order?: (row: Row) => number | bigint;
  readonly lowestFirst?: boolean;
}

/** The rows by one column: the highest first, or the lowest; unchanged if none is chosen. Ties stay in order. */
export function sortedBy<Row>(
  columns: readonly Sortable<Row>[],
  rows: readonly Row[],
  sorting: Sorting | null,
): readonly Row[] {
  const column = columns.find(({ title }) => title === sorting?.title);
  if (sorting === null || column?.order === undefined) return rows;
  const { order, lowestFirst = false } = column;
  const sign = lowestFirst === sorting.isReversed ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [first, second] = [order(a), order(b)];
    return first === second ? 0 : first < second ? -sign : sign;
  });
}
