import { type Address, getAddress, type Hex, type TransactionReceipt, zeroHash, parseEventLogs } from "viem";
import { carriedInto } from "../keeper/settle/epochInputs";
import { type EpochArchive } from "../keeper/archive/epochArchive";
import { type RewardTree } from "../core/rewardTree/buildRewardTree";
import { proofOf, multiProofOf } from "../core/rewardTree/proofs";
import { positionOf } from "../core/rewardTree/rewardList";
import { readSettledEpochs } from "../keeper/facts/settledEpochs";
import { type Connection } from "../chain/connection";
import { mostGas } from "../chain/estimate";
import { type Signer, addressOf } from "../chain/signer";
import { claimableWei, type PaidOut, planClaim, planClaimAndStake, readRecipient } from "./claim";
import { perform, siteOf, type Plan } from "./plan";
import { readStakeEpochs, readValidators } from "./stakes";
import { type Call, isDrafter, rehearse, transact, transactAll } from "../chain/transact";
import { sum } from "../core/fixedPoint";
import { noProgress } from "../core/progress";
import { formatExactMdt } from "../show/amounts";
import { listClaimable } from "../views/accounts";

type ClaimableRewards = Awaited<ReturnType<typeof claimableRewards>>;

/**
 * What `account` can claim against the current root. The tree comes from the archive, or is computed from the chain. An
 * account without rewards has 0 of everything and an empty proof; amounts in wei. `epoch` is the last one that the root
 * includes, null while there is no root.
 */
export async function claimableRewards(connection: Connection, archive: EpochArchive, account: Address) {
  const claimedWei = await connection.contracts.treasury.read.claimedOf([account]);
  const { tree, epoch } = await claimableTree(connection, archive);
  const reward =
    tree === undefined || positionOf(tree.list, account) === undefined
      ? { account, cumulativeWei: 0n, proof: [] }
      : proofOf(tree, account);
  return {
    ...reward,
    account: getAddress(account),
    epoch,
    claimedWei,
    claimableWei: claimableWei({ ...reward, claimedWei }),
  };
}

/** The tree of the claimable root, and the last epoch that it includes; undefined and null if there is no root. */
export async function claimableTree(
  connection: Connection,
  archive: EpochArchive,
): Promise<{ readonly tree: RewardTree | undefined; readonly epoch: number | null }> {
  const [root, epoch] = await connection.contracts.treasury.read.currentRoot({ blockTag: "pending" });
  if (root === zeroHash) return { tree: undefined, epoch: null };
  return { tree: await treeOf(connection, archive, root, Number(epoch)), epoch: Number(epoch) };
}

/** When a claim is worth its gas. */
export interface ClaimTerms {
  /** Smaller amounts are not claimed. */
  readonly leastWei: bigint;
  /** Nothing is sent while gas costs more than this, in wei; null allows any price. */
  readonly mostGasPriceWei: bigint | null;
}

const anyTerms: ClaimTerms = { leastWei: 0n, mostGasPriceWei: null };

/** Whether gas costs more than `mostWei` now; false if that is null. */
export async function isGasTooExpensive(
  { reader }: Pick<Connection, "reader">,
  mostWei: bigint | null,
): Promise<boolean> {
  return mostWei !== null && (await reader.getGasPrice()) > mostWei;
}

/** A claim that was made, or that was not worth sending. */
export interface ClaimMade {
  readonly rewards: ClaimableRewards;
  /** 0 if nothing was sent. */
  readonly paidWei: bigint;
  /** The outcome in words; empty if nothing was sent. */
  readonly sentence: string;
  /** Null if nothing was sent. */
  readonly receipt: TransactionReceipt | null;
  /** What an unsent claim waits for: more rewards, or gas that costs less. */
  readonly waitsFor: "rewards" | "gas" | null;
}

/** Pays an account's claimable rewards to its recipient, no matter who sends the transaction. */
export async function claimFor(
  connection: Connection,
  archive: EpochArchive,
  signer: Signer,
  account: Address,
  terms = anyTerms,
): Promise<ClaimMade> {
  const site = siteOf(connection, signer);
  const rewards = await claimableRewards(connection, archive, account);
  const recipient = await readRecipient(site, account);
  return claimed(connection, signer, rewards, planClaim(site, { ...rewards, recipient }), terms);
}

/** Stakes the signer's claimable rewards on `validator`, in the signer's own name. */
export async function claimAndStake(
  connection: Connection,
  archive: EpochArchive,
  signer: Signer,
  validator: Address,
  terms = anyTerms,
): Promise<ClaimMade> {
  const site = siteOf(connection, signer);
  const rewards = await claimableRewards(connection, archive, site.account);
  const [epochs, options] = await Promise.all([readStakeEpochs(site), readValidators(site, [validator])]);
  return claimed(connection, signer, rewards, planClaimAndStake(site, rewards, epochs, options[0]!), terms);
}

async function claimed(
  connection: Connection,
  signer: Signer,
  rewards: ClaimableRewards,
  plan: Plan<PaidOut>,
  { leastWei, mostGasPriceWei }: ClaimTerms,
): Promise<ClaimMade> {
  const nothing = { rewards, paidWei: 0n, sentence: "", receipt: null };
  if (rewards.claimableWei === 0n || rewards.claimableWei < leastWei) return { ...nothing, waitsFor: "rewards" };
  if (await isGasTooExpensive(connection, mostGasPriceWei)) return { ...nothing, waitsFor: "gas" };
  const { receipt, outcome } = await perform(connection, signer, plan);
  return { rewards, paidWei: outcome.paidWei, sentence: outcome.sentence, receipt, waitsFor: null };
}

/** The claimable root does not follow from the epochs' facts. */
export class UnknownRootError extends Error {
  override readonly name = "UnknownRootError";
}

/**
 * The tree with this root, from the archive; if the epoch is missing there, the archive is filled from the chain first.
 * An epoch that posted an earlier epoch's root has that epoch's tree.
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
    `The Treasury's root of epoch ${epoch} does not match the computation: run "npx mdt epoch verify".`,
  );
}

/** Accounts that are tried in one transaction at first; each takes up to 100,000 gas. */
const mostAtOnce = 160;

/** The outcome of claiming for many accounts. */
export interface ManyClaims {
  readonly paid: readonly { readonly account: Address; readonly amountWei: bigint }[];
  readonly transactionHashes: readonly Hex[];
  /** Number of accounts left unpaid because gas became too expensive. */
  readonly left: number;
}

/**
 * Pays accounts their claimable rewards, each to its recipient, in as few transactions as gas allows. Accounts with
 * nothing to claim, or less than the minimum, are skipped; so a run that failed halfway can be repeated.
 * @throws RefusedError if the contract refuses.
 */
export async function claimMany(
  connection: Connection,
  archive: EpochArchive,
  signer: Signer,
  accounts: readonly Address[],
  { leastWei, mostGasPriceWei, gasPerTransaction = mostGas }: ClaimTerms & { readonly gasPerTransaction?: bigint },
  onProgress = noProgress,
): Promise<ManyClaims> {
  const { treasury } = connection.contracts;
  const { tree } = await claimableTree(connection, archive);
  const wanted = new Set(accounts);
  const rows = tree === undefined ? [] : await listClaimable(connection, tree.list);
  const due = rows.filter(({ account, claimableWei }) => wanted.has(account) && claimableWei >= leastWei);
  const paid: ManyClaims["paid"][number][] = [];
  const transactionHashes: Hex[] = [];
  const drafted: Call[] = [];
  let next = 0;
  while (next < due.length && !(await isGasTooExpensive(connection, mostGasPriceWei))) {
    const rest = due.slice(next, next + mostAtOnce).map(({ account }) => account);
    const { count, call } = await fitting(connection, tree!, addressOf(signer), rest, gasPerTransaction);
    next += count;
    if (isDrafter(signer)) {
      drafted.push(call);
      continue;
    }
    const { logs, transactionHash } = await transact(connection, signer, call);
    const claims = parseEventLogs({ abi: treasury.abi, eventName: "Claimed", logs });
    paid.push(...claims.map(({ args }) => ({ account: args.account, amountWei: args.amount })));
    transactionHashes.push(transactionHash);
    onProgress("accounts paid", next, due.length);
  }
  if (drafted.length > 0) {
    const paidWei = formatExactMdt(sum(due.slice(0, next).map(({ claimableWei }) => claimableWei)));
    const statements = [`${next} accounts are paid ${paidWei} MDT, each at its recipient.`];
    await transactAll(connection, signer, { calls: drafted, statements });
  }
  return { paid, transactionHashes, left: due.length - next };
}

/** The call for the first accounts, halving their number until it fits into a transaction; at least one. */
async function fitting(
  connection: Connection,
  tree: RewardTree,
  sender: Address,
  accounts: readonly Address[],
  gasPerTransaction: bigint,
) {
  for (let count = accounts.length; ; count = Math.ceil(count / 2)) {
    const { cumulativesWei, proof, proofFlags, ...proven } = multiProofOf(tree, accounts.slice(0, count));
    const args = [proven.accounts, cumulativesWei, proof, proofFlags] as const;
    const call = { ...connection.contracts.treasury, functionName: "claimMany" as const, args };
    if (count === 1 || (await rehearse(connection, sender, call, "pending")) <= gasPerTransaction) {
      return { count, call };
    }
  }
}
