import { type Address, type Hex, type TransactionReceipt, zeroHash } from "viem";
import { carriedInto } from "../keeper/settle/carriedInto";
import { type EpochArchive } from "../keeper/archive/epochArchive";
import { type RewardTree } from "../core/rewardTree/buildRewardTree";
import { proofOf, type RewardProof } from "../core/rewardTree/proofs";
import { positionOf } from "../core/rewardTree/rewardList";
import { readSettledEpochs } from "../keeper/facts/settledEpochs";
import { type Connection } from "../chain/connection";
import { addressOf, type Signer } from "../chain/signer";
import { transact } from "../chain/transact";

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
    claimableWei: reward.cumulativeWei > claimedWei ? reward.cumulativeWei - claimedWei : 0n,
  };
}

/** A claim that was made, or that had nothing to pay. */
export interface ClaimOutcome {
  readonly rewards: ClaimableRewards;
  /** Null where there was nothing to claim, and nothing was sent. */
  readonly receipt: TransactionReceipt | null;
}

/** Pays `account` what it can claim, at its recipient, whoever sends the transaction. */
export async function claimFor(
  connection: Connection,
  archive: EpochArchive,
  signer: Signer,
  account: Address,
): Promise<ClaimOutcome> {
  const rewards = await claimableRewards(connection, archive, account);
  if (rewards.claimableWei === 0n) return { rewards, receipt: null };
  const { treasury } = connection.contracts;
  const { cumulativeWei, proof } = rewards;
  const receipt = await transact(connection, signer, {
    ...treasury,
    functionName: "claim",
    args: [account, cumulativeWei, proof],
  });
  return { rewards, receipt };
}

/** Stakes what the signer can claim on `validator`, in the signer's own name. */
export async function claimAndStake(
  connection: Connection,
  archive: EpochArchive,
  signer: Signer,
  validator: Address,
): Promise<ClaimOutcome> {
  const rewards = await claimableRewards(connection, archive, addressOf(signer));
  if (rewards.claimableWei === 0n) return { rewards, receipt: null };
  const { treasury } = connection.contracts;
  const { cumulativeWei, proof } = rewards;
  const receipt = await transact(connection, signer, {
    ...treasury,
    functionName: "claimAndStake",
    args: [cumulativeWei, proof, validator],
  });
  return { rewards, receipt };
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
