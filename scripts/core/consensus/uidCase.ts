import { type Agreement } from "./agreement";
import { type BondOutcome } from "./bonds";
import { divide, ONE, sum, toU16 } from "./fixed32";
import { EMPTY_ROW, filterRow, rowFrom, type SparseRow } from "./sparseRow";
import { type UidCase, type UidEpoch, type UidRow } from "./readUidCases";
import { type YumaRule, yumaEpoch } from "./yuma";

/** What one epoch gives every uid; the form in which consensus vectors are published. */
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

/** What an epoch of a case emits. */
export const EPOCH_EMISSION = 1_000_000_000;

/**
 * Runs a square network in which every uid may be validator and miner, epoch after epoch. Bonds carry over unless an
 * epoch brings its own. What a uid says of itself is ignored.
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

/** By incentive plus dividends; by active stake where both are zero; by all stake where nobody is active either. */
function emissionOf({ incentive, dividends, activeStakes, stakes }: Agreement & BondOutcome): readonly number[] {
  const earned = incentive.map((share, uid) => share + dividends[uid]!);
  const total = sum(earned);
  const fallback = sum(activeStakes) > 0 ? activeStakes : stakes;
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
