import { EpochArchive } from "./epochArchive";
import { type Connection } from "../../chain/connection";
import { dataDirectory } from "../../chain/deployment";

/**
 * The epoch reports and reward trees that this machine keeps of a deployment.
 * @param root Where data is kept; MDT_DATA or the folder `data` of the project where it is missing.
 * @param onUnwritten Called for each epoch whose files could not be written; stderr says so where it is missing.
 * @param onSetAside Called with one sentence about each file that can't be used; stderr says so where it is missing.
 */
export async function openArchive(
  { reader, deployment, contracts }: Connection,
  root: string | undefined = process.env.MDT_DATA,
  onUnwritten = (epoch: number, reason: string): void => {
    process.stderr.write(`can't write the files of epoch ${epoch}: ${reason}\n`);
  },
  onSetAside = (sentence: string): void => {
    process.stderr.write(`${sentence}\n`);
  },
): Promise<EpochArchive> {
  const domain = { chainId: BigInt(await reader.getChainId()), treasury: contracts.treasury.address };
  return new EpochArchive(dataDirectory(deployment.id, root), domain, onUnwritten, onSetAside);
}
