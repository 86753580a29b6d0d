import { z } from "zod";
import { readStrict, wholeNumber } from "../strictJson";

// The messages complete a sentence that begins with the name of the field.
const list = { error: "must be a list" };
const object = { error: "must be an object" };
const ratio = { error: "must be a number from 0 to 1" };
const digits = { error: "must be a whole number as a string of digits" };

const fraction = z.number(ratio).min(0, ratio).max(1, ratio);
const u16 = wholeNumber(0, 65_535);
const flags = z.array(z.boolean({ error: "must be true or false" }), list);
const row = z.record(z.string(), u16, { error: "must be an object of uids and whole numbers" });
const pair = z.tuple([u16, u16], { error: "must be a pair of uids" });

const params = z.strictObject(
  {
    kappaU16: u16,
    bondsPenaltyU16: u16,
    bondsMovingAverage: wholeNumber(0, 1_000_000),
    liquidAlpha: z
      .strictObject({ low: fraction, high: fraction, steepness: wholeNumber(-32_768, 32_767) }, object)
      .refine(({ low, high }) => low <= high, { error: "must not have its low above its high" })
      .nullable(),
  },
  object,
);

const epochShape = z.strictObject(
  {
    stakes: z.array(z.string(digits).regex(/^\d{1,78}$/, digits), list),
    active: flags,
    permits: flags,
    weights: z.array(row, list),
    /** Pairs [from, to] of weights to be ignored. */
    masked: z.array(pair, list).nullish(),
    /** The bonds this epoch starts with, in place of those the epoch before ended with. */
    bondsIn: z.array(row, list).nullish(),
  },
  object,
);

const epoch = epochShape.check(({ value, issues }) => {
  for (const [path, message] of mismatches(value)) issues.push({ code: "custom", input: value, path, message });
});

/** Everything in which the lists of an epoch do not fit its stakes, which say how many uids there are. */
function* mismatches(value: z.infer<typeof epochShape>): Generator<[path: (string | number)[], message: string]> {
  const count = value.stakes.length;
  const isUid = (key: string): boolean => /^(0|[1-9]\d*)$/.test(key) && Number(key) < count;
  const noUid = `is not a uid, of which there are ${count}`;
  for (const field of ["active", "permits", "weights", "bondsIn"] as const) {
    if ((value[field]?.length ?? count) !== count) yield [[field], `must have ${count} entries, one for each stake`];
  }
  for (const field of ["weights", "bondsIn"] as const) {
    for (const [uid, entries] of (value[field] ?? []).entries()) {
      for (const key of Object.keys(entries)) if (!isUid(key)) yield [[field, uid, key], noUid];
    }
  }
  for (const [k, uids] of (value.masked ?? []).entries()) {
    if (uids.some((uid) => uid >= count)) yield [["masked", k], `must name uids, of which there are ${count}`];
  }
}

/** A case of consensus vectors, without what is expected of it: a square network, and its epochs in order. */
const uidCase = z
  .strictObject(
    {
      name: z.string({ error: "must be a text" }),
      yuma: z.literal([2, 3], { error: "must be 2 or 3" }),
      params,
      epochs: z.array(epoch, list),
    },
    object,
  )
  .refine(({ epochs }) => new Set(epochs.map(({ stakes }) => stakes.length)).size <= 1, {
    path: ["epochs"],
    error: "must all have the same number of stakes",
  });

/** What one uid says of others, or holds of them: uid → u16. A uid that is not listed has 0. */
export type UidRow = Readonly<Record<string, number>>;
export type UidCase = z.infer<typeof uidCase>;
export type UidEpoch = UidCase["epochs"][number];

/**
 * Reads what a file of cases holds: one case, or an array of them.
 * @throws RefusedInputError naming a field that is unknown, missing, wrong, or at odds with another.
 */
export function readUidCases(json: unknown): readonly UidCase[] {
  return Array.isArray(json)
    ? json.map((one, index) => readStrict(uidCase, one, `[${index}]`))
    : [readStrict(uidCase, json, "")];
}
