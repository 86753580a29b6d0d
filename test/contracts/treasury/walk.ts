import { id, type ContractTransactionResponse } from "ethers";
import { EPOCH_SECONDS, type Deployment } from "../../shared/deployTreasury";
import { type RewardTree } from "../../shared/rewardTree";
import { settlement, treeOf } from "../../shared/settlements";
import { type Dice } from "../staking/walk";
import { type Amounts, ceilingOf, emissionOf, TreasuryModel } from "./model";

const TRANSACTION_FEES = 4;

/** One action on the contracts and on the model. */
export interface Step {
  readonly name: string;
  readonly send: () => Promise<ContractTransactionResponse>;
  readonly mirror: () => void;
}

/** Random actions of a keeper that is mostly honest, a guardian, and people who claim. */
export class Walk {
  readonly model: TreasuryModel;
  readonly people: readonly string[];
  readonly thief: string;
  /** Total rewards that each account has honestly earned. */
  readonly earned = new Map<string, bigint>();
  private readonly trees: RewardTree[] = [];
  /** The rewards that the newest settled epoch added to `earned`. */
  private newest = { account: "", amountWei: 0n };

  constructor(
    readonly deployment: Deployment,
    private readonly dice: Dice,
    supplyWei: bigint,
  ) {
    const { alice, bob, carol, dora, stranger } = deployment.actors;
    this.people = [alice, bob, carol, dora].map(({ address }) => address);
    this.thief = stranger.address;
    this.model = new TreasuryModel(Number(deployment.parameters.claimDelaySeconds), supplyWei);
  }

  /** The next action, at the second `now`. */
  next(now: number): Step {
    const die = this.dice.below(100);
    if (die < 28) return this.settle(now);
    if (die < 52) return this.claim(now);
    if (die < 62) return this.claimMany(now);
    if (die < 76) return this.veto(now);
    if (die < 88) return this.repost(now);
    if (die < 92) return this.recycle();
    const isAdmin = this.dice.below(2) === 0;
    return this.model.isPaused(now) || this.dice.below(3) > 0 ? this.unpause(isAdmin, now) : this.pause(isAdmin, now);
  }

  /** Seconds until the next action, sometimes about an epoch. */
  pauseSeconds(): number {
    if (this.dice.below(100) === 0) return this.dice.below(20 * 86_400); // up to 20 days, so that a guardian's pause can end automatically
    return 1 + this.dice.below(this.dice.below(4) === 0 ? Number(EPOCH_SECONDS) : 12);
  }

  private settle(now: number): Step {
    const { treasury, actors } = this.deployment;
    const epoch = this.model.nextEpoch;
    const amounts = this.amountsFor(epoch);
    const account = this.dice.pick(this.people);
    const after = new Map(this.earned).set(account, (this.earned.get(account) ?? 0n) + amounts.rewards);
    const isTheft = this.dice.below(6) === 0;
    const tree = isTheft ? this.theft(epoch) : this.treeOf(after);
    const minerRewards = amounts.rewards / 3n;
    const fields = settlement({
      epoch,
      burnedUnmetQuota: amounts.burned,
      minerRewards,
      validatorRewards: amounts.rewards - minerRewards,
      daoShare: amounts.daoShare,
      returned: amounts.returned,
      rewardsRoot: tree.root,
    });
    return {
      name: `settle ${epoch.toString()}${isTheft ? " with a stolen root" : ""}`,
      send: () => treasury.connect(actors.keeper).settleEpoch(fields),
      mirror: () => {
        this.model.settle(tree.root, amounts, now);
        this.earned.set(account, after.get(account)!);
        this.newest = { account, amountWei: amounts.rewards };
        this.trees.push(tree);
      },
    };
  }

  /** A few wei, so that a walk of some thousand steps reaches halvings whose ceiling is below the wanted amounts. */
  private amountsFor(epoch: bigint): Amounts {
    const wanted: Amounts = {
      burned: BigInt(this.dice.below(200)),
      rewards: this.dice.below(4) === 0 ? 0n : BigInt(this.dice.below(900)),
      daoShare: BigInt(this.dice.below(20) === 0 ? 2_000 : this.dice.below(100)),
      returned: BigInt(this.dice.below(8) === 0 ? this.dice.below(900) : this.dice.below(3)),
    };
    const emission = emissionOf(wanted);
    const ceiling = ceilingOf(epoch);
    const isGreedy = this.dice.below(8) === 0;
    if (emission <= ceiling || isGreedy) return wanted;
    const shrunk = (amount: bigint) => (amount * ceiling) / emission;
    return {
      burned: shrunk(wanted.burned),
      rewards: shrunk(wanted.rewards),
      daoShare: shrunk(wanted.daoShare),
      returned: shrunk(wanted.returned),
    };
  }

  /** The keeper distributes the newest epoch's rewards again, and returns the rest to the pool. */
  private repost(now: number): Step {
    const { treasury, actors } = this.deployment;
    const epoch = this.model.nextEpoch - (this.dice.below(10) === 0 ? 2n : 1n);
    const { account, amountWei } = this.newest;
    // Up to all that the epoch posted; the contract must refuse to return what may have been claimed.
    const returned = BigInt(this.dice.below(Number(amountWei) + 1));
    const after = new Map(this.earned);
    if (after.has(account)) after.set(account, after.get(account)! - returned);
    const tree = this.treeOf(after);
    return {
      name: `repost ${epoch.toString()}`,
      send: () =>
        treasury.connect(actors.keeper).repostRoot(epoch < 0n ? 0n : epoch, tree.root, id("inputs"), returned),
      mirror: () => {
        this.model.repost(epoch < 0n ? 0n : epoch, tree.root, returned, now);
        this.newest = { account, amountWei: amountWei - returned };
        if (after.has(account)) this.earned.set(account, after.get(account)!);
        this.trees.push(tree);
      },
    };
  }

  private claim(now: number): Step {
    const { treasury, actors } = this.deployment;
    const tree = this.recentTree();
    const { account } = this.dice.pick(tree.rewards);
    return {
      name: `claim for ${account}`,
      send: () => treasury.connect(actors.whale).claim(account, tree.cumulativeOf(account), tree.proofOf(account)),
      mirror: () => {
        this.model.claim(tree, [account], false, now);
      },
    };
  }

  private claimMany(now: number): Step {
    const { treasury, actors } = this.deployment;
    const tree = this.recentTree();
    const first = this.dice.pick(tree.rewards).account;
    const chosen = tree.rewards
      .map(({ account }) => account)
      .filter((account) => {
        return account === first || this.dice.below(2) === 0;
      });
    const batch = tree.multiproofOf(chosen);
    return {
      name: "claimMany",
      send: () => treasury.connect(actors.whale).claimMany(...batch),
      mirror: () => {
        this.model.claim(tree, batch[0], true, now);
      },
    };
  }

  private veto(now: number): Step {
    const { treasury, actors } = this.deployment;
    const epochsBack = BigInt(this.dice.below(4));
    const epoch = this.model.nextEpoch > epochsBack ? this.model.nextEpoch - epochsBack : 0n;
    return {
      name: `veto ${epoch.toString()}`,
      send: () => treasury.connect(actors.guardian).vetoRoot(epoch),
      mirror: () => {
        this.model.veto(epoch, now);
      },
    };
  }

  private pause(isAdmin: boolean, now: number): Step {
    const { treasury, actors } = this.deployment;
    return {
      name: "pause",
      send: () => treasury.connect(isAdmin ? actors.admin : actors.guardian).pause(),
      mirror: () => {
        this.model.pause(isAdmin, now);
      },
    };
  }

  private unpause(isAdmin: boolean, now: number): Step {
    const { treasury, actors } = this.deployment;
    return {
      name: "unpause",
      send: () => treasury.connect(isAdmin ? actors.admin : actors.guardian).unpause(),
      mirror: () => {
        this.model.unpause(isAdmin, now);
      },
    };
  }

  private recycle(): Step {
    const { pool, actors } = this.deployment;
    const amountWei = BigInt(this.dice.below(1_500));
    return {
      name: "recycle",
      send: () => pool.connect(actors.whale).deposit(TRANSACTION_FEES, amountWei),
      mirror: () => {
        this.model.poolWei += amountWei;
      },
    };
  }

  private recentTree(): RewardTree {
    return this.trees.at(-1 - this.dice.below(Math.min(4, this.trees.length))) ?? this.theft(0n);
  }

  /** A tree of all accounts with rewards; before there are any, of one leaf with zero wei. */
  private treeOf(earned: ReadonlyMap<string, bigint>): RewardTree {
    const rewards = [...earned].filter(([, amountWei]) => amountWei > 0n);
    return treeOf(this.deployment, rewards.length > 0 ? rewards : [[this.people[0]!, 0n]]);
  }

  /** The tree that a thief with the keeper's key would post. */
  private theft(epoch: bigint): RewardTree {
    return treeOf(this.deployment, [[this.thief, 300n * (epoch + 1n)]]);
  }
}
