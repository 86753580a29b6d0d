import { type IncomingMessage } from "node:http";

/**
 * The body of an answer over HTTP.
 * @param problem Makes the error, from what is wrong: it is too long, of which the rest is not read, or cut off.
 */
export async function readBody(
  response: IncomingMessage,
  mostBytes: number,
  problem: (what: "tooLong" | "cutOff") => Error,
): Promise<Buffer> {
  if (Number(response.headers["content-length"] ?? 0) > mostBytes) {
    // A body that nobody reads keeps a connection that others wait for.
    response.destroy();
    throw problem("tooLong");
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > mostBytes) throw problem("tooLong");
    chunks.push(chunk);
  }
  if (!response.complete) throw problem("cutOff");
  return Buffer.concat(chunks);
}
