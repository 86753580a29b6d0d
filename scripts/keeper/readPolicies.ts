import { getAbiItem } from "viem";
import { type Connection } from "../chain/connection";
import { readLogs } from "../chain/logs";
import { type PublishedPolicy } from "./core/policy/published";

/** Every policy version published up to `toBlock`, valid or not, in the order of publication. */
export async function readPolicies(
  { reader, contracts, deployment }: Connection,
  toBlock: bigint,
): Promise<readonly PublishedPolicy[]> {
  const { address, abi } = contracts.policyRegistry;
  const published: PublishedPolicy[] = [];
  for await (const { args } of readLogs(reader, {
    address,
    events: [getAbiItem({ abi, name: "PolicyPublished" })],
    fromBlock: BigInt(deployment.choices.fromBlock),
    toBlock,
  })) {
    published.push({ fromEpoch: args.fromEpoch, json: args.json });
  }
  return published;
}
