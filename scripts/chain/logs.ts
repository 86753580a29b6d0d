import { type AbiEvent, type Address, BaseError, type GetLogsReturnType, type PublicClient } from "viem";
import { firstWidth, type RangeWidth, widthAfterAnswer, widthAfterRefusal } from "./logRange";
import { isRangeRefusal } from "./nodeErrors";

/**
 * The events of one contract in order, a range of blocks at a time, so that memory stays bounded by one range. A node that
 * finds a range too large gets smaller ones, and larger ones again later; any other failure is the caller's.
 * @param fromBlock,toBlock Both inclusive; nothing is read where `toBlock` lies before `fromBlock`.
 */
export async function* readLogs<const E extends readonly AbiEvent[]>(
  client: PublicClient,
  query: { readonly address: Address; readonly events: E; readonly fromBlock: bigint; readonly toBlock: bigint },
): AsyncGenerator<GetLogsReturnType<undefined, E, true>[number]> {
  let width: RangeWidth = firstWidth;
  let from = query.fromBlock;
  while (from <= query.toBlock) {
    const to = from + width.blocks - 1n < query.toBlock ? from + width.blocks - 1n : query.toBlock;
    const logs = await client
      .getLogs({ address: query.address, events: query.events, fromBlock: from, toBlock: to, strict: true })
      .catch((error: unknown) => {
        if (to === from || !isTooLarge(error)) throw error;
        return undefined;
      });
    if (logs === undefined) {
      width = widthAfterRefusal(width, to - from + 1n);
    } else {
      yield* logs;
      from = to + 1n;
      width = widthAfterAnswer(width, logs.length);
    }
  }
}

/** Whether a range was refused for its size, and not because the node is gone or broken. */
function isTooLarge(error: unknown): boolean {
  if (!(error instanceof BaseError)) return false;
  const tooLong = error.walk((cause) => (cause as Error).name === "ResponseBodyTooLargeError");
  return tooLong !== null || isRangeRefusal(error.details);
}
