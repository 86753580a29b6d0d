import { type Address, type Hex, parseEventLogs } from "viem";
import { type Connection } from "../chain/connection";
import { addressOf, type Signer } from "../chain/signer";
import { type Call, isDrafter, rehearse, transact, transactAll } from "../chain/transact";
import { sum } from "../core/fixedPoint";
import { noProgress } from "../core/progress";
import { type RewardTree } from "../core/rewardTree/buildRewardTree";
import { multiProofOf } from "../core/rewardTree/proofs";
import { type EpochArchive } from "../keeper/archive/epochArchive";
import { formatExactMdt } from "../show/amounts";
import { listClaimable } from "../views/claimable";
import { type ClaimTerms, claimableTree, gasIsTooDear } from "./rewards";

/** No transaction may take more gas (EIP-7825). */
const mostGas = 16_777_216n;

/** How many accounts are tried at first; each takes up to 100,000 gas. */
const mostAtOnce = 160;

/** What came of claiming for many. */
export interface ManyClaims {
  readonly paid: readonly { readonly account: Address; readonly amountWei: bigint }[];
  readonly transactionHashes: readonly Hex[];
  /** How many were left because gas became too expensive. */
  readonly left: number;
}

/**
 * Pays accounts what they can claim, each at its recipient, in as few transactions as gas allows. Who has nothing to
 * claim, or less than the least, is passed over; so a claim that fails inside can be run again.
 * @throws RefusedError where the contract refuses.
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
  while (next < due.length && !(await gasIsTooDear(connection, mostGasPriceWei))) {
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

/** The call for as many of the accounts as fit into a transaction, at least one. */
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
