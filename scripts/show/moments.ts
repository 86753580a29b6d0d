/** A moment in the viewer's own words. */
export interface Moment {
  /** UTC, for programs: ISO 8601. */
  readonly iso: string;
  /** Date and time of day where the viewer is. */
  readonly text: string;
}

/** A date further away than the calendar of a browser reaches. */
const latestSeconds = 8_640_000_000_000;

/**
 * @param timestamp Unix seconds.
 * @param locale,timeZone Of the viewer; the browser's own where they are missing.
 */
export function momentOf(timestamp: number, locale?: string, timeZone?: string): Moment {
  const date = new Date(Math.min(timestamp, latestSeconds) * 1_000);
  const format = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium", timeZone });
  return { iso: date.toISOString(), text: format.format(date) };
}
