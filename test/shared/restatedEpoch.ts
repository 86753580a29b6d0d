import { type EpochInputs } from "../../scripts/core/computeEpoch";

/** n / d, d > 0, rounded only if a line of the design floors. */
class Fraction {
  constructor(
    readonly n: bigint,
    readonly d: bigint,
  ) {}
  plus(other: Fraction): Fraction {
    return new Fraction(this.n * other.d + other.n * this.d, this.d * other.d);
  }
  minus(other: Fraction): Fraction {
    return this.plus(new Fraction(-other.n, other.d));
  }
  times(other: Fraction): Fraction {
    return new Fraction(this.n * other.n, this.d * other.d);
  }
  /** By a fraction above zero. */
  by(other: Fraction): Fraction {
    return new Fraction(this.n * other.d, this.d * other.n);
  }
  isPositive(): boolean {
    return this.n > 0n;
  }
  floor(): bigint {
    return this.n / this.d;
  }
}

const over = (n: bigint | number, d: bigint | number): Fraction => new Fraction(BigInt(n), BigInt(d));
const whole = (n: bigint | number): Fraction => over(n, 1);
const bpsOf = (bps: number): Fraction => over(bps, 10_000);
const wadOf = (wad: bigint): Fraction => over(wad, 10n ** 18n);
const sumOf = (parts: readonly Fraction[]): Fraction => parts.reduce((a, b) => a.plus(b), whole(0));
const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** Adds up by account, without zeros. */
function summed(parts: readonly (readonly [string, bigint])[]): Record<string, bigint> {
  const sums: Record<string, bigint> = {};
  for (const [account, wei] of parts) sums[account] = (sums[account] ?? 0n) + wei;
  return Object.fromEntries(Object.entries(sums).filter(([, wei]) => wei > 0n));
}

/** A whole epoch restated from the design's formulas, line by line, with none of the core's arithmetic. */
export function restatedEpoch({ policy, tasks, validators, miners, stakers, ...inputs }: EpochInputs) {
  const [w1, w2, w3] = policy.weightsBps.map(bpsOf) as [Fraction, Fraction, Fraction];
  const [theta, phi] = [bpsOf(policy.qualityThresholdBps), bpsOf(policy.qualityPenaltyThresholdBps)];
  const completed = BigInt(tasks.completed);
  const expected = BigInt(policy.maxExpectedTasks);

  // U = w1·t + w2·d + w3·p
  const t = over(smaller(completed, expected), expected);
  const counted = larger(completed, BigInt(policy.difficultyFloorTasks));
  const d = completed === 0n ? whole(0) : over(tasks.difficultySumBps, counted * 10_000n);
  const stake = larger(validators.activeStakeWei, policy.participationFloorWei);
  const p = stake === 0n ? whole(0) : over(validators.revealedStakeWei, stake);
  const work = w1.times(t).plus(w2.times(d));
  const presence = w3.times(p);
  const u = work.plus(presence);

  // emission
  const halvings = BigInt(Math.floor(inputs.epoch / inputs.halvingIntervalEpochs));
  const gross = whole(inputs.baseRewardWei)
    .times(u)
    .times(over(1, 2n ** halvings))
    .floor();
  const emission = smaller(gross, inputs.poolWei + inputs.mintableWei);
  const recycled = smaller(inputs.poolWei, emission);

  // unmetQuota
  const fees = sumOf(miners.map((m) => whole(m.feesWei)));
  const unproven = (m: (typeof miners)[number]): Fraction => whole(m.feesWei - m.provenFeesWei);
  const lacks = miners.map((m) => {
    const lack = theta.minus(wadOf(m.agreedScoreWad));
    return lack.isPositive() ? unproven(m).times(lack) : whole(0);
  });
  const shortfall = fees.isPositive() ? sumOf(lacks).by(fees) : whole(0);
  const unmetQuota = u.isPositive() ? whole(emission).times(work).by(u).times(shortfall).floor() : 0n;
  const distributable = whole(emission - unmetQuota);
  const pool = (shareBps: number): bigint => distributable.times(bpsOf(shareBps)).floor();
  const [minerPool, validatorPool, dao] = [
    pool(policy.minerShareBps),
    pool(policy.validatorShareBps),
    pool(policy.daoShareBps),
  ];

  // miners
  const workOf = (m: (typeof miners)[number]): Fraction =>
    unproven(m).times(wadOf(m.agreedScoreWad)).plus(whole(m.provenFeesWei));
  const weightOf = (m: (typeof miners)[number]): Fraction =>
    policy.minerRule === "work" ? workOf(m) : whole(m.performance);
  const weights = sumOf(miners.map(weightOf));
  const penalties: bigint[] = [];
  const minerParts = miners.map((m) => {
    const part = weights.isPositive() ? whole(minerPool).times(weightOf(m)).by(weights).floor() : 0n;
    const limit = policy.minerFeeCapBps === null ? part : workOf(m).times(bpsOf(policy.minerFeeCapBps)).floor();
    const earned = smaller(part, limit);
    const score = m.feesWei === 0n ? wadOf(m.agreedScoreWad) : workOf(m).by(whole(m.feesWei));
    const missing = phi.minus(score);
    const penalty = missing.isPositive() ? whole(earned).times(missing).by(phi).floor() : 0n;
    penalties.push(penalty);
    return [m.account, earned - penalty] as const;
  });

  // validators
  const presenceWei = u.isPositive() ? whole(emission).times(presence).by(u).floor() : 0n;
  const presencePool = whole(presenceWei).times(bpsOf(policy.validatorShareBps)).floor();
  const workPool = validatorPool - presencePool;
  const performing = miners.filter((m) => m.performance > 0n);
  const judged = fees.isPositive()
    ? sumOf(performing.map((m) => unproven(m).times(wadOf(m.agreedScoreWad)))).by(fees)
    : whole(0);
  const dividendPool = policy.validatorRule === "stake" ? 0n : whole(workPool).times(judged).floor();
  const dividends = stakers.reduce((sum, s) => sum + (s.dividend ?? 0n), 0n);
  const validatorParts = stakers.flatMap((s) => {
    const total = s.delegations.reduce((sum, one) => sum + one.stakeWei, s.stakeWei);
    if (total === 0n) return [];
    const scored = fees.isPositive() ? fees.minus(whole(s.unscoredFeesWei)).by(fees) : whole(1);
    const ofAll = over(total, validators.activeStakeWei);
    const revealedOfAll = over(validators.revealedStakeWei, validators.activeStakeWei);
    const reward = sumOf([
      whole(presencePool).times(over(total, validators.revealedStakeWei)),
      whole(workPool - dividendPool)
        .times(ofAll)
        .times(scored),
      dividends === 0n
        ? whole(0)
        : whole(dividendPool)
            .times(revealedOfAll)
            .times(over(s.dividend ?? 0n, dividends)),
    ]).floor();
    const commission = whole(reward).times(bpsOf(s.commissionBps)).floor();
    const part = (stakeWei: bigint): bigint =>
      whole(reward - commission)
        .times(over(stakeWei, total))
        .floor();
    return [
      [s.account, commission + part(s.stakeWei)] as const,
      ...s.delegations.map((one) => [one.account, part(one.stakeWei)] as const),
    ];
  });

  const paid = [...minerParts, ...validatorParts].reduce((sum, [, wei]) => sum + wei, dao);
  const qualityPenalty = penalties.reduce((sum, wei) => sum + wei, 0n);
  const quality = fees.isPositive() ? sumOf(miners.map(workOf)).by(fees) : whole(1);
  return {
    utilityWad: u.times(whole(10n ** 18n)).floor(),
    qualityWad: quality.times(whole(10n ** 18n)).floor(),
    emission,
    recycled,
    minted: emission - recycled,
    unmetQuota,
    qualityPenalty,
    dao,
    returned: emission - unmetQuota - qualityPenalty - paid,
    minerRewards: summed(minerParts),
    validatorRewards: summed(validatorParts),
  };
}
