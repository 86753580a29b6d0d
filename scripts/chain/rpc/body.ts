import { type IncomingMessage } from "node:http";
import { MalformedAnswerError } from "./jsonRpc";

/** Longer than any batch of answers or chunk of logs that is asked for; more would only fill the memory. */
export const longestAnswerBytes = 64 * 1024 * 1024;

/**
 * The whole body of an answer.
 * @throws MalformedAnswerError where it is cut off, or longer than `longestAnswerBytes`.
 */
export async function readWhole(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > longestAnswerBytes)
      throw new MalformedAnswerError(`an answer is longer than ${longestAnswerBytes} bytes`);
    chunks.push(chunk);
  }
  if (!response.complete) throw new MalformedAnswerError("an answer was cut off");
  return Buffer.concat(chunks).toString("utf8");
}
