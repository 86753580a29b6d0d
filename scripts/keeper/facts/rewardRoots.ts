import { type Hash, type Hex, zeroHash } from "viem";
import { type Connection } from "../../chain/connection";
import { type Veto } from "./settledEpochs";

/** A root that can be claimed against, or will be when its claim delay is over. */
export interface LiveRoot {
  readonly root: Hex;
  /** The last epoch that posted it. */
  readonly epoch: number;
  /** Unix seconds; null if it can be claimed against already. */
  readonly claimableAt: number | null;
}

/**
 * The Treasury's pending, current and previous root in this order, as of the newest block; vetoed roots are not among
 * them. A pending transaction may never be mined, so a veto that waits in the mempool has removed nothing.
 */
export async function readLiveRoots({ contracts }: Connection): Promise<readonly LiveRoot[]> {
  const { read } = contracts.treasury;
  const [pending, current, previous] = await Promise.all([read.pendingRoot(), read.currentRoot(), read.previousRoot()]);
  return [
    { root: pending[0], epoch: Number(pending[1]), claimableAt: Number(pending[2]) },
    ...[current, previous].map(([root, epoch]) => ({ root, epoch: Number(epoch), claimableAt: null })),
  ].filter(({ root }) => root !== zeroHash);
}

/** A root of everyone's cumulative rewards, and the last epoch that posted it. */
export type PostedRoot = Pick<LiveRoot, "root" | "epoch">;

/** The roots as they stand: claimable, pending and vetoed. */
export interface RewardRoots {
  /** Null if none waits for its claim delay; `claimableAt` in unix seconds. */
  readonly pending: (PostedRoot & { readonly claimableAt: number }) | null;
  /** The newest root that can be claimed against (unless paused); null if there is none. */
  readonly claimable: PostedRoot | null;
  readonly paused: boolean;
  /** Every veto whose root was not reposted, in order. */
  readonly vetoes: readonly Veto[];
}

/**
 * The roots according to the Treasury's views.
 * @param vetoes As readSettlements found them.
 */
export async function readRewardRoots(connection: Connection, vetoes: readonly Veto[]): Promise<RewardRoots> {
  const [live, paused] = await Promise.all([readLiveRoots(connection), connection.contracts.treasury.read.paused()]);
  let [pending, claimable]: [RewardRoots["pending"], RewardRoots["claimable"]] = [null, null];
  for (const { root, epoch, claimableAt } of live) {
    if (claimableAt !== null) pending = { root, epoch, claimableAt };
    else claimable ??= { root, epoch };
  }
  return { pending, claimable, paused, vetoes };
}

/** What became of the root that an epoch posted. Roots are cumulative, so a later one holds the epoch's rewards too. */
export type RootStatus =
  /** Nobody was ever rewarded. */
  | { readonly status: "none" }
  /** The root of `claimableEpoch`, its own or a later one, waits for its claim delay. */
  | { readonly status: "pending"; readonly claimableAt: number; readonly claimableEpoch: number }
  /** Its rewards can be claimed with the root of `claimableEpoch`, its own or a later one. */
  | { readonly status: "claimable"; readonly claimableEpoch: number }
  /** Replaced by a later root before it could be claimed, and that one is gone. */
  | { readonly status: "superseded" }
  | { readonly status: "vetoed"; readonly vetoTransaction: Hash };

/** What became of the root that `epoch` posted with its settlement. */
export function rootStatusOf({ pending, claimable, vetoes }: RewardRoots, { root, epoch }: PostedRoot): RootStatus {
  if (root === zeroHash) return { status: "none" };
  const veto = vetoes.find((one) => one.root === root);
  if (veto !== undefined) return { status: "vetoed", vetoTransaction: veto.transactionHash };
  if (claimable !== null && claimable.epoch >= epoch) {
    return { status: "claimable", claimableEpoch: claimable.epoch };
  }
  if (pending !== null && pending.epoch >= epoch) {
    return { status: "pending", claimableAt: pending.claimableAt, claimableEpoch: pending.epoch };
  }
  return { status: "superseded" };
}
