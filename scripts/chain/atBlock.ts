import { type EIP1193Parameters, numberToHex } from "viem";
import { type Connection, connectionOf, intercepted } from "./connection";

/** A view of the chain as of one block was asked for a later block, or to send. */
export class BeyondBlockError extends Error {
  override readonly name = "BeyondBlockError";
}

/** The position of each method's block parameter; if it is omitted, the node uses `latest`. */
const blockParameter: Readonly<Record<string, number>> = {
  eth_call: 1,
  eth_estimateGas: 1,
  eth_createAccessList: 1,
  eth_getBalance: 1,
  eth_getCode: 1,
  eth_getTransactionCount: 1,
  eth_getStorageAt: 2,
  eth_getProof: 2,
  eth_getBlockByNumber: 0,
  eth_getBlockReceipts: 0,
  eth_getBlockTransactionCountByNumber: 0,
  eth_getTransactionByBlockNumberAndIndex: 0,
};

/**
 * The same deployment as of one block: that block is the head, and `latest`, `pending`, `safe`, `finalized` and no tag
 * at all mean it. So all reads through it are consistent, whatever is mined meanwhile. Sending, or asking for a later
 * block, fails with BeyondBlockError. Questions by hash are answered as before.
 */
export function atBlock(connection: Connection, blockNumber: bigint): Connection {
  const transport = intercepted(connection.transport, async (call, send) => {
    const asked = asOf(call, blockNumber);
    return asked.kind === "known" ? asked.answer : await send(asked.call);
  });
  const view = connectionOf(transport, connection.deployment);
  return { ...view, events: connection.events.at(blockNumber) };
}

type Asked =
  { readonly kind: "known"; readonly answer: unknown } | { readonly kind: "ask"; readonly call: EIP1193Parameters };

/** What to ask a node so that it answers as if `head` were its newest block. */
function asOf({ method, params }: { method: string; params?: unknown }, head: bigint): Asked {
  if (method.startsWith("eth_send"))
    throw new BeyondBlockError(`${method} would change the chain, but this view is of the past block ${head}.`);
  if (method === "eth_blockNumber") return { kind: "known", answer: numberToHex(head) };
  const list = (params ?? []) as readonly unknown[];
  const index = blockParameter[method];
  if (method === "eth_getLogs") return logsAsOf(list[0] as LogFilter, head);
  if (index === undefined) return ask(method, list);
  const before = list.slice(0, index);
  return ask(method, [...before, blockAsOf(list[index], head), ...list.slice(index + 1)]);
}

interface LogFilter {
  readonly blockHash?: string;
  readonly fromBlock?: string;
  readonly toBlock?: string;
}

/** A range may reach beyond the head, where there are no logs yet. */
function logsAsOf(filter: LogFilter, head: bigint): Asked {
  if (filter.blockHash !== undefined) return ask("eth_getLogs", [filter]);
  const fromBlock = numberOf(filter.fromBlock) ?? head;
  const toBlock = numberOf(filter.toBlock) ?? head;
  if (fromBlock > head) return { kind: "known", answer: [] };
  const range = { fromBlock: numberToHex(fromBlock), toBlock: numberToHex(toBlock < head ? toBlock : head) };
  return ask("eth_getLogs", [{ ...filter, ...range }]);
}

function blockAsOf(block: unknown, head: bigint): unknown {
  if (typeof block === "object" && block !== null) return block;
  const number = numberOf(block) ?? head;
  if (number > head)
    throw new BeyondBlockError(`Block ${number} is later than block ${head}, for which the chain is read.`);
  return numberToHex(number);
}

/** The number of a block; undefined for tags like `latest`. */
function numberOf(block: unknown): bigint | undefined {
  if (block === "earliest") return 0n;
  return typeof block === "string" && block.startsWith("0x") ? BigInt(block) : undefined;
}

function ask(method: string, params: readonly unknown[]): Asked {
  return { kind: "ask", call: { method, params } };
}
