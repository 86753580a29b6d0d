import { getAbiItem } from "viem";
import { type Connection } from "../../chain/connection";
import { readLogs } from "../../chain/logs";
import { type PolicyConstants } from "../../core/policy/bounds";
import { type PublishedPolicy } from "../../core/policy/history";
import { requireWholeEvents } from "./missingEvents";

/**
 * Every policy version published up to `toBlock`, valid or not, in the order of publication.
 * @throws MissingEventsError where the PolicyRegistry has another number of them than there are events.
 */
export async function readPolicies(
  { reader, contracts, deployment }: Connection,
  toBlock: bigint,
): Promise<readonly PublishedPolicy[]> {
  const { address, abi, read } = contracts.policyRegistry;
  const published: PublishedPolicy[] = [];
  let events = 0n;
  const head = await reader.getBlockNumber();
  for await (const { args, blockNumber } of readLogs(reader, {
    address,
    events: [getAbiItem({ abi, name: "PolicyPublished" })],
    fromBlock: BigInt(deployment.choices.fromBlock),
    toBlock: head,
  })) {
    events++;
    if (blockNumber <= toBlock) published.push({ fromEpoch: args.fromEpoch, json: args.json });
  }
  requireWholeEvents("The number of policies", events, await read.policyCount({ blockNumber: head }));
  return published;
}

/** What policies are judged by, from the chain itself: a network's file may differ from one machine to the next. */
export async function readPolicyConstants({ contracts, deployment }: Connection): Promise<PolicyConstants> {
  const { treasury, taskRegistry } = contracts;
  const [baseRewardWei, volumeFeeWei, difficultyFeeWei] = await Promise.all([
    treasury.read.baseRewardWei(),
    taskRegistry.read.volumeFeeWei(),
    taskRegistry.read.difficultyFeeWei(),
  ]);
  return { baseRewardWei, volumeFeeWei, difficultyFeeWei, isLocal: deployment.choices.network === "local" };
}
