import { type Context, Hono } from "hono";
import { type Hex } from "viem";
import { blobHashIn, hashOfBlob, maxBlobBytes, type BlobStore } from "./store";

/**
 * `GET /v1/blobs/0x…`: 200 and the bytes, or 404. `PUT`: 201 when it is kept, also where it was before; 409 for a hash
 * that `accepts` refuses, 413 over 1 MiB, 422 where the bytes have another hash. A hash that is none is 400. Anyone who
 * fills the disk pays for it: what is accepted is named by a task, and a task costs a fee; nothing else can be put.
 * Each connection may hold one blob in memory, so a server for strangers bounds their number.
 * @param accepts Whether a task of this node that is still open names the hash.
 * @param onFailure Called with what went wrong here; strangers get only a 503.
 */
export function blobRoutes(
  store: BlobStore,
  accepts: (hash: Hex) => boolean | Promise<boolean>,
  onFailure: (error: unknown) => void = () => undefined,
): Hono {
  const app = new Hono();
  app.onError((error, c) => {
    onFailure(error);
    return c.json({ error: "This node can't answer now: try again later." }, 503);
  });
  app.get("/v1/blobs/:hash", async (c) => {
    const hash = blobHashIn(c.req.param("hash"));
    if (hash === undefined) return malformed(c);
    const bytes = await store.get(hash);
    if (bytes === undefined) return c.json({ error: "This node does not have the blob." }, 404);
    return c.body(bytes as Uint8Array<ArrayBuffer>, 200, {
      "Content-Type": "application/octet-stream",
      "Content-Length": String(bytes.length),
      "Cache-Control": "public, max-age=31536000, immutable",
      "X-Content-Type-Options": "nosniff",
    });
  });
  app.put("/v1/blobs/:hash", async (c) => {
    const hash = blobHashIn(c.req.param("hash"));
    if (hash === undefined) return malformed(c);
    if (Number(c.req.header("Content-Length") ?? 0) > maxBlobBytes) return tooLong(c);
    if (!(await accepts(hash))) return c.json({ error: "No open task of this node names this hash." }, 409);
    const bytes = await readAtMost(c.req.raw.body, maxBlobBytes);
    if (bytes === undefined) return tooLong(c);
    if ((await hashOfBlob(bytes)) !== hash) return c.json({ error: "The bytes do not match the hash." }, 422);
    await store.put(bytes);
    return c.json({ hash }, 201);
  });
  return app;
}

const malformed = (c: Context) => c.json({ error: "A hash must be 0x and 64 hexadecimal digits." }, 400);

const tooLong = (c: Context) => c.json({ error: `A blob can have at most ${maxBlobBytes} bytes.` }, 413);

/** The whole body; undefined if it is longer: then the rest isn't kept. */
async function readAtMost(body: ReadableStream<Uint8Array> | null, most: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = body?.getReader();
  for (;;) {
    const read = await reader?.read();
    if (read?.value === undefined) return Buffer.concat(chunks);
    length += read.value.length;
    if (length > most) {
      // Anyone who is cut off while it sends may never see the answer: it has until the server's patience ends.
      void discard(reader!).catch(() => undefined);
      return undefined;
    }
    chunks.push(read.value);
  }
}

async function discard(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  while (!(await reader.read()).done);
}
