import { type EpochInputs } from "../../scripts/core/computeEpoch";

/** n / d in its simplest form of use: multiplied out, floored where the arithmetic floors. */
class Fraction {
  constructor(
    readonly n: bigint,
    readonly d: bigint,
  ) {}
  plus(other: Fraction): Fraction {
    return new Fraction(this.n * other.d + other.n * this.d, this.d * other.d);
  }
  times(other: Fraction): Fraction {
    return new Fraction(this.n * other.n, this.d * other.d);
  }
  floor(): bigint {
    return this.n / this.d;
  }
}

const whole = (n: bigint | number): Fraction => new Fraction(BigInt(n), 1n);
const over = (n: bigint | number, d: bigint | number): Fraction => new Fraction(BigInt(n), BigInt(d));
const bpsOf = (bps: number): Fraction => over(bps, 10_000);
const wadOf = (wad: bigint): Fraction => over(wad, 10n ** 18n);
const floorOf = (...factors: Fraction[]): bigint => factors.reduce((a, b) => a.times(b)).floor();

/** Utility as the design's formulas say it. */
function utility({ tasks, validators, policy }: EpochInputs): Fraction {
  const score = over(
    tasks.completed > policy.maxExpectedTasks ? policy.maxExpectedTasks : tasks.completed,
    policy.maxExpectedTasks,
  );
  const divisor = tasks.completed > policy.difficultyFloorTasks ? tasks.completed : policy.difficultyFloorTasks;
  const difficulty = tasks.completed === 0 ? whole(0) : bpsOf(tasks.difficultySumBps).times(over(1, divisor));
  const participation = validators.active === 0 ? whole(0) : over(validators.revealed, validators.active);
  const [w1, w2, w3] = policy.weightsBps;
  return bpsOf(w1).times(score).plus(bpsOf(w2).times(difficulty)).plus(bpsOf(w3).times(participation));
}

/** Adds up by account, without zeros. */
function summed(parts: readonly (readonly [string, bigint])[]): Record<string, bigint> {
  const sums: Record<string, bigint> = {};
  for (const [account, wei] of parts) sums[account] = (sums[account] ?? 0n) + wei;
  return Object.fromEntries(Object.entries(sums).filter(([, wei]) => wei > 0n));
}

/** A whole epoch restated from the rounding rules, line by line, with none of the keeper's arithmetic. */
export function restatedEpoch(inputs: EpochInputs) {
  const { policy, epoch, halvingIntervalEpochs, poolWei, mintableWei, qualityWad, miners, stakers } = inputs;
  const u = utility(inputs);
  const halvings = Math.floor(epoch / halvingIntervalEpochs);
  const gross = floorOf(whole(inputs.baseRewardWei), u, over(1n, 2n ** BigInt(halvings)));
  const emission = gross > poolWei + mintableWei ? poolWei + mintableWei : gross;
  const recycled = poolWei < emission ? poolWei : emission;
  const missing = bpsOf(policy.qualityThresholdBps).plus(wadOf(-qualityWad));
  const unmetQuota = missing.n > 0n ? floorOf(whole(emission), missing) : 0n;
  const distributable = whole(emission - unmetQuota);

  const minerPool = floorOf(distributable, bpsOf(policy.minerShareBps));
  const performances = miners.reduce((sum, { performance }) => sum + performance, 0n);
  const penalties: bigint[] = [];
  const minerParts = miners.map(({ account, performance, agreedScoreWad }) => {
    const reward = performances === 0n ? 0n : floorOf(whole(minerPool), over(performance, performances));
    const threshold = BigInt(policy.qualityPenaltyThresholdBps) * 10n ** 14n;
    const penalty =
      agreedScoreWad < threshold ? floorOf(whole(reward), over(threshold - agreedScoreWad, threshold)) : 0n;
    penalties.push(penalty);
    return [account, reward - penalty] as const;
  });

  const validatorPool = floorOf(distributable, bpsOf(policy.validatorShareBps));
  const stakeOf = (s: (typeof stakers)[number]): bigint =>
    s.delegations.reduce((sum, d) => sum + d.stakeWei, s.stakeWei);
  const weightOf = (s: (typeof stakers)[number]): bigint =>
    policy.validatorRule === "stake" ? stakeOf(s) : (s.dividend ?? 0n);
  const weights = stakers.reduce((sum, s) => sum + weightOf(s), 0n);
  const validatorParts = stakers.flatMap((s) => {
    if (weights === 0n || stakeOf(s) === 0n) return [];
    const reward = floorOf(whole(validatorPool), over(weightOf(s), weights));
    const commission = floorOf(whole(reward), bpsOf(s.commissionBps));
    const part = (stake: bigint): bigint => floorOf(whole(reward - commission), over(stake, stakeOf(s)));
    return [
      [s.account, commission + part(s.stakeWei)] as const,
      ...s.delegations.map((d) => [d.account, part(d.stakeWei)] as const),
    ];
  });

  const dao = floorOf(distributable, bpsOf(policy.daoShareBps));
  const paid = [...minerParts, ...validatorParts].reduce((sum, [, wei]) => sum + wei, dao);
  const qualityPenalty = penalties.reduce((sum, wei) => sum + wei, 0n);
  return {
    utilityWad: floorOf(u, whole(10n ** 18n)),
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
