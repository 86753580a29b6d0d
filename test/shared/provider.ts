import { createServer, type ServerResponse } from "node:http";
import { type AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type Address, type Hex, numberToHex, pad } from "viem";
import { type BlockRange } from "../../scripts/chain/logRange";

/** One call as it came. */
export interface ProviderCall {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** What a provider does to a call; undefined if it answers as its chain is. */
export type Reply =
  | { readonly kind: "result"; readonly result: unknown }
  /** A JSON-RPC error, with an HTTP status. */
  | {
      readonly kind: "error";
      readonly status?: number;
      readonly error: { readonly code: number; readonly message: string; readonly data?: unknown };
    }
  /** An HTTP status with a body that is no JSON-RPC. */
  | { readonly kind: "status"; readonly status: number; readonly body?: string }
  /** An answer of so many bytes. */
  | { readonly kind: "flood"; readonly bytes: number }
  | { readonly kind: "hang" }
  | { readonly kind: "cut" };

/** A stand-in for a provider of endpoints: a server with a made-up chain in which each block has one log. */
export interface Provider {
  readonly url: string;
  /** Every call that came, in order; those of one batch share an entry of `batches`. */
  readonly calls: readonly ProviderCall[];
  readonly batches: readonly number[];
  /** The ranges of logs that were asked for, in order. */
  ranges(): readonly BlockRange[];
  /** From now on; at first everything is answered as the chain is. */
  follow(replyTo: (call: ProviderCall) => Reply | undefined): void;
  close(): void;
}

/** The contract that has logs. */
export const logAddress: Address = `0x${"ab".repeat(20)}`;
export const logTopic: Hex = `0x${"cd".repeat(32)}`;

const hashOf = (block: bigint): Hex => pad(numberToHex(block + 1n), { size: 32 });

function logOf(block: bigint): object {
  return {
    address: logAddress,
    topics: [logTopic],
    data: "0x",
    blockNumber: numberToHex(block),
    blockHash: hashOf(block),
    transactionHash: hashOf(block),
    transactionIndex: "0x0",
    logIndex: "0x0",
  };
}

/** The range that a call for logs names. */
export function askedRange({ params }: ProviderCall): BlockRange {
  const { fromBlock, toBlock } = params[0] as { readonly fromBlock: Hex; readonly toBlock: Hex };
  return { fromBlock: BigInt(fromBlock), toBlock: BigInt(toBlock) };
}

/** The answers of the made-up chain, whose blocks are ten seconds apart. */
function truth(call: ProviderCall, head: bigint): unknown {
  switch (call.method) {
    case "eth_chainId":
      return "0x1";
    case "eth_blockNumber":
      return numberToHex(head);
    case "eth_getBlockByNumber": {
      const asked = call.params[0] as string;
      const number = asked.startsWith("0x") ? BigInt(asked) : head;
      if (number > head) return null;
      const timestamp = numberToHex(1_700_000_000n + 10n * number);
      return { number: numberToHex(number), hash: hashOf(number), timestamp, transactions: [] };
    }
    case "eth_getLogs": {
      const { fromBlock, toBlock } = askedRange(call);
      return Array.from({ length: Number(toBlock - fromBlock + 1n) }, (_, i) => logOf(fromBlock + BigInt(i)));
    }
    default:
      return "0x";
  }
}

/** Opens a provider on a free port, whose newest block is `head`. */
export async function openProvider(head: bigint): Promise<Provider> {
  const calls: ProviderCall[] = [];
  const batches: number[] = [];
  let replyTo: (call: ProviderCall) => Reply | undefined = () => undefined;

  async function answer(body: string, response: ServerResponse): Promise<void> {
    const asked = JSON.parse(body) as ProviderCall | readonly ProviderCall[];
    const list = [asked].flat() as readonly ProviderCall[];
    calls.push(...list);
    batches.push(list.length);
    const replies = list.map((call) => replyTo(call) ?? { kind: "result" as const, result: truth(call, head) });
    for (const reply of replies) {
      if (reply.kind === "hang") return;
      if (reply.kind === "cut") return void response.destroy();
      if (reply.kind === "status") return void response.writeHead(reply.status).end(reply.body ?? "no JSON");
      if (reply.kind === "flood") {
        await flood(response, reply.bytes);
        return;
      }
    }
    const status = replies.map((reply) => (reply.kind === "error" ? reply.status : undefined)).find(Boolean) ?? 200;
    const answers = replies.map((reply, i) => {
      const { id } = list[i]!;
      return reply.kind === "error"
        ? { jsonrpc: "2.0", id, error: reply.error }
        : { jsonrpc: "2.0", id, result: (reply as { result: unknown }).result };
    });
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(Array.isArray(asked) ? answers : answers[0]));
  }

  const server = createServer((request, response) => {
    text(request)
      .then((body) => answer(body, response))
      .catch(() => response.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    batches,
    ranges: () => calls.filter(({ method }) => method === "eth_getLogs").map(askedRange),
    follow(next) {
      replyTo = next;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Sends spaces, which JSON allows, as fast as the client reads. */
async function flood(response: ServerResponse, bytes: number): Promise<void> {
  const chunk = Buffer.alloc(1024 * 1024, " ");
  response.writeHead(200, { "content-type": "application/json" });
  for (let sent = 0; sent < bytes && !response.destroyed; sent += chunk.length) {
    await new Promise((go) => response.write(chunk, go));
  }
  response.end("[]");
}
