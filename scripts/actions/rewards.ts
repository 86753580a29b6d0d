import { type Address, type Hex, type TransactionReceipt, zeroHash } from "viem";
import { carriedInto } from "../keeper/settle/carriedInto";
import { type EpochArchive } from "../keeper/archive/epochArchive";
import { type RewardTree } from "../core/rewardTree/buildRewardTree";
import { proofOf, type RewardProof } from "../core/rewardTree/proofs";
import { positionOf } from "../core/rewardTree/rewardList";
import { readSettledEpochs } from "../keeper/facts/settledEpochs";
import { type Connection } from "../chain/connection";
import { type Signer } from "../chain/signer";
import { claimableWei, type PaidOut, planClaim, planClaimAndStake, readRecipient } from "./claim";
import { perform, siteOf } from "./perform";
import { type Plan } from "./plan";
import { readStakeEpochs } from "./stakes";

/** What an account has earned, was paid, and can claim now, in wei, with the proof that the Treasury takes. */
export interface ClaimableRewards extends RewardProof {
  /** The last epoch that the claimable root includes; null while there is no root. */
  readonly epoch: number | null;
  readonly claimedWei: bigint;
  readonly claimableWei: bigint;
}

/**
 * What `account` can claim against the current root. The tree is taken from the archive, or computed from the chain.
 * An account without rewards has 0 of everything and an empty proof.
 */
export async function claimableRewards(
  connection: Connection,
  archive: EpochArchive,
  account: Address,
): Promise<ClaimableRewards> {
  const { treasury } = connection.contracts;
  const claimedWei = await treasury.read.claimedOf([account]);
  const [root, epoch] = await treasury.read.currentRoot({ blockTag: "pending" });
  const tree = root === zeroHash ? undefined : await treeOf(connection, archive, root, Number(epoch));
  const reward =
    tree === undefined || positionOf(tree.list, account) === undefined
      ? { account, cumulativeWei: 0n, proof: [] }
      : proofOf(tree, account);
  return {
    ...reward,
    epoch: root === zeroHash ? null : Number(epoch),
    claimedWei,
    claimableWei: claimableWei({ ...reward, claimedWei }),
  };
}

/** A claim that was made, or that had nothing to pay. */
export interface ClaimMade {
  readonly rewards: ClaimableRewards;
  /** 0 where there was nothing to claim. */
  readonly paidWei: bigint;
  /** Null where there was nothing to claim, and nothing was sent. */
  readonly receipt: TransactionReceipt | null;
}

/** Pays `account` what it can claim, at its recipient, whoever sends the transaction. */
export async function claimFor(
  connection: Connection,
  archive: EpochArchive,
  signer: Signer,
  account: Address,
): Promise<ClaimMade> {
  const site = siteOf(connection, signer);
  const rewards = await claimableRewards(connection, archive, account);
  const recipient = await readRecipient(site, account);
  return claimed(connection, signer, rewards, planClaim(site, { ...rewards, recipient }));
}

/** Stakes what the signer can claim on `validator`, in the signer's own name. */
export async function claimAndStake(
  connection: Connection,
  archive: EpochArchive,
  signer: Signer,
  validator: Address,
): Promise<ClaimMade> {
  const site = siteOf(connection, signer);
  const rewards = await claimableRewards(connection, archive, site.account);
  const epochs = await readStakeEpochs(site);
  return claimed(connection, signer, rewards, planClaimAndStake(site, rewards, epochs, validator));
}

async function claimed(connection: Connection, signer: Signer, rewards: ClaimableRewards, plan: Plan<PaidOut>) {
  if (rewards.claimableWei === 0n) return { rewards, paidWei: 0n, receipt: null };
  const { receipt, outcome } = await perform(connection, signer, plan);
  return { rewards, paidWei: outcome.paidWei, receipt };
}

/** The root that can be claimed against is not one that the epochs' facts lead to. */
export class UnknownRootError extends Error {
  override readonly name = "UnknownRootError";
}

/**
 * The tree with this root, from the archive, which is filled from the chain first where it lacks the epoch. An epoch whose
 * settlement posted the root of an earlier one has that one's tree.
 */
async function treeOf(connection: Connection, archive: EpochArchive, root: Hex, epoch: number): Promise<RewardTree> {
  const archived = await archive.tree(epoch, root);
  if (archived !== undefined) return archived;
  await carriedInto(connection, archive, epoch + 1, await readSettledEpochs(connection));
  for (let posted = epoch; posted >= 0; posted--) {
    const tree = await archive.tree(posted, root);
    if (tree !== undefined) return tree;
  }
  throw new UnknownRootError(
    `The Treasury's root of epoch ${epoch} is not one that the epochs' facts lead to: run "npx hardhat epoch verify".`,
  );
}
