import { concatHex, encodeAbiParameters, type Address, type Hex, hexToBytes, keccak256, numberToHex } from "viem";
import { mulDivDown, ONE_IN_BPS, sum, U16_MAX, WAD } from "./fixedPoint";
import { type SparseRow } from "./consensus/sparseRow";

/** One validator's score of one miner: absolute, 0 … 65,535. */
export interface Score {
  readonly minerId: number;
  readonly scoreU16: number;
}

const rowBytes = 6;

/** Packs scores as the ScoreBoard takes them: (uint32 minerId, uint16 score), big endian, ids increasing. */
export function encodeScores(scores: readonly Score[]): Hex {
  const rows = [...scores].sort((a, b) => a.minerId - b.minerId);
  return concatHex(
    rows.flatMap(({ minerId, scoreU16 }) => [numberToHex(minerId, { size: 4 }), numberToHex(scoreU16, { size: 2 })]),
  );
}

/**
 * Reads a revealed payload.
 * @param minerCount Ids run from 1 to this number.
 * @returns `undefined` if it is malformed (ids not strictly increasing, or of no miner): it then counts as a reveal
 * that scores nobody. The ScoreBoard checks at the reveal that its length is whole rows.
 */
export function decodeScores(payload: Hex, minerCount: number): readonly Score[] | undefined {
  const bytes = hexToBytes(payload);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const scores: Score[] = [];
  let previousId = 0;
  for (let offset = 0; offset < bytes.length; offset += rowBytes) {
    const minerId = view.getUint32(offset);
    if (minerId <= previousId || minerId > minerCount) return undefined;
    scores.push({ minerId, scoreU16: view.getUint16(offset + 4) });
    previousId = minerId;
  }
  return scores;
}

/** What a commitment binds besides the scores. */
export interface CommitmentContext {
  readonly chainId: number;
  readonly scoreBoard: Address;
  readonly validator: Address;
  readonly epoch: bigint;
  readonly salt: Hex;
}

/**
 * The hash that `ScoreBoard.commitScores` takes: keccak256(abi.encode(chain, contract, validator, epoch,
 * keccak256(payload), salt)).
 */
export function commitmentOf(payload: Hex, { chainId, scoreBoard, validator, epoch, salt }: CommitmentContext): Hex {
  return keccak256(
    encodeAbiParameters(
      [
        { type: "uint256" },
        { type: "address" },
        { type: "address" },
        { type: "uint64" },
        { type: "bytes32" },
        { type: "bytes32" },
      ],
      [BigInt(chainId), scoreBoard, validator, epoch, keccak256(payload), salt],
    ),
  );
}

/**
 * The share of the active stake that must support an agreed score: 32 767 / 65 535, so exactly half is enough. A policy
 * can't change it: its `kappaU16` sets the consensus.
 */
const AGREED_SCORE_KAPPA_U16 = 32_767n;

/** A seated validator's stake in wei, and its absolute u16 scores (column = miner); null if it revealed nothing. */
export interface ScoringStake {
  readonly stakeWei: bigint;
  readonly scores: SparseRow | null;
}

/**
 * The agreed score of each miner: the highest score that at least `AGREED_SCORE_KAPPA_U16` of all stake gives or
 * exceeds, support · 65 535 ≥ 32 767 · total. Stake without a score for a miner, absent or not listing it, gives
 * ⌈65 535 · θ⌉, so less than half of the stake can push no miner above what half supports, or below θ.
 * @param thresholdBps θ.
 */
export function agreedScoresU16(
  validators: readonly ScoringStake[],
  minerCount: number,
  thresholdBps: number,
): Uint16Array {
  const neutral = Math.ceil((U16_MAX * thresholdBps) / ONE_IN_BPS);
  const rows: DenseRow[] = validators.flatMap(({ stakeWei, scores }) =>
    scores === null || stakeWei === 0n ? [] : [{ stakeWei, scoresU16: dense(scores, minerCount, neutral) }],
  );
  const silentWei = sum(validators.map(({ stakeWei, scores }) => (scores === null ? stakeWei : 0n)));
  rows.push({ stakeWei: silentWei, scoresU16: new Uint16Array(minerCount).fill(neutral) });
  const totalWei = sum(rows.map(({ stakeWei }) => stakeWei));
  const agreed = new Uint16Array(minerCount).fill(neutral);
  if (totalWei === 0n) return agreed;
  // Score in the high half, validator in the low half: sorting plain integers sorts the validators by their score.
  const ranking = new Uint32Array(rows.length);
  for (let miner = 0; miner < minerCount; miner++) {
    for (let row = 0; row < rows.length; row++) ranking[row] = rows[row]!.scoresU16[miner]! * 65_536 + row;
    ranking.sort();
    agreed[miner] = highestSupported(ranking, rows, totalWei);
  }
  return agreed;
}

interface DenseRow {
  readonly stakeWei: bigint;
  readonly scoresU16: Uint16Array;
}

function dense({ columns, values }: SparseRow, minerCount: number, unlisted: number): Uint16Array {
  const scores = new Uint16Array(minerCount).fill(unlisted);
  columns.forEach((miner, k) => {
    scores[miner] = values[k]!;
  });
  return scores;
}

/** Walks from the highest score down until the stake passed so far supports the score reached. */
function highestSupported(ranking: Uint32Array, rows: readonly DenseRow[], totalWei: bigint): number {
  let supportWei = 0n;
  let place = ranking.length;
  let score = 0;
  while (supportWei * BigInt(U16_MAX) < AGREED_SCORE_KAPPA_U16 * totalWei) {
    place--;
    supportWei += rows[ranking[place]! & 0xffff]!.stakeWei;
    score = ranking[place]! >>> 16;
  }
  return score;
}

/** A score as WAD: ⌊score · 10^18 / 65 535⌋. */
export function scoreWad(scoreU16: number): bigint {
  return mulDivDown(WAD, BigInt(scoreU16), BigInt(U16_MAX));
}

/**
 * A miner's score from the scores of its tasks: Σ fee · score / Σ fee over the tasks that have one, rounded to the
 * nearest 1/65,535, and up on a tie. A double is a whole multiple of 2^-1074, so nothing is rounded before that.
 * @param tasks Those that were asked about; feeWei in wei.
 * @param scores One per task: 0 to 1, or null if it has none.
 * @returns 0 to 65,535; null if no task with a fee has a score.
 */
export function minerScoreU16(
  tasks: readonly { readonly feeWei: bigint }[],
  scores: readonly (number | null)[],
): number | null {
  const scored = tasks.flatMap(({ feeWei }, i) => {
    const score = scores[i] ?? null;
    return score === null ? [] : [{ feeWei, score }];
  });
  const one = sum(scored.map(({ feeWei }) => feeWei)) << smallestDoubleBits;
  if (one === 0n) return null;
  const worth = sum(scored.map(({ feeWei, score }) => feeWei * inSmallestDoubles(score)));
  return Number((2n * BigInt(U16_MAX) * worth + one) / (2n * one));
}

/** The smallest double above zero is 2^-1074. */
const smallestDoubleBits = 1074n;

const fractionBits = 52n;

/** A double that is not negative, as a whole number of the smallest one. */
function inSmallestDoubles(value: number): bigint {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, Math.abs(value));
  const all = bits.getBigUint64(0);
  const exponent = all >> fractionBits;
  const fraction = BigInt.asUintN(Number(fractionBits), all);
  return exponent === 0n ? fraction : (fraction | (1n << fractionBits)) << (exponent - 1n);
}
