import { type Hex, zeroHash } from "viem";
import { type Connection } from "../../chain/connection";

/** A root that can be claimed against, or will be when its claim delay is over. */
export interface LiveRoot {
  readonly root: Hex;
  /** The last epoch that posted it. */
  readonly epoch: number;
  /** Unix seconds; null where it can be claimed against already. */
  readonly claimableAt: number | null;
}

/**
 * The Treasury's pending, current and previous root, as of the newest block; those that are vetoed are not among them. What is
 * on its way may never be mined, so a veto that waits in the mempool has removed nothing.
 */
export async function readLiveRoots({ contracts }: Connection): Promise<readonly LiveRoot[]> {
  const { read } = contracts.treasury;
  const [pending, current, previous] = await Promise.all([read.pendingRoot(), read.currentRoot(), read.previousRoot()]);
  return [
    { root: pending[0], epoch: Number(pending[1]), claimableAt: Number(pending[2]) },
    ...[current, previous].map(([root, epoch]) => ({ root, epoch: Number(epoch), claimableAt: null })),
  ].filter(({ root }) => root !== zeroHash);
}
