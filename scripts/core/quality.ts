import { mulDivDown, sum, U16_MAX, WAD } from "./fixedPoint";

/**
 * The share of the revealing stake that must support an agreed score: 32 767 / 65 535, so exactly half is enough. It rules
 * agreed scores, and through them quality, penalties and burns. A policy can't change it: its `kappaU16` sets the consensus.
 */
const AGREED_SCORE_KAPPA_U16 = 32_767n;

/** One validator's revealed scores, absolute (not normalised): one per miner, in the order of the miners; zero where it said nothing. */
export interface ScoreRow {
  readonly scoresU16: Uint16Array;
  /** The validator's own and delegated stake in wei. */
  readonly stakeWei: bigint;
}

/**
 * The agreed score of each miner: the highest score s that at least `AGREED_SCORE_KAPPA_U16` of the stake supports by scoring s
 * or more, support · 65 535 ≥ 32 767 · total, whatever the policy. Zero for all where nobody with stake revealed.
 *
 * Every row must hold `minerCount` scores.
 */
export function agreedScoresU16(rows: readonly ScoreRow[], minerCount: number): Uint16Array {
  const staked = rows.filter(({ stakeWei }) => stakeWei > 0n);
  const totalWei = sum(staked.map(({ stakeWei }) => stakeWei));
  const agreed = new Uint16Array(minerCount);
  // Score in the high half, validator in the low half: sorting plain integers sorts the validators by their score.
  const ranking = new Uint32Array(staked.length);
  for (let miner = 0; miner < minerCount; miner++) {
    for (let row = 0; row < staked.length; row++) ranking[row] = staked[row]!.scoresU16[miner]! * 65_536 + row;
    ranking.sort();
    agreed[miner] = highestSupported(ranking, staked, totalWei);
  }
  return agreed;
}

/** Walks from the highest score down until the stake passed so far supports the score reached. */
function highestSupported(ranking: Uint32Array, rows: readonly ScoreRow[], totalWei: bigint): number {
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

/** A miner's weight in the epoch's quality: the tasks it completed, and the score (WAD) that validators agree on. */
interface MinerQuality {
  readonly completedTasks: number;
  readonly agreedScoreWad: bigint;
}

/**
 * The network's quality in WAD: ⌊Σ tasks · agreed / Σ tasks⌋ over the miners that completed tasks.
 * One (10^18) where no task was completed or nobody revealed: nothing was measured, so nothing is burned.
 */
export function qualityWadOf(miners: readonly MinerQuality[], revealed: number): bigint {
  let tasks = 0n;
  let weighted = 0n;
  for (const { completedTasks, agreedScoreWad } of miners) {
    tasks += BigInt(completedTasks);
    weighted += BigInt(completedTasks) * agreedScoreWad;
  }
  return tasks === 0n || revealed === 0 ? WAD : weighted / tasks;
}
