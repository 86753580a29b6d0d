import { z } from "zod";
import { readStrict, wholeNumber } from "../strictJson";
import { type Agreement } from "./agreement";
import { type BondOutcome, yumaEpoch, type YumaRule } from "./yuma";
import { divide, ONE, totalOf, toU16 } from "./fixed32";
import { EMPTY_ROW, filterRow, rowFrom, type SparseRow } from "./sparseRow";
import { U16_MAX } from "../fixedPoint";

// The messages complete a sentence that begins with the name of the field.
const list = { error: "must be a list" };
const object = { error: "must be an object" };
const ratio = { error: "must be a number from 0 to 1" };
const digits = { error: "must be a whole number as a string of digits" };

const fraction = z.number(ratio).min(0, ratio).max(1, ratio);
const u16 = wholeNumber(0, U16_MAX);
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
      .refine(({ low, high }) => low <= high, { error: "must have a low that is at most its high" })
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
    /** Pairs [from, to] of weights to ignore. */
    masked: z.array(pair, list).nullish(),
    /** The bonds this epoch starts with, instead of those the epoch before ended with. */
    bondsIn: z.array(row, list).nullish(),
  },
  object,
);

const epoch = epochShape.check(({ value, issues }) => {
  for (const [path, message] of mismatches(value)) issues.push({ code: "custom", input: value, path, message });
});

/** Every way in which an epoch's lists don't fit its stakes: there are as many uids as stakes. */
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

/** A case of consensus vectors without its expected results: a square network, and its epochs in order. */
const uidCase = z
  .strictObject(
    {
      name: z.string({ error: "must be a string" }),
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

/** One uid's weights for others, or its bonds in them: uid → u16. A uid that is not listed has 0. */
export type UidRow = Readonly<Record<string, number>>;
type UidCase = z.infer<typeof uidCase>;
export type UidEpoch = UidCase["epochs"][number];

/**
 * Reads the contents of a file of cases: one case, or an array of them.
 * @throws RefusedInputError naming a field that is unknown, missing, wrong, or at odds with another.
 */
export function readUidCases(json: unknown): readonly UidCase[] {
  return Array.isArray(json)
    ? json.map((one, index) => readStrict(uidCase, one, `[${index}]`))
    : [readStrict(uidCase, json, "")];
}

/** One epoch's results for every uid, in the form in which consensus vectors are published. */
export interface UidEpochResult {
  readonly consensusU16: readonly number[];
  readonly validatorTrustU16: readonly number[];
  readonly incentiveU16: readonly number[];
  readonly dividendsU16: readonly number[];
  /** Parts of EPOCH_EMISSION, over incentive and dividends together. */
  readonly emission: readonly number[];
  /** Without zeros. */
  readonly bondsU16: readonly UidRow[];
}

/** The epochs of one case, in order. */
export interface UidCaseResult {
  readonly name: string;
  readonly epochs: readonly UidEpochResult[];
}

/** The emission of each epoch of a case. */
export const EPOCH_EMISSION = 1_000_000_000;

/**
 * Runs a square network in which every uid may be validator and miner, epoch after epoch. Bonds carry over unless an
 * epoch brings its own. A uid's weight for itself is ignored.
 */
export function runUidCase({ name, yuma, params, epochs }: UidCase): UidCaseResult {
  const rule: YumaRule = yuma === 2 ? "yuma2" : "yuma3";
  let bonds: readonly SparseRow[] = [];
  const results = epochs.map((epoch) => {
    bonds = epoch.bondsIn?.map(toSparse) ?? bonds;
    const outcome = yumaEpoch(rule, voicesOf(epoch, bonds), epoch.stakes.length, params);
    bonds = outcome.bonds;
    return resultOf(outcome);
  });
  return { name, epochs: results };
}

function voicesOf({ stakes, active, permits, weights, masked }: UidEpoch, bonds: readonly SparseRow[]) {
  const ignored = new Set(masked?.map(([from, to]) => `${from}>${to}`));
  return stakes.map((stake, uid) => ({
    stake: BigInt(stake),
    active: active[uid]!,
    permitted: permits[uid]!,
    weights: filterRow(toSparse(weights[uid]!), (to) => to !== uid && !ignored.has(`${uid}>${to}`)),
    bonds: bonds[uid] ?? EMPTY_ROW,
  }));
}

function resultOf(outcome: Agreement & BondOutcome): UidEpochResult {
  const u16 = (shares: Float64Array): readonly number[] => Array.from(shares, toU16);
  return {
    consensusU16: u16(outcome.consensus),
    validatorTrustU16: u16(outcome.validatorTrust),
    incentiveU16: u16(outcome.incentive),
    dividendsU16: u16(outcome.dividends),
    emission: emissionOf(outcome),
    bondsU16: outcome.bonds.map(fromSparse),
  };
}

/** By incentive plus dividends; by active stake if both are zero; by all stake if nobody is active either. */
function emissionOf({ incentive, dividends, activeStakes, stakes }: Agreement & BondOutcome): readonly number[] {
  const earned = incentive.map((share, uid) => share + dividends[uid]!);
  const total = totalOf(earned);
  const fallback = totalOf(activeStakes) > 0 ? activeStakes : stakes;
  const shares = total > 0 ? earned.map((share) => divide(share, total)) : fallback;
  return Array.from(shares, (share) => Number((BigInt(share) * BigInt(EPOCH_EMISSION)) / BigInt(ONE)));
}

/** JavaScript lists integer keys in increasing order, which is the order that a sparse row needs. */
function toSparse(row: UidRow): SparseRow {
  return rowFrom(Object.entries(row).map(([uid, value]) => [Number(uid), value]));
}

function fromSparse({ columns, values }: SparseRow): UidRow {
  return Object.fromEntries(Array.from(columns, (uid, k) => [String(uid), values[k]!]));
}
