/** A moment in the viewer's own words. */
interface Moment {
  /** UTC, for programs: ISO 8601. */
  readonly iso: string;
  /** Date and time of day where the viewer is. */
  readonly text: string;
}

/** The latest moment that dates in a browser reach, in unix seconds. */
const latestSeconds = 8_640_000_000_000;

/**
 * @param timestamp Unix seconds.
 * @param locale,timeZone Those of the viewer; the browser's own if omitted.
 */
export function momentOf(timestamp: number, locale?: string, timeZone?: string): Moment {
  const date = new Date(Math.min(timestamp, latestSeconds) * 1_000);
  const format = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium", timeZone });
  return { iso: date.toISOString(), text: format.format(date) };
}

/** A time as programs write it: ISO 8601 in UTC, to the second. @param timestamp Unix seconds. */
export function isoTime(timestamp: number): string {
  return new Date(timestamp * 1_000).toISOString().replace(".000Z", "Z");
}

/** The unix second with which a day like "2026-11-28" begins in UTC; undefined if there is no such day. */
export function dayOf(text: string): number | undefined {
  const start = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) / 1_000 : Number.NaN;
  return Number.isNaN(start) || !isoTime(start).startsWith(text) ? undefined : start;
}

/** A duration for people: the two largest units, so that it stays short; 0 and less is "0 s". */
export function durationText(seconds: number): string {
  const units = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3_600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [Math.floor(seconds) % 60, "s"],
  ] as const;
  const first = units.findIndex(([amount]) => amount > 0);
  if (first === -1) return "0 s";
  return units
    .slice(first, first + 2)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(" ");
}
