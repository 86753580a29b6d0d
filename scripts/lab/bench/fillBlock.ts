import { type Address, createWalletClient, type Hex, type PublicClient, type TestClient, type Transport } from "viem";

/** A node whose next block is filled. */
export interface BlockStage {
  readonly reader: PublicClient;
  readonly transport: Transport;
  readonly chain: TestClient;
  readonly sender: Address;
}

/** One of the transactions that a block is filled with; `gas` is its limit. */
export interface Filling {
  readonly to: Address;
  readonly data: Hex;
  readonly gas: bigint;
}

/**
 * Sends more than a block can hold, mines one block, and undoes everything.
 * @returns How many of the transactions were in the block.
 * @throws Error where one of them failed, or where all of them fitted.
 */
export async function fillBlock(
  { reader, transport, chain, sender }: BlockStage,
  fillings: readonly Filling[],
): Promise<number> {
  const id = await chain.snapshot();
  await chain.setAutomine(false);
  const wallet = createWalletClient({ account: sender, transport });
  const nonce = await reader.getTransactionCount({ address: sender });
  await Promise.all(
    fillings.map((filling, i) => wallet.sendTransaction({ ...filling, nonce: nonce + i, chain: null })),
  );
  await chain.mine({ blocks: 1 });
  const { transactions } = await reader.getBlock();
  const receipts = await Promise.all(transactions.map((hash) => reader.getTransactionReceipt({ hash })));
  const failed = receipts.filter(({ status }) => status !== "success").length;
  if (failed > 0) throw new Error(`${failed} of ${transactions.length} transactions in a full block failed.`);
  if (transactions.length === fillings.length)
    throw new Error(`All ${fillings.length} transactions fitted in a block.`);
  await chain.revert({ id });
  return transactions.length;
}
