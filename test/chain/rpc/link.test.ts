import { expect } from "chai";
import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { EndpointFault } from "../../../scripts/chain/rpc/endpointState";
import { longestAnswerBytes, openHttpLink } from "../../../scripts/chain/rpc/link";
import { type Answer, type Call, type Link } from "../../../scripts/chain/rpc/jsonRpc";
import { rejection } from "../../shared/rejection";

/** The calls in a request to the server, with their ids. */
type Asked = readonly (Call & { readonly id: number })[];

describe("A link to an endpoint that refuses large batches", () => {
  let server: Server;
  let link: Link;
  /** Number of calls in each request. */
  let sizes: number[];
  /** The methods that the server refuses as too large. */
  let refused: ReadonlySet<string>;

  beforeEach(async () => {
    sizes = [];
    refused = new Set();
    server = createServer((request, response) => {
      void request.toArray().then((chunks) => {
        const body = JSON.parse(Buffer.concat(chunks as Buffer[]).toString()) as Asked | Asked[number];
        const asked = Array.isArray(body) ? (body as Asked) : [body as Asked[number]];
        sizes.push(asked.length);
        if (asked.length > 4 || asked.some(({ method }) => refused.has(method))) return response.writeHead(413).end();
        const answers = asked.map(({ id }) => ({ jsonrpc: "2.0", id, result: id }));
        return response.end(JSON.stringify(Array.isArray(body) ? answers : answers[0]));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    link = openHttpLink(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), 100);
  });

  afterEach(() => {
    link.close();
    server.close().closeAllConnections();
  });

  const calls = (count: number, method = "eth_chainId"): Call[] => Array<Call>(count).fill({ method, params: [] });
  const kindsOf = async (asked: readonly Call[]) => (await link.ask(asked, 5_000)).map(({ kind }) => kind);

  it("halves the batch, and sends no larger one again", async () => {
    expect(await kindsOf(calls(8))).to.deep.equal(Array(8).fill("result"));
    expect(sizes).to.deep.equal([8, 4, 4]);
    sizes.length = 0;
    expect(await kindsOf(calls(8))).to.deep.equal(Array(8).fill("result"));
    expect(sizes).to.deep.equal([4, 4]);
  });

  it("closes the connection of an answer that doesn't arrive in time", async () => {
    const closed = new Promise((resolve) => {
      server.removeAllListeners("request").once("request", (request) => {
        request.socket.once("close", resolve);
      });
    });
    expect((await rejection(link.ask(calls(1), 50), EndpointFault)).message).to.equal("did not answer in time");
    await closed;
  });

  it("closes the connection of an answer that announces too many bytes", async () => {
    const closed = new Promise((resolve) => {
      server.removeAllListeners("request").once("request", (_, response) => {
        response.once("close", resolve);
        response.writeHead(200, { "Content-Length": longestAnswerBytes + 1 }).write("[");
      });
    });
    expect(await kindsOf(calls(1))).to.deep.equal(["error"]);
    expect(await Promise.race([closed.then(() => "closed"), sleep(2_000, "kept")])).to.equal("closed");
  });

  it("doesn't reduce its batches if a single call is too large", async () => {
    refused = new Set(["eth_getLogs"]);
    expect(await kindsOf([...calls(1), ...calls(1, "eth_getLogs")])).to.deep.equal(["result", "error"]);
    sizes.length = 0;
    expect(await kindsOf(calls(4))).to.deep.equal(Array(4).fill("result"));
    expect(sizes).to.deep.equal([4]);
  });
});

describe("A link over HTTP", () => {
  let server: Server;
  let link: Link;
  let connections: Socket[];
  /** The bodies of all requests, in order of arrival. */
  let bodies: string[];
  /** What the server does with a complete request. */
  let respond: (response: ServerResponse, body: string) => void;

  const chainId: Call = { method: "eth_chainId", params: [] };
  const logs: Call = { method: "eth_getLogs", params: [{ fromBlock: "0x1", toBlock: "0x9" }] };
  const ask = (...asked: readonly Call[]) => link.ask(asked, 300_000);
  const failure = async () => {
    const { kind, message, retryAfterMilliseconds } = await rejection(ask(chainId), EndpointFault);
    return [kind, message, retryAfterMilliseconds];
  };
  const idsOf = (body: string): number[] => [JSON.parse(body) as Asked | Asked[number]].flat().map(({ id }) => id);
  const answered = (body: string) => JSON.stringify(idsOf(body).map((id) => ({ jsonrpc: "2.0", id, result: "0x1" })));
  const error = { code: -32_000, message: "Xyzzy." };

  beforeEach(async () => {
    connections = [];
    bodies = [];
    respond = (response, body) => response.end(answered(body));
    server = createServer((request, response) => {
      void request.toArray().then((chunks) => {
        bodies.push(Buffer.concat(chunks as Buffer[]).toString());
        respond(response, bodies.at(-1)!);
      });
    });
    server.keepAliveTimeout = 0;
    server.on("connection", (socket) => connections.push(socket));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    link = openHttpLink(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), 100);
  });

  afterEach(() => {
    link.close();
    server.close().closeAllConnections();
  });

  for (const [status, retryAfter, fault] of [
    [400, "7", ["malformed", "answers 400", undefined]],
    [401, "7", ["denied", "answers 401", undefined]],
    [402, "7", ["malformed", "answers 402", undefined]],
    [403, "7", ["denied", "answers 403", undefined]],
    [404, "7", ["malformed", "answers 404", undefined]],
    [428, "7", ["malformed", "answers 428", undefined]],
    [429, "7", ["limited", "answers 429", 7_000]],
    [429, "0", ["limited", "answers 429", undefined]],
    [429, undefined, ["limited", "answers 429", undefined]],
    [429, "Thu, 01 Jan 2004 00:00:00 GMT", ["limited", "answers 429", undefined]],
    [430, "7", ["malformed", "answers 430", undefined]],
    [500, "7", ["serverError", "answers 500", undefined]],
    [501, "7", ["serverError", "answers 501", 7_000]],
    [503, "soon", ["serverError", "answers 503", undefined]],
    [200, "7", ["malformed", "answered with 6 characters that are not JSON", undefined]],
  ] as const) {
    it(`reads status ${status} with Retry-After ${retryAfter ?? "missing"} as "${fault[0]}: ${fault[1]}"`, async () => {
      respond = (response) =>
        response.writeHead(status, retryAfter === undefined ? {} : { "retry-after": retryAfter }).end("Xyzzy.");
      expect(await failure()).to.deep.equal(fault);
    });
  }

  it("reads a date in Retry-After as the time until then", async () => {
    const date = new Date(Date.now() + 3_600_000).toUTCString();
    respond = (response) => response.writeHead(429, { "retry-after": date }).end();
    const [, , milliseconds] = await failure();
    expect(milliseconds).to.be.within(1, 3_600_000);
  });

  it("accepts an honest answer with any status, along with the endpoint's fault if the status shows one", async () => {
    for (const [status, fault] of [
      [200, undefined],
      [400, undefined],
      [401, "answers 401"],
      [500, undefined],
      [502, "answers 502"],
    ] as const) {
      respond = (response, body) => response.writeHead(status).end(JSON.stringify({ id: idsOf(body)[0], error }));
      const [answer] = await ask(chainId);
      const { fault: found, ...said } = answer as Extract<Answer, { kind: "error" }>;
      expect([said.kind, said.error.message, found?.message], String(status)).to.deep.equal(["error", "Xyzzy.", fault]);
    }
  });

  it("treats status 413 as an answer to a call that is too large, and as the endpoint's fault", async () => {
    respond = (response) => response.writeHead(413).end();
    const [answer] = await ask(chainId);
    const message = "answered 413 to a single call";
    expect(answer).to.deep.include({ kind: "error", error: { code: 0, message } });
    expect((answer as { fault?: EndpointFault }).fault).to.deep.include({ kind: "malformed", message });
  });

  it("reports why the endpoint can't be reached", async () => {
    server.close().closeAllConnections();
    expect(await failure()).to.deep.equal(["unreachable", "can't be reached (ECONNREFUSED)", undefined]);
  });

  it("refuses an answer that is cut off or too long", async () => {
    respond = (response) => {
      response.writeHead(200, { "content-length": 100 }).write("[", () => response.destroy());
    };
    expect((await failure())[0]).to.equal("unreachable");
    respond = (response) => {
      response.write("[", () => response.destroy());
    };
    expect((await failure())[0]).to.equal("unreachable");
    respond = (response) => response.writeHead(200, { "content-length": longestAnswerBytes + 1 }).write("[");
    const message = "answered more than 67108864 bytes";
    expect((await ask(chainId))[0]).to.deep.include({ kind: "error", error: { code: 0, message } });
  });

  for (const status of [200, 400]) {
    it(`halves a batch that gets one error as a whole with status ${status}`, async () => {
      respond = (response, body) =>
        idsOf(body).length > 2
          ? response.writeHead(status).end(JSON.stringify({ id: null, error }))
          : response.end(answered(body));
      expect((await ask(chainId, chainId, chainId)).map(({ kind }) => kind)).to.deep.equal(Array(3).fill("result"));
      expect(bodies.map((body) => idsOf(body).length)).to.deep.equal([3, 2, 1]);
    });
  }

  it("doesn't split a batch that exceeds a rate limit: each call gets the error of the batch", async () => {
    const limited = { code: -32_005, message: "limit exceeded" };
    respond = (response) => response.end(JSON.stringify({ id: null, error: limited }));
    const answers = await ask(chainId, logs);
    expect(answers.map((answer) => answer.kind === "error" && answer.error.message)).to.deep.equal([
      "limit exceeded",
      "limit exceeded",
    ]);
    expect(bodies).to.have.lengthOf(1);
  });

  it("numbers calls from 1, and uses no number twice", async () => {
    await ask(chainId, logs);
    await ask(chainId);
    await ask(chainId, chainId);
    expect(bodies.map(idsOf)).to.deep.equal([[1, 2], [3], [4, 5]]);
  });

  it("keeps one connection for successive requests, until it is closed", async () => {
    await ask(chainId);
    await ask(chainId);
    expect(connections).to.have.lengthOf(1);
    const closed = once(connections[0]!, "close");
    link.close();
    await closed;
  });

  it("opens at most eight connections, even if more requests wait", async () => {
    await Promise.all(Array.from({ length: 16 }, () => ask(chainId)));
    expect(connections).to.have.lengthOf(8);
  });

  it("leaves no timer behind that would keep a program running", async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    // The test's own timer runs from its first wait on.
    await new Promise(setImmediate);
    const before = timers();
    await ask(chainId);
    link.close();
    server.close().closeAllConnections();
    await once(server, "close");
    expect(timers()).to.equal(before);
  });

  it("speaks TLS if the address begins with https", async () => {
    const plain = createTcpServer();
    await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
    const spoken = once(plain, "connection").then(async ([socket]: Socket[]) => {
      const [first] = (await once(socket!, "data")) as [Buffer];
      socket!.destroy();
      return first[0];
    });
    const secure = openHttpLink(new URL(`https://127.0.0.1:${(plain.address() as AddressInfo).port}`), 100);
    const asked = rejection(secure.ask([chainId], 300_000), EndpointFault);
    const handshake = 22;
    expect(await Promise.race([spoken, asked])).to.equal(handshake);
    expect((await asked).kind).to.equal("unreachable");
    secure.close();
    plain.close();
  });
});
