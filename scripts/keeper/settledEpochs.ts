import { getAbiItem } from "viem";
import { type Connection } from "../chain/connection";
import { readLogs } from "../chain/logs";
import { type Settlement } from "./core/settlement";

/** An epoch as the Treasury settled it. Amounts in wei. */
export interface SettledEpoch {
  readonly settlement: Settlement;
  readonly mintedWei: bigint;
  readonly recycledWei: bigint;
  readonly totalSupplyWei: bigint;
  readonly blockNumber: bigint;
  readonly blockHash: `0x${string}`;
  readonly transactionIndex: number;
  readonly transactionHash: `0x${string}`;
}

/**
 * Every epoch settled so far, in order, from the Treasury's events.
 * @param fromBlock Where to begin, for whoever knows the settlements before it.
 */
export async function readSettledEpochs(
  { reader, contracts, deployment }: Connection,
  fromBlock = BigInt(deployment.choices.fromBlock),
): Promise<readonly SettledEpoch[]> {
  const { address, abi } = contracts.treasury;
  const settled: SettledEpoch[] = [];
  for await (const { args, blockNumber, blockHash, transactionIndex, transactionHash } of readLogs(reader, {
    address,
    events: [getAbiItem({ abi, name: "EpochSettled" })],
    fromBlock,
    toBlock: await reader.getBlockNumber(),
  })) {
    const { settlement, minted, recycled, totalSupply } = args;
    settled.push({
      settlement,
      mintedWei: minted,
      recycledWei: recycled,
      totalSupplyWei: totalSupply,
      blockNumber,
      blockHash,
      transactionIndex,
      transactionHash,
    });
  }
  return settled;
}
