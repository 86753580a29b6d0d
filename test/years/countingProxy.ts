import { createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** How much went over the wire since the last count. */
export interface Traffic {
  /** JSON-RPC calls: each of a batch counts. */
  readonly calls: number;
  /** Of the answers' bodies. */
  readonly bytes: number;
}

/** A proxy in front of a node that passes everything on unchanged, and counts. */
export interface CountingProxy {
  readonly url: string;
  /** What passed since it was last asked. */
  take(): Traffic;
  close(): void;
}

export async function openCountingProxy(nodeUrl: string): Promise<CountingProxy> {
  let [calls, bytes] = [0, 0];
  const server = createServer((request, response) => {
    void (async () => {
      const body = await buffer(request);
      const asked = JSON.parse(body.toString()) as unknown;
      const headers = { "content-type": "application/json" };
      const answer = await fetch(nodeUrl, { method: "POST", headers, body });
      const answered = Buffer.from(await answer.arrayBuffer());
      calls += Array.isArray(asked) ? asked.length : 1;
      bytes += answered.length;
      response.writeHead(answer.status, headers).end(answered);
    })().catch((error: unknown) => response.destroy(error as Error));
  });
  // While the node works, nothing happens on a connection that is still in use.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    take() {
      const taken = { calls, bytes };
      [calls, bytes] = [0, 0];
      return taken;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
