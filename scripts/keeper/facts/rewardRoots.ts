import { getAbiItem, type Hash, type Hex, zeroHash } from "viem";
import { type Connection } from "../../chain/connection";
import { readLogs } from "../../chain/logs";

/** A root of everybody's cumulative rewards, and the last epoch that posted it. */
export interface PostedRoot {
  readonly root: Hex;
  readonly epoch: number;
}

/** A root that the guardian removed. */
export interface Veto extends PostedRoot {
  readonly transactionHash: Hash;
}

/** The roots as they stand: what can be claimed against, what waits, what was removed. */
export interface RewardRoots {
  /** Null where none waits for its claim delay; `claimableAt` in unix seconds. */
  readonly pending: (PostedRoot & { readonly claimableAt: number }) | null;
  /** The newest root that can be claimed against (unless paused); null where there is none. */
  readonly claimable: PostedRoot | null;
  readonly paused: boolean;
  /** Every veto whose root was not posted again, in order. */
  readonly vetoes: readonly Veto[];
}

/** Reads the roots from the Treasury's views and events. */
export async function readRewardRoots(connection: Connection): Promise<RewardRoots> {
  const { treasury } = connection.contracts;
  const [pending, current, previous, paused, vetoes] = await Promise.all([
    treasury.read.pendingRoot(),
    treasury.read.currentRoot(),
    treasury.read.previousRoot(),
    treasury.read.paused(),
    readVetoes(connection),
  ]);
  const [pendingRoot, pendingEpoch, claimableAt] = pending;
  return {
    pending:
      pendingRoot === zeroHash
        ? null
        : { root: pendingRoot, epoch: Number(pendingEpoch), claimableAt: Number(claimableAt) },
    claimable: postedRoot(current) ?? postedRoot(previous),
    paused,
    vetoes,
  };
}

function postedRoot([root, epoch]: readonly [Hex, bigint]): PostedRoot | null {
  return root === zeroHash ? null : { root, epoch: Number(epoch) };
}

async function readVetoes({ reader, contracts, deployment }: Connection): Promise<readonly Veto[]> {
  const { address, abi } = contracts.treasury;
  let vetoes: Veto[] = [];
  for await (const { eventName, args, transactionHash } of readLogs(reader, {
    address,
    events: [getAbiItem({ abi, name: "RootVetoed" }), getAbiItem({ abi, name: "RootReposted" })],
    fromBlock: BigInt(deployment.choices.fromBlock),
    toBlock: await reader.getBlockNumber(),
  })) {
    const { root } = args;
    if (eventName === "RootReposted") vetoes = vetoes.filter((veto) => veto.root !== root);
    else vetoes.push({ root, epoch: Number(args.epoch), transactionHash });
  }
  return vetoes;
}

/** What became of the root that an epoch posted. Roots are cumulative, so a later root holds the epoch's rewards too. */
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
