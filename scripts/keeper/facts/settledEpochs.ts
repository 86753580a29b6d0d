import { getAbiItem, type Hex } from "viem";
import { type Connection } from "../../chain/connection";
import { readLogs } from "../../chain/logs";
import { type Settlement } from "../../core/settlement";
import { requireWholeEvents } from "./missingEvents";

/** A root that the keeper posted in place of one that was vetoed. */
export interface Repost {
  readonly root: Hex;
  readonly inputsHash: Hex;
  /** What of the epoch's rewards went back to the pool. */
  readonly returnedWei: bigint;
  readonly blockNumber: bigint;
  readonly transactionHash: Hex;
}

/** An epoch as the Treasury settled it. Amounts in wei. */
export interface SettledEpoch {
  readonly settlement: Settlement;
  readonly mintedWei: bigint;
  readonly recycledWei: bigint;
  readonly totalSupplyWei: bigint;
  readonly blockNumber: bigint;
  readonly blockHash: `0x${string}`;
  readonly transactionIndex: number;
  readonly transactionHash: Hex;
  /** In order; there are some only where roots of the epoch were vetoed. */
  readonly reposts: readonly Repost[];
  /** Whether the root that the epoch posted last was vetoed, and not posted again. */
  readonly isVetoed: boolean;
}

/** A root that the guardian removed. */
export interface Veto {
  readonly root: Hex;
  /** The last epoch that posted it. */
  readonly epoch: number;
  readonly transactionHash: Hex;
}

/** What the Treasury's events say of its settlements. */
export interface Settlements {
  readonly settled: readonly SettledEpoch[];
  /** Every veto whose root was not posted again, in order. */
  readonly vetoes: readonly Veto[];
}

/** The root that an epoch posted last, vetoed or not. */
export function rootOf({ settlement, reposts }: Pick<SettledEpoch, "settlement" | "reposts">): Hex {
  return reposts.at(-1)?.root ?? settlement.rewardsRoot;
}

/** The settled epochs alone of readSettlements. */
export async function readSettledEpochs(
  connection: Connection,
  first?: SettledEpoch,
): Promise<readonly SettledEpoch[]> {
  return (await readSettlements(connection, first)).settled;
}

/**
 * Every epoch settled so far, in order, with what became of its root: from the Treasury's events.
 * @param first The settlement to begin with, for whoever knows those before it.
 * @throws MissingEventsError where the Treasury has settled other epochs than those events say.
 */
export async function readSettlements(
  { reader, contracts, deployment }: Connection,
  first?: SettledEpoch,
): Promise<Settlements> {
  const { address, abi, read } = contracts.treasury;
  const settled = new Map<bigint, SettledEpoch>();
  let vetoes: Veto[] = [];
  const toBlock = await reader.getBlockNumber();
  for await (const log of readLogs(reader, {
    address,
    events: [
      getAbiItem({ abi, name: "EpochSettled" }),
      getAbiItem({ abi, name: "RootVetoed" }),
      getAbiItem({ abi, name: "RootReposted" }),
    ],
    fromBlock: first?.blockNumber ?? BigInt(deployment.choices.fromBlock),
    toBlock,
  })) {
    const { eventName, args, blockNumber, blockHash, transactionIndex, transactionHash } = log;
    const before = settled.get(args.epoch);
    if (eventName === "EpochSettled") {
      const { settlement, minted: mintedWei, recycled: recycledWei, totalSupply: totalSupplyWei } = args;
      const amounts = { mintedWei, recycledWei, totalSupplyWei };
      const place = { blockNumber, blockHash, transactionIndex, transactionHash };
      settled.set(args.epoch, { settlement, ...amounts, ...place, reposts: [], isVetoed: false });
    } else if (eventName === "RootVetoed") {
      vetoes.push({ root: args.root, epoch: Number(args.epoch), transactionHash });
      if (before !== undefined) settled.set(args.epoch, { ...before, isVetoed: true });
    } else {
      const { root, inputsHash, returned: returnedWei } = args;
      const repost = { root, inputsHash, returnedWei, blockNumber, transactionHash };
      vetoes = vetoes.filter((veto) => veto.root !== root);
      if (before !== undefined)
        settled.set(args.epoch, { ...before, reposts: [...before.reposts, repost], isVetoed: false });
    }
  }
  const firstEpoch = first?.settlement.epoch ?? 0n;
  const found = [...settled.values()].filter(({ settlement }) => settlement.epoch >= firstEpoch);
  const nextEpoch = await read.nextEpochToSettle({ blockNumber: toBlock });
  requireWholeEvents("The next epoch to settle", firstEpoch + BigInt(found.length), nextEpoch);
  return { settled: found, vetoes };
}

/**
 * The same settlements with the newest one as it is now: the root of no other can have been posted again since.
 * @param settled Every settled epoch as somebody saw it earlier.
 */
export async function withNewestRead(
  connection: Connection,
  settled: readonly SettledEpoch[],
): Promise<readonly SettledEpoch[]> {
  const newest = settled.at(-1);
  if (newest === undefined) return settled;
  return [...settled.slice(0, -1), ...(await readSettledEpochs(connection, newest))];
}
