import { type Context } from "hono";

/** Who asks for a settled and confirmed epoch of a deployment by its id may keep the answer for good. */
const forGood = "public, max-age=31536000, immutable";

/** Everything else may be kept, and is asked about each time: an unchanged answer is a 304 without a body. */
const askEachTime = "no-cache";

/**
 * Says how long an answer may be kept. Another deployment may be served under the same URL one day, so only a question that
 * names its deployment has an answer for good.
 * @param isFinal Whether the answer can change no more.
 */
export function sayHowLong(c: Context, isFinal: boolean): void {
  c.header("Cache-Control", isFinal && c.req.query("deployment") !== undefined ? forGood : askEachTime);
}
