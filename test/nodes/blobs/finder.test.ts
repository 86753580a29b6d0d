import { expect } from "chai";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keccak256, stringToBytes } from "viem";
import { maxBlobBytes, type BlobStore, BlobStoreError, openBlobStore } from "../../../scripts/nodes/blobs/store";
import { type FinderOptions, openBlobFinder } from "../../../scripts/nodes/blobs/finder";

const bytes = stringToBytes("a task's input");
const hash = keccak256(bytes);
const never = new AbortController().signal;

describe("A blob on strangers' nodes", () => {
  let directory: string;
  let store: BlobStore;
  const servers: Server[] = [];
  let asked: string[];

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "moderntensor-blobs-"));
    store = await openBlobStore(directory);
    asked = [];
  });

  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections();
    rmSync(directory, { recursive: true, force: true });
  });

  /** A stranger's node. */
  async function stranger(answer: RequestListener): Promise<string> {
    const server = createServer((request, response) => {
      asked.push(request.url!);
      answer(request, response);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const honest = () => stranger((_, response) => response.end(bytes));
  const find = (endpoints: readonly string[], options: Partial<FinderOptions> = {}, stopping = never) =>
    openBlobFinder(store, { allowPrivate: true, ...options }).find(hash, endpoints, stopping);

  it("isn't requested if it is already here", async () => {
    await store.put(bytes);
    expect(await find([await honest()])).to.deep.equal(Buffer.from(bytes));
    expect(asked).to.deep.equal([]);
  });

  it("is requested below the endpoint's own path, checked by its hash, and kept", async () => {
    const base = await honest();
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const timersBefore = timers();
    expect(await find([`${base}/base/?query#part`])).to.deep.equal(Buffer.from(bytes));
    expect(timers(), "nothing is waited for any more").to.be.at.most(timersBefore);
    expect(asked).to.deep.equal([`/base/v1/blobs/${hash}`]);
    expect(await store.get(hash)).to.deep.equal(Buffer.from(bytes));
    expect(await find([])).to.deep.equal(Buffer.from(bytes));
  });

  const pour = (response: ServerResponse): void => {
    const chunk = Buffer.alloc(65_536);
    const more = (): void => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on("drain", more);
    more();
  };
  const lies: readonly (readonly [what: string, answer: RequestListener])[] = [
    ["404", (_, response) => response.writeHead(404).end()],
    ["201 with the bytes", (_, response) => response.writeHead(201).end(bytes)],
    ["another blob", (_, response) => response.end("another input!")],
    ["no bytes", (_, response) => response.end()],
    ["only its beginning", (_, response) => response.end(bytes.subarray(0, 5))],
    [
      "less than the announced length",
      (_, response) => {
        response
          .writeHead(200, { "Content-Length": bytes.length })
          .write(bytes.subarray(0, 5), () => response.destroy());
      },
    ],
    ["a closed connection", (request) => request.socket.destroy()],
    ["something other than HTTP", (request) => request.socket.end("nonsense\r\n\r\n")],
    [
      "a switch to another protocol",
      (request) => request.socket.end("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
    ],
    [
      "endless bytes",
      (_, response) => {
        pour(response);
      },
    ],
    [
      "an announced length of 2^53 − 1 bytes",
      (_, response) => {
        pour(response.writeHead(200, { "Content-Length": String(Number.MAX_SAFE_INTEGER) }));
      },
    ],
    ["one byte more than a blob may have", (_, response) => response.end(Buffer.alloc(maxBlobBytes + 1))],
  ];
  for (const [what, answer] of lies) {
    it(`is found elsewhere, and nothing else is stored, if a node answers with ${what}`, async () => {
      const liar = await stranger(answer);
      expect(await find([liar])).to.equal(undefined);
      expect(readdirSync(directory)).to.deep.equal([]);
      expect(await find([liar, await honest()])).to.deep.equal(Buffer.from(bytes));
      expect(asked).to.have.length(3);
    });
  }

  it("is found at its maximum size, with and without an announced length", async () => {
    const largest = Buffer.alloc(maxBlobBytes, 7);
    for (const headers of [{}, { "Content-Length": largest.length }]) {
      const big = await stranger((_, response) => {
        response.writeHead(200, headers).write(largest.subarray(1));
        response.end(largest.subarray(0, 1));
      });
      const found = await openBlobFinder(store, { allowPrivate: true }).find(keccak256(largest), [big], never);
      expect(found && keccak256(found)).to.equal(keccak256(largest));
      rmSync(directory, { recursive: true });
      store = await openBlobStore(directory);
    }
    expect(asked).to.have.length(2);
  });

  for (const target of ["own", "http://169.254.169.254/latest/meta-data/"]) {
    it(`is never fetched through a redirect (${target})`, async () => {
      const secret = await honest();
      const Location = target === "own" ? secret : target;
      const redirecting = await stranger((_, response) => response.writeHead(302, { Location }).end());
      expect(await find([redirecting])).to.equal(undefined);
      expect(asked).to.have.length(1);
    });
  }

  it("is found within 10 s even if other nodes hang, trickle or refuse; their requests are then aborted", async () => {
    const cut: Promise<void>[] = [];
    const endless: RequestListener = (_, response) => {
      cut.push(new Promise((resolve) => response.once("close", resolve)));
    };
    const hanging = await stranger(endless);
    const dripping = await stranger((request, response) => {
      endless(request, response);
      const drip = setInterval(() => response.write("x"), 20);
      response.once("close", () => {
        clearInterval(drip);
      });
    });
    const started = performance.now();
    const endpoints = ["http://127.0.0.1:1", hanging, dripping, "nonsense", "http://[::1]:1", hanging, await honest()];
    expect(await find(endpoints)).to.deep.equal(Buffer.from(bytes));
    expect(performance.now() - started).to.be.below(10_000);
    await Promise.all(cut);
    expect(cut).to.have.length(2);
  });

  it("is given up after a fixed time if all nodes hang or send a byte at a time", async () => {
    const dripping = await stranger((_, response) => {
      const drip = setInterval(() => response.write("x"), 10);
      response.once("close", () => {
        clearInterval(drip);
      });
    });
    const hanging = await stranger(() => undefined);
    expect(await find([dripping, hanging], { timeoutMilliseconds: 100 })).to.equal(undefined);
    expect(asked).to.have.length(2);
  });

  it("is given up if the lookup of a host name never ends", async () => {
    const resolve = () => new Promise<readonly string[]>(() => undefined);
    const options = { allowPrivate: false, timeoutMilliseconds: 100, resolve };
    expect(await find(["http://slow.example", "https://slow.example"], options)).to.equal(undefined);
  });

  it("is given up when the node stops", async () => {
    const stopping = new AbortController();
    const hanging = await stranger(() => {
      stopping.abort();
    });
    expect(await find([hanging, await honest()], {}, stopping.signal)).to.equal(undefined);
    expect(await find([await honest()], {}, stopping.signal)).to.equal(undefined);
    expect(asked).to.have.length(1);
  });

  it("is found even if it can't be stored; the store's errors are reported", async () => {
    const endpoint = await honest();
    rmSync(directory, { recursive: true });
    writeFileSync(directory, "");
    const failures: unknown[] = [];
    const onFailure = (error: unknown) => void failures.push(error);
    expect(await find([endpoint], { onFailure })).to.deep.equal(Buffer.from(bytes));
    expect(failures.map((error) => error instanceof BlobStoreError)).to.deep.equal([true, true]);
  });

  describe("outside a local network", () => {
    const privately = { allowPrivate: false };

    it("isn't requested from a private address, in any notation", async () => {
      const port = new URL(await honest()).port;
      const hosts = ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "[::]"];
      for (const host of hosts) expect(await find([`http://${host}:${port}`], privately), host).to.equal(undefined);
      expect(asked).to.deep.equal([]);
      // The honest node does answer there.
      expect(await find([`http://127.1:${port}`])).to.deep.equal(Buffer.from(bytes));
    });

    it("isn't requested from a name that resolves to a private address; names are looked up once per connection", async () => {
      const port = new URL(await honest()).port;
      const looked: string[] = [];
      const resolve = (hostname: string) => {
        looked.push(hostname);
        return Promise.resolve(["127.0.0.1", "::1", "169.254.169.254"]);
      };
      expect(await find([`http://rebinding.example:${port}`], { ...privately, resolve })).to.equal(undefined);
      expect(looked).to.deep.equal(["rebinding.example"]);
      // By real DNS.
      expect(await find([`http://localhost:${port}`], privately)).to.equal(undefined);
      expect(asked).to.deep.equal([]);
      expect(await find([`http://localhost:${port}`])).to.deep.equal(Buffer.from(bytes));
    });

    it("is requested only over http and https, and never with a password", async () => {
      const { port } = new URL(await honest());
      for (const endpoint of [`ws://127.0.0.1:${port}`, "file:///etc/passwd", `http://a:b@127.0.0.1:${port}`]) {
        expect(await find([endpoint])).to.equal(undefined);
      }
      expect(asked).to.deep.equal([]);
    });
  });
});
