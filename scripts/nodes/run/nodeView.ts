/** The chain as a node sees it at one moment. */
import { type Address } from "viem";
import { atBlock } from "../../chain/atBlock";
import { type Connection } from "../../chain/connection";
import { nextTimestamp } from "../../chain/blocks";

/** Everything in it was read at the same head. Times in unix seconds. */
export interface NodeView {
  /** The deployment as of the head: whatever is read through it belongs together. */
  readonly chain: Connection;
  readonly headBlock: bigint;
  readonly headTimestamp: number;
  /** The time that the next block would have: a chain that mines nothing for a while does not stop time. */
  readonly now: number;
  /** The epoch that `now` lies in; null before genesis. */
  readonly epoch: number | null;
  /** The slot that `now` lies in, counted from genesis; null before genesis. */
  readonly slot: number | null;
  readonly baseFeePerGasWei: bigint;
  /** How many transactions of the account are mined: the nonce of its next one. */
  readonly minedTransactions: number;
  readonly balanceWei: bigint;
}

/** Looks at the chain. @param account Whose transactions and balance to read. */
export async function viewChain(live: Connection, account: Address): Promise<NodeView> {
  const [head, next] = await Promise.all([
    live.reader.getBlock({ blockTag: "latest" }),
    nextTimestamp(live.reader).then(Number),
  ]);
  const chain = atBlock(live, head.number);
  const [minedTransactions, balanceWei] = await Promise.all([
    chain.reader.getTransactionCount({ address: account }),
    chain.reader.getBalance({ address: account }),
  ]);
  const { slotSeconds, slotsPerEpoch } = live.deployment.config.clock;
  const now = Math.max(next, Number(head.timestamp));
  const secondsFromGenesis = now - live.deployment.choices.genesisTimestamp;
  const slot = secondsFromGenesis < 0 ? null : Math.floor(secondsFromGenesis / slotSeconds);
  return {
    chain,
    headBlock: head.number,
    headTimestamp: Number(head.timestamp),
    now,
    epoch: slot === null ? null : Math.floor(slot / slotsPerEpoch),
    slot,
    baseFeePerGasWei: head.baseFeePerGas ?? 0n,
    minedTransactions,
    balanceWei,
  };
}
