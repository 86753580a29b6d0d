import { EpochArchive } from "../keeper/epochArchive";
import { type Connection } from "./connection";
import { dataDirectory } from "./dataDirectory";

/** The epoch reports and reward trees that this machine keeps of a deployment. */
export async function openArchive({ reader, deployment, contracts }: Connection): Promise<EpochArchive> {
  const domain = { chainId: BigInt(await reader.getChainId()), treasury: contracts.treasury.address };
  return new EpochArchive(dataDirectory(deployment.id, process.env.MDT_DATA), domain);
}
