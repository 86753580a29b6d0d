import { type Context, Hono } from "hono";
import { type Hex } from "viem";
import { blobHashIn, hashOfBlob, maxBlobBytes, type BlobStore } from "./store";

/**
 * `GET /v1/blobs/0x…`: 200 and the bytes, or 404. `PUT`: 201 once the blob is kept, even if it was here before; 409 for
 * a hash that `accepts` refuses, 413 over 1 MiB, 422 if the bytes have another hash. Both answer 400 to a malformed
 * hash. Anyone who fills the disk pays for it: only blobs that a task names are accepted, and a task costs a fee. Each
 * connection may hold one blob in memory, so a server for strangers must limit their number.
 * @param accepts Whether an open task of this node names the hash.
 * @param onFailure Called with errors of this node; strangers get only a 503.
 */
export function blobRoutes(
  store: BlobStore,
  accepts: (hash: Hex) => boolean | Promise<boolean>,
  onFailure: (error: unknown) => void,
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

const malformed = (c: Context) => c.json({ error: "A hash must be 0x followed by 64 hexadecimal digits." }, 400);

const tooLong = (c: Context) => c.json({ error: `A blob can have at most ${maxBlobBytes} bytes.` }, 413);

/** The whole body; undefined if it is longer than `most`; the rest is then discarded. */
async function readAtMost(body: ReadableStream<Uint8Array> | null, most: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = body?.getReader();
  for (;;) {
    const read = await reader?.read();
    if (read?.value === undefined) return Buffer.concat(chunks);
    length += read.value.length;
    if (length > most) {
      // A sender that is cut off may never see the answer, so it may send the rest until the server's time limit.
      void discard(reader!).catch(() => undefined);
      return undefined;
    }
    chunks.push(read.value);
  }
}

async function discard(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  while (!(await reader.read()).done);
}
