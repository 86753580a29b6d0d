import { ZeroHash } from "ethers";
import { BASE_REWARD_WEI, HALVING_INTERVAL_EPOCHS } from "../../shared/deployTreasury";
import { type RewardTree } from "../../shared/rewardTree";

/** A call that the model refuses; the message is the name of the custom error. */
export class Refused extends Error {}

/** A root that was posted; `claimableAt` in unix seconds. */
interface Posted {
  readonly root: string;
  readonly claimableAt: number;
  epoch: bigint;
}

/** What a settlement does to the books, in wei. */
export interface Amounts {
  readonly burned: bigint;
  readonly rewards: bigint;
  readonly daoShare: bigint;
  readonly returned: bigint;
}

/** The parts together, in wei. */
export function emissionOf({ burned, rewards, daoShare, returned }: Amounts): bigint {
  return burned + rewards + daoShare + returned;
}

/** The most that may be emitted in an epoch, in wei. */
export function ceilingOf(epoch: bigint): bigint {
  return BASE_REWARD_WEI / 2n ** (epoch / HALVING_INTERVAL_EPOCHS);
}

/**
 * The Treasury, its pool and the supply restated in the design's words: a pending root that is promoted to current and
 * previous by settlements, and books that are plain sums.
 */
export class TreasuryModel {
  nextEpoch = 0n;
  paused = false;
  vetoed = false;
  postedWei = 0n;
  balanceWei = 0n;
  poolWei = 0n;
  returnedWei = 0n;
  drawnWei = 0n;
  daoWei = 0n;
  /** Everything that was ever promised to somebody, less what reposts returned. */
  promisedWei = 0n;
  readonly claimed = new Map<string, bigint>();
  private pending: Posted | undefined;
  private current: Posted | undefined;
  private previous: Posted | undefined;

  constructor(
    private readonly claimDelaySeconds: number,
    public supplyWei: bigint,
  ) {}

  settle(root: string, amounts: Amounts, now: number): void {
    if (this.paused) throw new Refused("TreasuryPaused");
    const { burned, rewards, daoShare, returned } = amounts;
    const emission = emissionOf(amounts);
    if (emission > ceilingOf(this.nextEpoch)) throw new Refused("EmissionAboveCeiling");
    const drawn = emission < this.poolWei ? emission : this.poolWei;
    this.supplyWei += emission - drawn - burned;
    this.poolWei += returned - drawn;
    this.drawnWei += drawn;
    this.returnedWei += returned;
    this.balanceWei += rewards;
    this.promisedWei += rewards;
    this.daoWei += daoShare;
    this.postedWei = rewards;
    this.vetoed = false;
    if (this.pending?.root === root) this.pending.epoch = this.nextEpoch;
    else this.post(root, this.nextEpoch, now);
    this.nextEpoch += 1n;
  }

  repost(epoch: bigint, root: string, returned: bigint, now: number): void {
    if (this.paused) throw new Refused("TreasuryPaused");
    if (epoch + 1n !== this.nextEpoch) throw new Refused("NotNewestEpoch");
    if (!this.vetoed) throw new Refused("RootNotVetoed");
    if (returned > this.postedWei) throw new Refused("ReturnedAbovePosted");
    // Only a thief who claimed from a stolen root leaves less here than was posted.
    if (returned > this.balanceWei) throw new Refused("ERC20InsufficientBalance");
    this.postedWei -= returned;
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
    const removes = {
      pending: isVetoed(this.pending) && (this.paused || !hasMatured),
      current: isVetoed(this.current) && this.paused,
      previous: isVetoed(this.previous) && this.paused,
    };
    if (!removes.pending && !removes.current && !removes.previous) throw new Refused("NothingToVeto");
    if (removes.pending) {
      this.pending = undefined;
      this.vetoed = true;
    }
    if (removes.current) this.current = undefined;
    if (removes.previous) this.previous = undefined;
  }

  /** Pays each of the accounts what `tree` says beyond what it was paid. */
  claim(tree: RewardTree, accounts: readonly string[], isBatch: boolean, now: number): void {
    if (this.paused) throw new Refused("TreasuryPaused");
    if (!this.claimable(now).some((posted) => posted?.root === tree.root)) throw new Refused("RootNotClaimable");
    const unpaid = accounts.filter((account) => tree.cumulativeOf(account) > this.claimedOf(account));
    if (unpaid.length === 0 && !isBatch) throw new Refused("NothingToClaim");
    const amountsWei = unpaid.map((account) => tree.cumulativeOf(account) - this.claimedOf(account));
    const totalWei = amountsWei.reduce((sum, amountWei) => sum + amountWei, 0n);
    if (totalWei > this.balanceWei) throw new Refused("ERC20InsufficientBalance");
    this.balanceWei -= totalWei;
    for (const account of unpaid) this.claimed.set(account, tree.cumulativeOf(account));
  }

  pause(): void {
    if (this.paused) throw new Refused("TreasuryPaused");
    this.paused = true;
  }

  unpause(): void {
    if (!this.paused) throw new Refused("TreasuryNotPaused");
    this.paused = false;
  }

  claimedOf(account: string): bigint {
    return this.claimed.get(account) ?? 0n;
  }

  /** Pending, current and previous root at `now`, as the contract's views give them. */
  roots(now: number): readonly [pending: string, current: string, previous: string] {
    const [current, previous] = this.claimable(now);
    const pending = current === this.pending ? undefined : this.pending;
    return [pending?.root ?? ZeroHash, current?.root ?? ZeroHash, previous?.root ?? ZeroHash];
  }

  private claimable(now: number): readonly [Posted | undefined, Posted | undefined] {
    const hasMatured = this.pending !== undefined && now >= this.pending.claimableAt;
    return hasMatured ? [this.pending, this.current] : [this.current, this.previous];
  }

  private post(root: string, epoch: bigint, now: number): void {
    [this.current, this.previous] = this.claimable(now);
    this.pending = root === ZeroHash ? undefined : { root, epoch, claimableAt: now + this.claimDelaySeconds };
  }
}
