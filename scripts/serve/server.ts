import { createAdaptorServer } from "@hono/node-server";
import { type Server } from "node:http";
import { type AddressInfo } from "node:net";
import {
  boundConnections,
  type ConnectionLimits,
  defaultConnectionLimits,
  inPieces,
  serverOptionsOf,
} from "./connections";

/** What answers requests: any Hono app. */
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
  /** Answers what was asked before, and nothing after. */
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
  // Its own cleaning up would cut a client off that is still sending when it is answered, and the answer might be lost.
  const serverOptions = serverOptionsOf(limits);
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
