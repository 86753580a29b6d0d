/** All cut what they leave out, and never round up. */
const full = new Intl.NumberFormat("en", { maximumFractionDigits: 4, roundingMode: "trunc" });
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0, roundingMode: "trunc" });
const short = [2, 3, 4, 5, 6].map(
  (digits) =>
    new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: digits, roundingMode: "trunc" }),
);

/** A value to four decimals, from 1,000 on to none: "0.0672", "67.25", "13,614,381"; a dash where there is no value. */
export function valueText(value: number | null): string {
  if (value === null) return "–";
  // The digits that the number is written with, since cutting its binary value would make 0.28 of 0.29.
  return (Math.abs(value) < 1_000 ? full : whole).format(`${value}`);
}

/** A value with its unit: "67 %", "1,234 MDT". */
export function valueWithUnit(value: number | null, unit: string): string {
  return unit === "" || value === null ? valueText(value) : `${valueText(value)} ${unit}`;
}

/** Values for an axis, where there is little room: "1.2M", with as many digits as it takes to tell them apart. */
export function axisTexts(values: readonly number[]): readonly string[] {
  const texts = short.map((format) => values.map((value) => format.format(`${value}`)));
  return texts.find((row) => new Set(row).size === row.length) ?? texts[0]!;
}
