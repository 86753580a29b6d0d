import { createWalletClient, type PublicClient, type TestClient, type Transport } from "viem";

/**
 * Makes a development chain like another one: every transaction again, from the same account with the same gas, in a block
 * with the same timestamp. Contracts get the same addresses, because nonces are the same.
 * @param to Must mine when told to, and have the same accounts unlocked.
 */
export async function copyChain(from: PublicClient, to: { readonly transport: Transport; readonly chain: TestClient }) {
  const wallet = createWalletClient({ transport: to.transport });
  const newest = await from.getBlockNumber();
  for (let blockNumber = 1n; blockNumber <= newest; blockNumber++) {
    const block = await from.getBlock({ blockNumber, includeTransactions: true });
    for (const { from: account, to: receiver, input, value, gas } of block.transactions) {
      await wallet.sendTransaction({ account, to: receiver, data: input, value, gas, chain: null });
    }
    await to.chain.setNextBlockTimestamp({ timestamp: block.timestamp });
    await to.chain.mine({ blocks: 1 });
  }
}
