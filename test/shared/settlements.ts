import { time } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { type AddressLike, ZeroHash, id } from "ethers";
import { type Settlement as CoreSettlement } from "../../scripts/core/settlement";
import { type Deployment } from "./deployTreasury";
import { RewardTree } from "./rewardTree";

/** Settlement as the Treasury takes it, with hashes as ethers writes them. */
export type Settlement = {
  readonly [Field in keyof CoreSettlement]: CoreSettlement[Field] extends bigint ? bigint : string;
};

/** An empty settlement for epoch 0, changed by `fields`; its emission is the sum of its parts unless given. */
export function settlement(fields: Partial<Settlement> = {}): Settlement {
  const whole = {
    epoch: 0n,
    burnedUnmetQuota: 0n,
    burnedQualityPenalty: 0n,
    minerRewards: 0n,
    validatorRewards: 0n,
    daoShare: 0n,
    returned: 0n,
    utilityWad: 670_000_000_000_000_000n,
    qualityWad: 900_000_000_000_000_000n,
    rewardsRoot: ZeroHash,
    policyHash: id("policy"),
    inputsHash: id("inputs"),
    ...fields,
  };
  const sumOfParts =
    whole.burnedUnmetQuota +
    whole.burnedQualityPenalty +
    whole.minerRewards +
    whole.validatorRewards +
    whole.daoShare +
    whole.returned;
  return { emission: sumOfParts, ...whole };
}

/** Lets time pass until `epoch` can be settled, if it can't yet. */
export async function makeDue({ treasury }: Deployment, epoch: bigint): Promise<void> {
  const dueAt = await treasury.revealEnd(epoch);
  if (BigInt(await time.latest()) < dueAt) await time.increaseTo(dueAt);
}

/** The keeper settles the next epoch, as soon as it is due, with `fields`. */
export async function settleNext(deployment: Deployment, fields: Partial<Settlement> = {}) {
  const { treasury, actors } = deployment;
  const epoch = await treasury.nextEpochToSettle();
  await makeDue(deployment, epoch);
  return treasury.connect(actors.keeper).settleEpoch(settlement({ epoch, ...fields }));
}

/** A tree over accounts and their total earnings. */
export function treeOf({ domain }: Deployment, rewards: readonly (readonly [AddressLike, bigint])[]): RewardTree {
  return new RewardTree(
    domain,
    rewards.map(([account, cumulativeWei]) => ({ account: addressOf(account), cumulativeWei })),
  );
}

/** Anyone, here a stranger, claims for `account` with its leaf of `tree`. */
export async function claimFrom({ treasury, actors }: Deployment, tree: RewardTree, account: AddressLike) {
  const address = addressOf(account);
  return treasury.connect(actors.stranger).claim(address, tree.cumulativeOf(address), tree.proofOf(address));
}

/** An account has no code and its address is at hand. */
function addressOf(account: AddressLike): string {
  if (typeof account === "string") return account;
  if ("address" in account && typeof account.address === "string") return account.address;
  throw new Error("not an account");
}
