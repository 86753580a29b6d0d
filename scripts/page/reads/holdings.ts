import { type Address, type PublicClient } from "viem";
import { type Contracts } from "../../chain/contracts";

/** What an account holds and is, besides its stake. */
export interface Holdings {
  readonly balanceWei: bigint;
  /** What it can pay for gas with, in wei of the chain's own currency. */
  readonly gasWei: bigint;
  /** Its id as a miner; null where it is none. */
  readonly minerId: number | null;
  /** Where its rewards are paid. */
  readonly recipient: Address;
  /** Transactions it has sent. */
  readonly nonce: number;
}

export async function readHoldings(reader: PublicClient, contracts: Contracts, account: Address): Promise<Holdings> {
  const { token, taskRegistry, treasury } = contracts;
  const [balanceWei, gasWei, minerId, recipient, nonce] = await Promise.all([
    token.read.balanceOf([account]),
    reader.getBalance({ address: account }),
    taskRegistry.read.minerIdOf([account]),
    treasury.read.claimRecipientOf([account]),
    reader.getTransactionCount({ address: account }),
  ]);
  return { balanceWei, gasWei, minerId: minerId === 0 ? null : minerId, recipient, nonce };
}
