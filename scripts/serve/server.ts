import { createAdaptorServer } from "@hono/node-server";
import { type Server } from "node:http";
import { type AddressInfo, type Socket } from "node:net";

/** Answers requests: any Hono app. */
export interface WebApp {
  readonly fetch: (request: Request, env: object) => Response | Promise<Response>;
}

/** Where to listen; port 0 takes any that is free. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** A server that listens. */
export interface RunningServer {
  readonly url: string;
  /** Answers the requests that came before, and none after. */
  close(): Promise<void>;
}

/** The address is taken, or not one of this machine. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

/** After this time, answers that are still being written are cut off. */
const closeWithinMilliseconds = 5_000;

/**
 * Serves `app` over HTTP.
 * @throws ListenError saying what to change.
 */
export async function listenOn(
  { host, port }: ListenAddress,
  app: WebApp,
  limits: ConnectionLimits = defaultConnectionLimits,
): Promise<RunningServer> {
  const fetch = async (request: Request, env: object): Promise<Response> => inPieces(await app.fetch(request, env));
  // The adaptor's own clean-up would cut off a client that still sends when its answer is ready, and the answer might
  // be lost.
  const serverOptions = {
    headersTimeout: limits.waitMilliseconds,
    requestTimeout: limits.questionMilliseconds,
    keepAliveTimeout: limits.waitMilliseconds,
    connectionsCheckingInterval: checkMilliseconds,
  };
  const server = createAdaptorServer({ fetch, serverOptions, autoCleanupIncoming: false }) as Server;
  boundConnections(server, limits);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => {
      reject(new ListenError(`Can't listen on ${host}:${port} (${error.message}): choose another with --port.`));
    });
    server.listen(port, host, resolve);
  });
  const { port: listening } = server.address() as AddressInfo;
  return { url: `http://${host.includes(":") ? `[${host}]` : host}:${listening}`, close: () => closed(server) };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => {
      server.closeAllConnections();
    }, closeWithinMilliseconds);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}

/**
 * How patient a server is. A client waits until all headers of its request are there, and again once it has its answer,
 * even if it continues sending the request.
 */
export interface ConnectionLimits {
  /** Most open connections; further ones are closed as they come. */
  readonly connections: number;
  /** Most clients that wait; for another one, the one that has waited longest is cut off. */
  readonly waiting: number;
  /** How long a client may wait. */
  readonly waitMilliseconds: number;
  /** How long a client may take to send one request. */
  readonly questionMilliseconds: number;
  /** A client that takes less than `stallBytes` of its answer in this time is cut off. */
  readonly stallMilliseconds: number;
  readonly stallBytes: number;
}

/** Room for honest clients on bad lines, and for no more than some hundred dishonest ones. */
export const defaultConnectionLimits: ConnectionLimits = {
  connections: 2_000,
  // A browser opens six; a reverse proxy keeps some dozens.
  waiting: 500,
  waitMilliseconds: 5_000,
  questionMilliseconds: 10_000,
  // Systems buffer some megabytes, and report progress in steps of a sixteenth of that: at 20 kB a second, about this
  // often.
  stallMilliseconds: 20_000,
  stallBytes: 200_000,
};

/** Time between two searches for slow clients. */
const checkMilliseconds = 1_000;

/**
 * Answers being sent through one connection: how many, and the bytes sent and the moment when it was last fast enough.
 */
interface Delivery {
  answers: number;
  bytes: number;
  at: number;
}

/** Applies the limits for as long as the server listens, except those that Node itself applies. */
function boundConnections(server: Server, limits: ConnectionLimits): void {
  /** Since when each client waits, the one that has waited longest first. */
  const waiting = new Map<Socket, number>();
  const deliveries = new Map<Socket, Delivery>();
  server.maxConnections = limits.connections;

  const wait = (socket: Socket): void => {
    waiting.set(socket, performance.now());
    const [longest] = waiting.keys();
    if (waiting.size > limits.waiting) longest!.destroy();
  };
  server.on("connection", (socket) => {
    wait(socket);
    socket.once("close", () => {
      waiting.delete(socket);
      deliveries.delete(socket);
    });
  });
  server.on("request", ({ socket }, response) => {
    waiting.delete(socket);
    const delivery = deliveries.get(socket) ?? { answers: 0, bytes: socket.bytesWritten, at: performance.now() };
    delivery.answers++;
    deliveries.set(socket, delivery);
    response.once("close", () => {
      if (--delivery.answers > 0 || socket.destroyed) return;
      deliveries.delete(socket);
      if (server.listening) wait(socket);
      else socket.end();
    });
  });
  const check = setInterval(
    () => {
      const now = performance.now();
      // Node itself looks only for clients that began a request.
      for (const [socket, since] of waiting) if (now - since > limits.waitMilliseconds) socket.destroy();
      for (const [socket, delivery] of deliveries) if (hasStalled(socket, delivery, limits, now)) socket.destroy();
    },
    Math.min(checkMilliseconds, limits.stallMilliseconds),
  );
  server.once("close", () => {
    clearInterval(check);
  });
}

/** Whether a client takes its answer too slowly. While there is nothing to take, no time passes. */
function hasStalled(socket: Socket, delivery: Delivery, limits: ConnectionLimits, now: number): boolean {
  const bytes = socket.bytesWritten - socket.writableLength;
  if (socket.writableLength === 0 || bytes - delivery.bytes >= limits.stallBytes) {
    delivery.bytes = bytes;
    delivery.at = now;
  }
  return now - delivery.at > limits.stallMilliseconds;
}

/** Size of the pieces of an answer, so that the server sees how fast a client takes it. */
const pieceBytes = 1 << 16;

/** The same answer, piece by piece. */
function inPieces(response: Response): Response {
  const { body } = response;
  return body === null ? response : new Response(ReadableStream.from(piecesOf(body)), response);
}

async function* piecesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const bytes of body) {
    for (let from = 0; from < bytes.length; from += pieceBytes) yield bytes.subarray(from, from + pieceBytes);
  }
}
