import { type AbiEvent, type Address, type GetLogsReturnType, type PublicClient } from "viem";

/** How many blocks one request asks for at first; a node that refuses gets half, down to a single block. */
const blocksPerRequest = 10_000n;

/**
 * The events of one contract in order, a chunk of blocks at a time, so that memory stays bounded by one chunk.
 * @param fromBlock,toBlock Both inclusive; nothing is read where `toBlock` lies before `fromBlock`.
 */
export async function* readLogs<const E extends readonly AbiEvent[]>(
  client: PublicClient,
  query: { readonly address: Address; readonly events: E; readonly fromBlock: bigint; readonly toBlock: bigint },
): AsyncGenerator<GetLogsReturnType<undefined, E, true>[number]> {
  let width = blocksPerRequest;
  let from = query.fromBlock;
  while (from <= query.toBlock) {
    const to = from + width - 1n < query.toBlock ? from + width - 1n : query.toBlock;
    const logs = await client
      .getLogs({ address: query.address, events: query.events, fromBlock: from, toBlock: to, strict: true })
      .catch((error: unknown) => {
        if (width === 1n) throw error;
        return undefined;
      });
    if (logs === undefined) {
      width /= 2n;
    } else {
      yield* logs;
      from = to + 1n;
    }
  }
}
