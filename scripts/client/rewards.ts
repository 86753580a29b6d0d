import { type Address, type TransactionReceipt, zeroHash } from "viem";
import { carriedInto } from "../keeper/carriedInto";
import { type EpochArchive } from "../keeper/epochArchive";
import { rewardsOf } from "../keeper/core/cumulative";
import { buildRewardTree, type RewardTree } from "../keeper/core/rewardTree/buildRewardTree";
import { proofOf, type RewardProof } from "../keeper/core/rewardTree/proofs";
import { positionOf } from "../keeper/core/rewardTree/rewardList";
import { openParallelHasher } from "../keeper/parallelHasher";
import { readSettledEpochs } from "../keeper/settledEpochs";
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
  const tree = root === zeroHash ? undefined : await treeOf(connection, archive, Number(epoch));
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

async function treeOf(connection: Connection, archive: EpochArchive, epoch: number): Promise<RewardTree> {
  const settled = await readSettledEpochs(connection);
  const root = settled[epoch]!.settlement.rewardsRoot;
  const archived = await archive.tree(epoch, root);
  if (archived !== undefined) return archived;
  const { cumulative } = await carriedInto(connection, archive, epoch + 1, settled);
  const chainId = BigInt(await connection.reader.getChainId());
  return buildRewardTree(
    { chainId, treasury: connection.contracts.treasury.address },
    rewardsOf(cumulative),
    openParallelHasher,
  );
}
