import { createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A call that has left its sender and has not reached the node. */
export interface StoppedCall {
  /** Lets it through, however late. */
  pass(): void;
  /** It never arrives, as if its sender had died while sending. */
  drop(): void;
}

/** A line to a node on which calls can be stopped: what a network may do to a keeper at any time. */
export interface SlowLink {
  readonly url: string;
  /** The next call of `method`, as soon as it comes; it waits on the line. */
  stopNext(method: string): Promise<StoppedCall>;
  close(): void;
}

/** Opens a line to the node at `nodeUrl`, on a free port. */
export async function openSlowLink(nodeUrl: string): Promise<SlowLink> {
  let watched: { readonly method: string; readonly seen: (call: StoppedCall) => void } | undefined;
  const server = createServer((request, response) => {
    void (async () => {
      const body = await text(request);
      const watcher = watched;
      if (watcher !== undefined && body.includes(`"method":"${watcher.method}"`)) {
        watched = undefined;
        const passes = await new Promise<boolean>((decide) => {
          watcher.seen({
            pass() {
              decide(true);
            },
            drop() {
              decide(false);
            },
          });
        });
        if (!passes) return request.socket.destroy();
      }
      const headers = { "content-type": "application/json" };
      const answer = await fetch(nodeUrl, { method: "POST", headers, body });
      response.writeHead(answer.status, headers).end(await answer.text());
    })();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stopNext: (method) =>
      new Promise((seen) => {
        watched = { method, seen };
      }),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
