/** A worker and a scorer over HTTP, written from the description of the protocols: they log what they were given. */
import { createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type Hex, keccak256, toBytes } from "viem";

/** A task as a scorer got it: hashes of its bytes, null if it got none. */
export interface GivenTask {
  readonly taskId: number;
  readonly inputHash: Hex | null;
  readonly resultHash: Hex | null;
}

/** Their URLs, and what they were given. */
export interface Experts {
  readonly worker: string;
  readonly scorer: string;
  readonly given: readonly GivenTask[];
  close(): void;
}

interface Question {
  readonly input: string;
  readonly tasks?: readonly {
    readonly taskId: number;
    readonly input: string | null;
    readonly result: string | null;
  }[];
}

/** What a worker makes of an input: 32 bytes, which go on chain, or 640, which don't. */
export function workOf(input: Uint8Array): Uint8Array {
  const hash = toBytes(keccak256(input));
  return hash[0]! % 2 === 0 ? hash : Buffer.concat(Array.from({ length: 20 }, () => hash));
}

/** @param failing The share of all questions that gets no answer. @param random From 0 to 1. */
export async function openExperts(failing: number, random: () => number): Promise<Experts> {
  const given: GivenTask[] = [];
  const answerTo = (path: string, { input, tasks = [] }: Question): object => {
    if (path === "/work") return { result: Buffer.from(workOf(bytesOf(input)!)).toString("base64") };
    return {
      scores: tasks.map((task) => {
        const [asked, answered] = [bytesOf(task.input), bytesOf(task.result)];
        given.push({ taskId: task.taskId, inputHash: hashOf(asked), resultHash: hashOf(answered) });
        return asked !== null && answered !== null && hashOf(workOf(asked)) === hashOf(answered) ? 1 : 0;
      }),
    };
  };
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      if (random() < failing) return void response.writeHead(500).end();
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(answerTo(request.url ?? "", JSON.parse(body) as Question)));
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    worker: `${url}/work`,
    scorer: `${url}/score`,
    given,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function bytesOf(base64: string | null): Uint8Array | null {
  return base64 === null ? null : Buffer.from(base64, "base64");
}

function hashOf(bytes: Uint8Array | null): Hex | null {
  return bytes === null ? null : keccak256(bytes);
}
