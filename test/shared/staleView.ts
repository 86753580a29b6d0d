interface Message {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** The parameter of each method that names a block. */
const blockParameter: Readonly<Record<string, number>> = {
  eth_call: 1,
  eth_getBalance: 1,
  eth_getTransactionCount: 1,
  eth_getBlockByNumber: 0,
};

const newest = /^(latest|pending|safe|finalized)$/;

/** Asks a node something, as text, and gives its answer. */
type Ask = (request: string) => Promise<string>;

/**
 * The answer that a node would give that is `blocks` blocks behind: it knows neither a later block nor what is in it, and
 * silently omits logs of blocks that it doesn't have, as many nodes do.
 */
export async function askStale(request: string, blocks: bigint, ask: Ask): Promise<string> {
  const { result } = JSON.parse(await ask('{"jsonrpc":"2.0","id":0,"method":"eth_blockNumber","params":[]}')) as {
    readonly result: string;
  };
  const head = BigInt(result) > blocks ? BigInt(result) - blocks : 0n;
  const body = JSON.parse(request) as Message | readonly Message[];
  const answers = await Promise.all([body].flat().map((message) => answerAt(message, head, ask)));
  return JSON.stringify(Array.isArray(body) ? answers : answers[0]);
}

async function answerAt({ id, method, params }: Message, head: bigint, ask: Ask): Promise<unknown> {
  const known = (result: unknown): object => ({ jsonrpc: "2.0", id, result });
  if (method === "eth_blockNumber") return known(hex(head));
  const index = blockParameter[method];
  const asked = index === undefined ? undefined : params[index];
  if (typeof asked === "string" && asked.startsWith("0x") && BigInt(asked) > head) {
    if (method === "eth_getBlockByNumber") return known(null);
    return { jsonrpc: "2.0", id, error: { code: -32000, message: "header not found" } };
  }
  const seen = params.map((param) => (typeof param === "string" && newest.test(param) ? hex(head) : param));
  const then = method === "eth_getLogs" ? [logsUpTo(params[0] as LogFilter, head)] : seen;
  return JSON.parse(await ask(JSON.stringify({ jsonrpc: "2.0", id, method, params: then })));
}

interface LogFilter {
  readonly fromBlock: string;
  readonly toBlock: string;
}

function logsUpTo(filter: LogFilter, head: bigint): LogFilter {
  const limited = (block: string): string => (BigInt(block) < head ? block : hex(head));
  return { ...filter, fromBlock: limited(filter.fromBlock), toBlock: limited(filter.toBlock) };
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
