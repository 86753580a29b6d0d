import { type YumaParameters, type YumaRule } from "../../scripts/core/consensus/yuma";

/** A network as full matrices: validator by miner, u16. */
export interface DenseNetwork {
  readonly stakes: readonly bigint[];
  readonly active: readonly boolean[];
  readonly permitted: readonly boolean[];
  readonly weights: readonly (readonly number[])[];
  readonly bonds: readonly (readonly number[])[];
  readonly minerCount: number;
}

/** All results of an epoch of Yuma; shares as raw I32F32 bits, bonds as u16. */
export interface DenseOutcome {
  readonly consensus: readonly bigint[];
  readonly incentive: readonly bigint[];
  readonly validatorTrust: readonly bigint[];
  readonly dividends: readonly bigint[];
  readonly bonds: readonly (readonly number[])[];
}

type Row = readonly bigint[];
type Matrix = readonly Row[];

const ONE = 1n << 32n;
const U16 = 65_535n;

const mul = (a: bigint, b: bigint): bigint => (a * b) >> 32n;
const div = (a: bigint, b: bigint): bigint => (b === 0n ? 0n : (a << 32n) / b);
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const total = (row: Row): bigint => row.reduce((sum, value) => sum + value, 0n);
const normalised = (row: Row): Row => row.map((value) => div(value, total(row)));
const transposed = (matrix: Matrix, width: number): Matrix =>
  Array.from({ length: width }, (_, j) => matrix.map((row) => row[j]!));

/**
 * One epoch of Yuma as the formula is written down: full matrices, one bigint per cell, no regard to speed.
 * Liquid alpha is omitted: its exponential has its own tests.
 */
export function denseYuma(rule: YumaRule, network: DenseNetwork, parameters: YumaParameters): DenseOutcome {
  const { minerCount: width, permitted } = network;
  const shares = network.stakes.map((stake) => div(stake, total(network.stakes)));
  const stake = normalised(shares.map((share, i) => (network.active[i] && permitted[i] ? share : 0n)));
  const weights = network.weights.map((row, i) => normalised(row.map((w) => (permitted[i] ? BigInt(w) : 0n))));
  const consensus = transposed(weights, width).map((column) =>
    supported(column, stake, div(BigInt(parameters.kappaU16), U16)),
  );
  const clipped = weights.map((row) => row.map((w, j) => min(w, consensus[j]!)));
  const incentive = normalised(
    transposed(clipped, width).map((column) => total(column.map((w, i) => mul(w, stake[i]!)))),
  );
  const penalty = div(BigInt(parameters.bondsPenaltyU16), U16);
  const forBonds = weights.map((row, i) => row.map((w, j) => w + mul(penalty, clipped[i]![j]! - w)));
  const old = network.bonds.map((row) => row.map(BigInt));
  const alpha = ONE - div(BigInt(parameters.bondsMovingAverage), 1_000_000n);
  const move = (now: Matrix, before: Matrix): Matrix =>
    now.map((row, i) => row.map((value, j) => mul(alpha, value) + mul(ONE - alpha, before[i]![j]!)));
  const columnsNormalised = (matrix: Matrix): Matrix =>
    transposed(transposed(matrix, width).map(normalised), matrix.length);
  const earned = (matrix: Matrix): Row => matrix.map((row) => total(row.map((b, j) => mul(b, incentive[j]!))));
  const common = { consensus, incentive, validatorTrust: clipped.map(total) };

  if (rule === "yuma3") {
    const fractions = old.map((row) => row.map((bond) => div(bond, U16)));
    const bonds = move(forBonds, fractions);
    const dividends = normalised(earned(columnsNormalised(bonds)).map((share, i) => mul(share, stake[i]!)));
    return { ...common, dividends, bonds: inU16(bonds) };
  }
  const bought = columnsNormalised(forBonds.map((row, i) => row.map((w) => mul(w, stake[i]!))));
  const bonds = columnsNormalised(move(bought, columnsNormalised(old)));
  const highest = transposed(bonds, width).map((column) => column.reduce(max, 0n));
  const upscaled = bonds.map((row) => row.map((bond, j) => div(bond, highest[j]!)));
  return { ...common, dividends: normalised(earned(bonds)), bonds: inU16(upscaled) };
}

/** The highest weight given by anyone with stake that at least κ of the stake supports; the lowest if none is. */
function supported(column: Row, stake: Row, kappa: bigint): bigint {
  const voters = column.map((weight, i) => ({ weight, stake: stake[i]! })).filter((voter) => voter.stake > 0n);
  const votes = normalised(voters.map((voter) => voter.stake));
  const candidates = voters.map(({ weight }) => weight).sort((a, b) => (a < b ? 1 : -1));
  const support = (least: bigint): bigint => total(votes.filter((_, i) => voters[i]!.weight >= least));
  return candidates.find((weight) => support(weight) >= kappa) ?? candidates.at(-1) ?? 0n;
}

function inU16(shares: Matrix): readonly (readonly number[])[] {
  return shares.map((row) => row.map((share) => Number(min(U16, (share * U16) >> 32n))));
}
