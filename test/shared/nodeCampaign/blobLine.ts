import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { count, type Tally } from "../campaign/lineFaults";

/** A line to a node that serves blobs: it withholds them, cuts them off and swaps them. */
export interface BlobLine {
  readonly url: string;
  /** Lets everything through from now on. */
  calm(): void;
  close(): void;
}

const faults = ["withheld", "hang", "cut off", "shortened", "swapped", "broken", "failing"] as const;

/** What the line does. */
export interface BlobLineOptions {
  /** Where the node listens now; undefined while it is down. */
  readonly target: () => string | undefined;
  /** The part of all requests that meets a fault. */
  readonly rate: number;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly tally: Tally;
}

/** Opens a line on a free port. */
export async function openBlobLine({ target, rate, random, tally }: BlobLineOptions): Promise<BlobLine> {
  let isCalm = false;
  const carry = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "GET", url = "/" } = request;
    const body = method === "PUT" ? await buffer(request) : undefined;
    const fault = isCalm || random() >= rate ? undefined : faults[Math.floor(random() * faults.length)]!;
    if (fault !== undefined) count(tally, `blob ${fault}`);
    const node = target();
    if (fault === "hang") return;
    if (node === undefined || fault === "broken") return void request.socket.destroy();
    if (fault === "withheld") return void response.writeHead(404).end();
    if (fault === "failing") return void response.writeHead(503).end();
    const answer = await fetch(`${node}${url}`, { method, ...(body === undefined ? {} : { body }) });
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (answer.status !== 200 || fault === undefined) return void response.writeHead(answer.status).end(bytes);
    if (fault === "swapped") return void response.end(Buffer.from(bytes.map((byte) => byte ^ 0x5a)));
    const half = bytes.subarray(0, Math.floor(bytes.length / 2));
    if (fault === "shortened") return void response.end(half);
    response.writeHead(200, { "content-length": bytes.length });
    response.write(half);
    request.socket.end();
  };
  const server = createServer((request, response) => {
    carry(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calm() {
      isCalm = true;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
