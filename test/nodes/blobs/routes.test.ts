import { expect } from "chai";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Hex, keccak256, stringToBytes } from "viem";
import { maxBlobBytes, type BlobStore, BlobStoreError, openBlobStore } from "../../../scripts/nodes/blobs/store";
import { blobRoutes } from "../../../scripts/nodes/blobs/routes";
import { sendBlob } from "../../../scripts/nodes/clients/inputsAndResults";
import { defaultConnectionLimits, listenOn, type RunningServer } from "../../../scripts/serve/server";

const bytes = stringToBytes("a task's input");
const hash = keccak256(bytes);
const stranger = keccak256("0x01");

describe("A node's blobs over HTTP", () => {
  let directory: string;
  let store: BlobStore;
  let server: RunningServer;
  let impatient: RunningServer;
  let failures: unknown[];
  const open = new Set<Hex>();

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), "moderntensor-blobs-"));
    store = await openBlobStore(directory);
    const routes = blobRoutes(
      store,
      (one) => {
        if (one === stranger) throw new Error("the chain can't be read");
        return Promise.resolve(open.has(one));
      },
      (error) => failures.push(error),
    );
    server = await listenOn({ host: "127.0.0.1", port: 0 }, routes);
    impatient = await listenOn({ host: "127.0.0.1", port: 0 }, routes, {
      ...defaultConnectionLimits,
      ...{ waitMilliseconds: 200, stallMilliseconds: 100 },
    });
  });

  beforeEach(() => {
    failures = [];
    open.clear();
    for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true });
  });

  after(async () => {
    await server.close();
    await impatient.close();
    rmSync(directory, { recursive: true });
  });

  const urlOf = (name: string): string => `${server.url}/v1/blobs/${name}`;
  const put = (name: string, body: Uint8Array) =>
    fetch(urlOf(name), { method: "PUT", body: body as Uint8Array<ArrayBuffer> });
  /** Sends a request that never ends. @returns The answer's first line, once the server has closed the connection. */
  const lineBeforeClose = (head: string, chunk: Buffer): Promise<string> =>
    new Promise((resolve) => {
      let answer = "";
      const { hostname, port } = new URL(impatient.url);
      const socket = connect(Number(port), hostname, () => socket.write(head));
      const pour = (): void => {
        while (socket.writable && socket.write(chunk));
      };
      socket.on("connect", pour).on("drain", pour);
      socket.on("data", (data) => (answer += data.toString("latin1")));
      socket.on("error", () => undefined);
      socket.on("close", () => {
        resolve(answer.split("\r\n")[0]!);
      });
    });

  it("are served to anyone who names their hash, as immutable bytes that no browser renders as a page", async () => {
    await store.put(bytes);
    const response = await fetch(urlOf(hash));
    expect(response.status).to.equal(200);
    expect(Buffer.from(await response.arrayBuffer())).to.deep.equal(Buffer.from(bytes));
    expect(Object.fromEntries(response.headers)).to.include({
      "content-type": "application/octet-stream",
      "content-length": "14",
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
    });
    const head = await fetch(urlOf(hash), { method: "HEAD" });
    expect([head.status, head.headers.get("content-length")]).to.deep.equal([200, "14"]);
  });

  it("get a 404 if they are missing, and a 400 under a name that isn't a hash", async () => {
    expect((await fetch(urlOf(hash))).status).to.equal(404);
    for (const name of ["0x", `${hash}0`, hash.slice(2), "..%2Fsecret"]) {
      expect([(await fetch(urlOf(name))).status, (await put(name, bytes)).status]).to.deep.equal([400, 400]);
    }
  });

  it("are accepted for open tasks with 201, also a second time, and refused with 409 for any other hash", async () => {
    expect((await put(hash, bytes)).status).to.equal(409);
    expect(readdirSync(directory)).to.deep.equal([]);
    open.add(hash);
    for (let i = 0; i < 2; i++) {
      const response = await put(hash, bytes);
      expect([response.status, await response.json()]).to.deep.equal([201, { hash }]);
    }
    expect(await store.get(hash)).to.deep.equal(Buffer.from(bytes));
  });

  it("are refused with 422 if the bytes have another hash, and nothing is kept", async () => {
    open.add(hash);
    expect((await put(hash, stringToBytes("another input"))).status).to.equal(422);
    expect((await put(hash, new Uint8Array())).status).to.equal(422);
    expect(readdirSync(directory)).to.deep.equal([]);
  });

  it("may have at most 1 MiB: longer ones get a 413, with or without a stated length", async () => {
    const longest = new Uint8Array(maxBlobBytes).fill(1);
    const longestHash = keccak256(longest);
    const tooLong = new Uint8Array(maxBlobBytes + 1).fill(1);
    const tooLongHash = keccak256(tooLong);
    open.add(longestHash).add(tooLongHash);
    expect((await put(longestHash, longest)).status).to.equal(201);
    expect((await put(tooLongHash, tooLong)).status).to.equal(413);
    const chunked = await new Promise<number | undefined>((resolve, reject) => {
      const sent = request(urlOf(tooLongHash), { method: "PUT" }, ({ statusCode }) => {
        resolve(statusCode);
      });
      sent.on("error", reject).write(tooLong.subarray(1));
      sent.end(tooLong.subarray(0, 1));
    });
    expect(chunked).to.equal(413);
  });

  it("that are too long or not wanted get an answer even if a slow sender reads it only at the end", async () => {
    open.add(hash);
    const { hostname, port } = new URL(server.url);
    const ask = async (name: Hex, piece: string) => {
      const socket = connect(Number(port), hostname).pause();
      const send = (text: string) => new Promise((sent) => socket.write(text, sent));
      await send(`PUT /v1/blobs/${name} HTTP/1.1\r\nHost: x\r\nContent-Length: ${3 * piece.length}\r\n\r\n${piece}`);
      // By then the answer was sent long ago.
      await sleep(700);
      await send(piece);
      await send(piece);
      const [answer] = (await once(socket.resume(), "data")) as [Buffer];
      socket.destroy();
      return answer.toString("latin1").split("\r\n")[0];
    };
    const [tooLong, unwanted] = ["0".repeat(maxBlobBytes / 2), "0".repeat(maxBlobBytes / 4)];
    expect(await Promise.all([ask(hash, tooLong), ask(keccak256("0x02"), unwanted)])).to.deep.equal([
      ...["HTTP/1.1 413 Payload Too Large", "HTTP/1.1 409 Conflict"],
    ]);
  });

  it("that are too long or not wanted aren't kept; an endless sender gets an answer and is cut off", async () => {
    open.add(hash);
    const head = (name: Hex, header: string) => `PUT /v1/blobs/${name} HTTP/1.1\r\nHost: x\r\n${header}\r\n\r\n`;
    const chunk = Buffer.concat([Buffer.from("10000\r\n"), Buffer.alloc(65_536), Buffer.from("\r\n")]);
    expect(
      await Promise.all([
        lineBeforeClose(head(hash, "Transfer-Encoding: chunked"), chunk),
        lineBeforeClose(head(hash, "Content-Length: 9007199254740991"), chunk),
        lineBeforeClose(head(keccak256("0x02"), "Transfer-Encoding: chunked"), chunk),
      ]),
    ).to.deep.equal(["HTTP/1.1 413 Payload Too Large", "HTTP/1.1 413 Payload Too Large", "HTTP/1.1 409 Conflict"]);
    // Bytes after the end of a body aren't taken for a request.
    expect(await lineBeforeClose(head(hash, "Content-Length: 3"), chunk)).to.match(/^HTTP\/1\.1 (400|422) /);
    expect(readdirSync(directory)).to.deep.equal([]);
  });

  it("get a 503 if the node itself fails; the node learns why, strangers don't", async () => {
    open.add(hash);
    // A file where the store's folder should be.
    rmSync(directory, { recursive: true });
    writeFileSync(directory, "");
    const answers = [await fetch(urlOf(hash)), await put(hash, bytes), await put(stranger, bytes)];
    rmSync(directory);
    await openBlobStore(directory);
    for (const answer of answers) {
      expect([answer.status, await answer.json()]).to.deep.equal([
        503,
        { error: "This node can't answer now: try again later." },
      ]);
    }
    expect(failures.map((error) => error instanceof BlobStoreError)).to.deep.equal([true, true, false]);
  });

  it("are sent by a client, which learns if they are kept, not wanted yet, or why sending failed", async () => {
    const options = { allowPrivate: true, stopping: new AbortController().signal };
    expect(await sendBlob(server.url, bytes, options)).to.deep.equal({ kind: "unwanted" });
    open.add(hash);
    expect(await sendBlob(`${server.url}/`, bytes, options)).to.deep.equal({ kind: "kept" });
    expect(await store.get(hash)).to.deep.equal(Buffer.from(bytes));
    const outcomes: (readonly [string, boolean, string])[] = [
      [server.url, false, "has no public address"],
      ["http://127.0.0.1:1/secret-path", true, "can't be reached (ECONNREFUSED)"],
      ["ftp://a.example/", true, "is neither http nor https"],
      ["http://user:password@127.0.0.1/", true, "contains a user name or password"],
      ["nonsense", true, "is not a URL"],
    ];
    for (const [endpoint, allowPrivate, reason] of outcomes) {
      expect(await sendBlob(endpoint, bytes, { ...options, allowPrivate })).to.deep.equal({ kind: "failed", reason });
    }
  });
});
