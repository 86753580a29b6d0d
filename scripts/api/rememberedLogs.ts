import { type EIP1193Parameters, type Transport } from "viem";
import { type Connection, connectionOf } from "../chain/connection";

interface LogFilter {
  readonly blockHash?: string;
  readonly fromBlock?: string;
  readonly toBlock?: string;
}

/**
 * The same connection, which asks only once for the logs of a range of blocks that can change no more. Ranges that are
 * read chunk by chunk from the same first block thus cost one request each time, however long the chain grows.
 * @param isFinal Whether a block can be taken back no more.
 */
export function rememberLogs(connection: Connection, isFinal: (block: bigint) => boolean): Connection {
  const known = new Map<string, Promise<unknown>>();
  const transport: Transport = (options) => {
    const live = connection.transport(options);
    const request = (call: EIP1193Parameters, requestOptions?: object): Promise<unknown> => {
      const ask = (): Promise<unknown> => live.request(call, requestOptions);
      if (call.method !== "eth_getLogs" || !endsIn((call.params as readonly [LogFilter])[0], isFinal)) return ask();
      const key = JSON.stringify(call.params);
      const logs = known.get(key) ?? ask();
      known.set(key, logs);
      logs.catch(() => known.delete(key));
      return logs;
    };
    return { ...live, request: request as typeof live.request };
  };
  return connectionOf(transport, connection.deployment);
}

/** Whether a range ends in blocks that can change no more. */
function endsIn({ blockHash, fromBlock, toBlock }: LogFilter, isFinal: (block: bigint) => boolean): boolean {
  if (blockHash !== undefined) return false;
  return [fromBlock, toBlock].every((block) => block?.startsWith("0x") === true && isFinal(BigInt(block)));
}
