/** A value as JSON carries it: bigints as decimal strings, everything else as it is. */
export type Wire<T> = T extends bigint
  ? string
  : T extends string | number | boolean | null | undefined
    ? T
    : T extends readonly [unknown, ...unknown[]]
      ? { -readonly [K in keyof T]: Wire<T[K]> }
      : T extends readonly (infer Item)[]
        ? Wire<Item>[]
        : { -readonly [K in keyof T]: Wire<T[K]> };

/** Turns every bigint inside `value` into its decimal digits. */
export function toWire<const T>(value: T): Wire<T> {
  return wireOf(value) as Wire<T>;
}

function wireOf(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return value.map(wireOf);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, wireOf(item)]));
}
