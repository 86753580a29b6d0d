import { percentOfWad } from "../../show/amounts";
import { type ValidatorsAnswer } from "../api";

type Validator = ValidatorsAnswer["validators"][number];
type Record = Validator["record"];

/** How each status looks, wherever it stands. */
export const statusTones = { active: "good", waiting: "plain", jailed: "bad", left: "plain" } as const;

/** In how many of its last epochs a validator was active and revealed nothing. */
export function missedReveals({ activeEpochs, revealedEpochs }: Record): number {
  return activeEpochs - revealedEpochs;
}

/** The part of the epochs since it registered in which it was active and revealed, in basis points; null without an epoch. */
export function uptimeBps({ epochs, revealedEpochs }: Record): number | null {
  return epochs === 0 ? null : Math.floor((revealedEpochs * 10_000) / epochs);
}

/** What a token at a validator earned, for a year; a dash where nothing is measured. */
export function returnText(record: Pick<Record, "yearlyReturnWad"> | undefined): string {
  const wad = record?.yearlyReturnWad ?? null;
  return wad === null ? "–" : percentOfWad(BigInt(wad));
}

/** The one whose delegators earned most; undefined if nobody's return is measured. */
export function bestReturn(validators: readonly Validator[]): Validator | undefined {
  const measured = validators.filter(({ record }) => record.yearlyReturnWad !== null);
  const wadOf = ({ record }: Validator): bigint => BigInt(record.yearlyReturnWad!);
  return measured.reduce<Validator | undefined>(
    (best, one) => (best === undefined || wadOf(one) > wadOf(best) ? one : best),
    undefined,
  );
}

/** The last change of a commission, where it was a rise; null if it was none. */
export function riseOf(commissions: Record["commissions"]) {
  const [before, last] = [commissions.at(-2), commissions.at(-1)];
  if (before === undefined || last === undefined || last.commissionBps <= before.commissionBps) return null;
  return { epoch: last.epoch, fromBps: before.commissionBps, toBps: last.commissionBps };
}

/** Whether someone looks for what these texts name, by a part of one of them. */
export function matches(texts: readonly string[], sought: string): boolean {
  const part = sought.trim().toLowerCase();
  return texts.some((text) => text.toLowerCase().includes(part));
}

/** How a table is sorted: by a column, and whether the other way round than one would first want it. */
export interface Sorting {
  readonly title: string;
  readonly isReversed: boolean;
}

interface Sortable<Row> {
  readonly title: string;
  readonly order?: (row: Row) => number | bigint;
  readonly lowestFirst?: boolean;
}

/** The rows sorted by one of the columns: the highest first, or the lowest; as they are where none is chosen. Ties stay in order. */
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
