import { getAbiItem, isAddressEqual } from "viem";
import { type Connection } from "../../chain/connection";
import { readLogs } from "../../chain/logs";
import { type Funds } from "../../core/assembleInputs";
import { requireWholeEvents } from "./missingEvents";
import { type SettledEpoch } from "./settledEpochs";
import { sum } from "../../core/fixedPoint";

/**
 * What could pay for each settlement right before it executed: the pool's balance, rebuilt from every transfer in and out
 * of it, and what was left of the Treasury's lifetime allowance. From events alone, so no archive node is needed.
 * @param settled Every settled epoch, in order.
 * @throws MissingEventsError where the pool holds something else by now than those transfers leave in it.
 */
export async function readFundsBefore(
  connection: Connection,
  settled: readonly SettledEpoch[],
): Promise<readonly Funds[]> {
  const { reader, contracts, deployment } = connection;
  const { token, pool, treasury } = contracts;
  if (settled.length === 0) return [];
  let mintableWei = (await token.read.mintable([treasury.address])) + sum(settled.map(({ mintedWei }) => mintedWei));
  let poolWei = 0n;
  const funds: Funds[] = [];
  const reached = (): SettledEpoch | undefined => settled[funds.length];
  const take = (epoch: SettledEpoch): void => {
    funds.push({ poolWei, mintableWei });
    mintableWei -= epoch.mintedWei;
  };
  const head = await reader.getBlockNumber();
  for await (const { args, blockNumber, transactionHash, transactionIndex } of readLogs(reader, {
    address: token.address,
    events: [getAbiItem({ abi: token.abi, name: "Transfer" })],
    fromBlock: BigInt(deployment.choices.fromBlock),
    toBlock: head,
  })) {
    for (let epoch = reached(); epoch !== undefined; epoch = reached()) {
      const isLater =
        blockNumber > epoch.blockNumber ||
        (blockNumber === epoch.blockNumber && transactionIndex > epoch.transactionIndex);
      if (!isLater && transactionHash !== epoch.transactionHash) break;
      take(epoch);
    }
    if (isAddressEqual(args.to, pool.address)) poolWei += args.value;
    if (isAddressEqual(args.from, pool.address)) poolWei -= args.value;
  }
  for (let epoch = reached(); epoch !== undefined; epoch = reached()) take(epoch);
  requireWholeEvents("The pool's balance in wei", poolWei, await pool.read.available({ blockNumber: head }));
  return funds;
}
