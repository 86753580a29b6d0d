/**
 * What other programs import: ABIs, the addresses of recorded deployments, and proofs of rewards. `npm pack` makes a
 * package from it that reads no files and needs no library.
 */
import { type Addresses } from "./chain/abis";
import { buildRewardTree } from "./core/rewardTree/buildRewardTree";
import { proofOf, verifyProof } from "./core/rewardTree/proofs";

export { type Addresses, abis, type ContractName } from "./chain/abis";

type Hex = `0x${string}`;

/** A deployment, as it was recorded when it was made. */
export interface RecordedDeployment {
  readonly chainId: number;
  /** The first 8 hexadecimal digits of the hash of the chain's block 0. */
  readonly block0: string;
  readonly addresses: Addresses;
}

/** Every deployment that was recorded when the package was built; put there by scripts/build.mjs. */
declare const RECORDED_DEPLOYMENTS: readonly RecordedDeployment[];
export const deployments: readonly RecordedDeployment[] = RECORDED_DEPLOYMENTS;

/** A chain has no recorded deployment, or several: a restarted development chain keeps its id. */
export class DeploymentChoiceError extends Error {
  override readonly name = "DeploymentChoiceError";
}

/**
 * The addresses of the contracts.
 * @param chainId As the chain itself reports it.
 * @param block0Hash Hash of the chain's block 0; needed only if several chains with this id are recorded.
 * @throws DeploymentChoiceError if no record fits, or several do.
 */
export function addressesOf(chainId: number, block0Hash = ""): Addresses {
  const fitting = deployments.filter(
    (recorded) => recorded.chainId === chainId && recorded.block0.startsWith(block0Hash.slice(2, 10)),
  );
  const [only, ...others] = fitting;
  if (only === undefined) {
    throw new DeploymentChoiceError(
      `No deployment on chain ${chainId} is recorded: deploy first, or copy its record, then build this package again.`,
    );
  }
  if (others.length > 0) {
    throw new DeploymentChoiceError(
      `${fitting.length} deployments with chain id ${chainId} are recorded: give the hash of block 0 too.`,
    );
  }
  return only.addresses;
}

/** What every reward is bound to, so that no proof is valid for another chain or Treasury. */
export interface RewardDomain {
  readonly chainId: bigint;
  readonly treasury: Hex;
}

/** What an account has earned over all epochs so far, in wei, and the proof of it, as `Treasury.claim` takes them. */
export interface ProvenReward {
  readonly account: Hex;
  readonly cumulativeWei: bigint;
  readonly proof: readonly Hex[];
}

/** Whether a reward's proof leads to a root, judged as the Treasury judges it. The zero root proves nothing. */
export function isProvenReward(domain: RewardDomain, reward: ProvenReward, root: Hex): boolean {
  return verifyProof(domain, reward, root);
}

/** The root that the Treasury has for a list of rewards, and everyone's proof. */
export interface RewardTree {
  readonly root: Hex;
  /** @throws Error if the account has no reward in the list. */
  proofOf(account: Hex): ProvenReward;
}

/**
 * Builds the tree of a list of rewards, each account at most once, in any order.
 * @param rewards Accounts with what each has earned so far, in wei, above zero.
 * @throws Error naming the account that appears twice or can't have a reward.
 */
export async function rewardTreeOf(
  domain: RewardDomain,
  rewards: readonly (readonly [account: Hex, cumulativeWei: bigint])[],
): Promise<RewardTree> {
  const tree = await buildRewardTree(
    domain,
    rewards.map(([account, cumulativeWei]) => ({ account, cumulativeWei })),
  );
  return { root: tree.root, proofOf: (account) => proofOf(tree, account) };
}
