import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A line to a server that can be cut and mended, without a change to the server itself. */
export interface Wire {
  readonly url: string;
  cut(): void;
  mend(): void;
  close(): void;
}

/** Lays a line to the server at `url`, on a free port of this machine. */
export async function layWire(url: string): Promise<Wire> {
  const { hostname, port } = new URL(url);
  const ends = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect(Number(port), hostname);
    near.pipe(far).pipe(near);
    for (const end of [near, far]) {
      ends.add(end);
      end.on("error", () => end.destroy());
      end.on("close", () => {
        ends.delete(end);
        near.destroy();
        far.destroy();
      });
    }
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const cut = (): void => {
    isCut = true;
    ends.forEach((end) => end.destroy());
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    mend() {
      isCut = false;
    },
    close() {
      cut();
      server.close();
    },
  };
}
