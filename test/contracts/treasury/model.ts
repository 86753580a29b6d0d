import { ZeroHash } from "ethers";
import { BASE_REWARD_WEI, HALVING_INTERVAL_EPOCHS } from "../../shared/deployTreasury";
import { type RewardTree } from "../../shared/rewardTree";

/** A call that the model refuses; the message is the name of the custom error. */
export class Refused extends Error {}

/** A root that was posted; `claimableAt` in unix seconds. */
interface Posted {
  readonly root: string;
  claimableAt: number;
  epoch: bigint;
}

/** Maximum DAO share, in bps. */
export const MAX_DAO_SHARE_BPS = 5_000;

const GUARDIAN_PAUSE_SECONDS = 14 * 86_400;
const GUARDIAN_PAUSE_REST_SECONDS = 30 * 86_400;

/** Amounts of a settlement, in wei. */
export interface Amounts {
  readonly burned: bigint;
  readonly rewards: bigint;
  readonly daoShare: bigint;
  readonly returned: bigint;
}

/** Sum of the parts, in wei. */
export function emissionOf({ burned, rewards, daoShare, returned }: Amounts): bigint {
  return burned + rewards + daoShare + returned;
}

/** Maximum emission of an epoch, in wei. */
export function ceilingOf(epoch: bigint): bigint {
  return BASE_REWARD_WEI / 2n ** (epoch / HALVING_INTERVAL_EPOCHS);
}

/**
 * The Treasury, its pool and the supply again, in the words of the design: a pending root that is promoted to current and
 * previous by settlements, and books that are plain sums.
 */
export class TreasuryModel {
  nextEpoch = 0n;
  vetoed = false;
  /** Maximum that a repost may still return of the newest epoch's rewards. */
  returnableWei = 0n;
  balanceWei = 0n;
  poolWei = 0n;
  returnedWei = 0n;
  drawnWei = 0n;
  daoWei = 0n;
  /** All rewards ever posted, less those that reposts returned. */
  promisedWei = 0n;
  readonly claimed = new Map<string, bigint>();
  /** The latest pause, with its end; `Infinity` for the admin's pause. */
  private pause_: { readonly endsAt: number } | undefined;
  private guardianMayPauseFrom = 0;
  private pending: Posted | undefined;
  private current: Posted | undefined;
  private previous: Posted | undefined;

  constructor(
    private readonly claimDelaySeconds: number,
    public supplyWei: bigint,
  ) {}

  settle(root: string, amounts: Amounts, now: number): void {
    if (this.isPaused(now)) throw new Refused("TreasuryPaused");
    const { burned, rewards, daoShare, returned } = amounts;
    const emission = emissionOf(amounts);
    if (emission > ceilingOf(this.nextEpoch)) throw new Refused("EmissionAboveCeiling");
    if (burned > (emission * 7n) / 10n) throw new Refused("BurnAboveLimit");
    if (daoShare > (emission * BigInt(MAX_DAO_SHARE_BPS)) / 10_000n) throw new Refused("DaoShareAboveLimit");
    const drawn = emission < this.poolWei ? emission : this.poolWei;
    this.supplyWei += emission - drawn - burned;
    this.poolWei += returned - drawn;
    this.drawnWei += drawn;
    this.returnedWei += returned;
    this.balanceWei += rewards;
    this.promisedWei += rewards;
    this.daoWei += daoShare;
    this.returnableWei = rewards;
    this.vetoed = false;
    if (this.pending?.root === root) this.pending.epoch = this.nextEpoch;
    else this.post(root, this.nextEpoch, now);
    this.nextEpoch += 1n;
  }

  repost(epoch: bigint, root: string, returned: bigint, now: number): void {
    if (this.isPaused(now)) throw new Refused("TreasuryPaused");
    if (epoch + 1n !== this.nextEpoch) throw new Refused("NotNewestEpoch");
    if (!this.vetoed) throw new Refused("RootNotVetoed");
    if (returned > this.returnableWei) throw new Refused("ReturnedAbovePosted");
    // The balance is below the posted rewards only if a thief claimed from a stolen root.
    if (returned > this.balanceWei) throw new Refused("ERC20InsufficientBalance");
    this.returnableWei -= returned;
    this.promisedWei -= returned;
    this.balanceWei -= returned;
    this.poolWei += returned;
    this.returnedWei += returned;
    this.vetoed = false;
    this.post(root, epoch, now);
  }

  veto(fromEpoch: bigint, now: number): void {
    if (fromEpoch >= this.nextEpoch) throw new Refused("EpochNotSettled");
    const isVetoed = (posted: Posted | undefined) => posted !== undefined && posted.epoch >= fromEpoch;
    const hasMatured = this.pending !== undefined && now >= this.pending.claimableAt;
    // Once the newest root has matured, the previous one is never claimable again.
    const previous = hasMatured ? undefined : this.previous;
    const isPaused = this.isPaused(now);
    const removes = {
      pending: isVetoed(this.pending) && (isPaused || !hasMatured),
      current: isVetoed(this.current) && isPaused,
      previous: isVetoed(previous) && isPaused,
    };
    if (!removes.pending && !removes.current && !removes.previous) throw new Refused("NothingToVeto");
    this.previous = previous;
    if (removes.pending) {
      if (hasMatured) this.returnableWei = 0n;
      this.pending = undefined;
      this.vetoed = true;
    }
    if (removes.current) this.current = undefined;
    if (removes.previous) this.previous = undefined;
  }

  /** Pays each account its amount in `tree`, less what it has already claimed. */
  claim(tree: RewardTree, accounts: readonly string[], isBatch: boolean, now: number): void {
    if (this.isPaused(now)) throw new Refused("TreasuryPaused");
    if (!this.claimable(now).some((posted) => posted?.root === tree.root)) throw new Refused("RootNotClaimable");
    const unpaid = accounts.filter((account) => tree.cumulativeOf(account) > this.claimedOf(account));
    if (unpaid.length === 0 && !isBatch) throw new Refused("NothingToClaim");
    const amountsWei = unpaid.map((account) => tree.cumulativeOf(account) - this.claimedOf(account));
    const totalWei = amountsWei.reduce((sum, amountWei) => sum + amountWei, 0n);
    if (totalWei > this.balanceWei) throw new Refused("ERC20InsufficientBalance");
    this.balanceWei -= totalWei;
    for (const account of unpaid) this.claimed.set(account, tree.cumulativeOf(account));
  }

  pause(isAdmin: boolean, now: number): void {
    if (this.isPaused(now) && (!isAdmin || this.pause_?.endsAt === Infinity)) throw new Refused("TreasuryPaused");
    if (!isAdmin && now < this.guardianMayPauseFrom) throw new Refused("GuardianMustRest");
    const endsAt = isAdmin ? Infinity : now + GUARDIAN_PAUSE_SECONDS;
    if (!isAdmin) this.guardianMayPauseFrom = endsAt + GUARDIAN_PAUSE_REST_SECONDS;
    this.restart(endsAt, now);
    this.pause_ = { endsAt };
  }

  unpause(isAdmin: boolean, now: number): void {
    if (!isAdmin && this.pause_?.endsAt === Infinity) throw new Refused("AccessControlUnauthorizedAccount");
    if (!this.isPaused(now)) throw new Refused("TreasuryNotPaused");
    this.guardianMayPauseFrom = Math.min(this.guardianMayPauseFrom, now + GUARDIAN_PAUSE_REST_SECONDS);
    this.restart(now, now);
    this.pause_ = undefined;
  }

  isPaused(now: number): boolean {
    return this.pause_ !== undefined && now < this.pause_.endsAt;
  }

  claimedOf(account: string): bigint {
    return this.claimed.get(account) ?? 0n;
  }

  /** Pending, current and previous root at `now`, as the contract's views return them. */
  roots(now: number): readonly [pending: string, current: string, previous: string] {
    const [current, previous] = this.claimable(now);
    const pending = current === this.pending ? undefined : this.pending;
    return [pending?.root ?? ZeroHash, current?.root ?? ZeroHash, previous?.root ?? ZeroHash];
  }

  private claimable(now: number): readonly [Posted | undefined, Posted | undefined] {
    const hasMatured = this.pending !== undefined && now >= this.pending.claimableAt;
    return hasMatured ? [this.pending, this.current] : [this.current, this.previous];
  }

  /** Makes a pending root wait for its full delay from `from` on. */
  private restart(from: number, now: number): void {
    if (this.pending !== undefined && now < this.pending.claimableAt) {
      this.pending.claimableAt = from + this.claimDelaySeconds;
    }
  }

  private post(root: string, epoch: bigint, now: number): void {
    [this.current, this.previous] = this.claimable(now);
    this.pending = root === ZeroHash ? undefined : { root, epoch, claimableAt: now + this.claimDelaySeconds };
  }
}
