import { expect } from "chai";
import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { type AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { ask, openWorkers } from "./asking";

describe("A worker over HTTP", () => {
  const start = openWorkers();
  let server: Server;

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  /** @returns The URL of a server that answers with this function. */
  async function serve(answer: RequestListener): Promise<string> {
    server = createServer(answer).listen(0, "127.0.0.1");
    await once(server, "listening");
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/work?key=1`;
  }

  const json = { "content-type": "application/json" };

  it("receives each question by POST, and answers in JSON", async () => {
    let asked: IncomingMessage | undefined;
    let body = "";
    const { worker } = start(
      await serve((request, response) => {
        asked = request;
        void text(request).then((question) => {
          body = question;
          response.writeHead(200, { "content-type": "Application/JSON; charset=utf-8" }).end('{ "result": "aGk=" }');
        });
      }),
    );
    expect(await ask(worker, "question")).to.equal("hi");
    expect(body).to.equal('{"taskId":7,"typeId":2,"input":"cXVlc3Rpb24=","deadline":1900000000}');
    expect([asked?.method, asked?.url, asked?.headers["content-type"]]).to.deep.equal([
      "POST",
      "/work?key=1",
      "application/json",
    ]);
  });

  const refused: readonly (readonly [title: string, reason: string, answer: RequestListener])[] = [
    [
      "a status other than 200",
      "answered with status 201",
      (_, response) => response.writeHead(201, json).end('{ "result": "" }'),
    ],
    [
      "a redirect, which is not followed",
      "answered with status 307",
      ({ url }, response) =>
        url === "/elsewhere"
          ? response.writeHead(200, json).end('{ "result": "" }')
          : response.writeHead(307, { ...json, location: "/elsewhere" }).end(),
    ],
    [
      "a content type other than JSON",
      "answered with a content type other than application/json",
      (_, response) => response.writeHead(200, { "content-type": "text/html" }).end('{ "result": "" }'),
    ],
    [
      "a body that isn't JSON",
      `gave an unusable answer: Unexpected token 'I', "I am a teapot" is not valid JSON`,
      (_, response) => response.writeHead(200, json).end("I am a teapot"),
    ],
    [
      "an endless body",
      "answered more than 2097152 bytes",
      (_, response) => {
        response.writeHead(200, json);
        const more = (): void => void response.write("a".repeat(1 << 20), (error) => error ?? setImmediate(more));
        more();
      },
    ],
    [
      "half a body",
      "can't be reached (ECONNRESET)",
      (_, response) => {
        response.writeHead(200, { ...json, "content-length": 100 }).write("{");
        setImmediate(() => response.destroy());
      },
    ],
    ["a closed connection", "can't be reached (ECONNRESET)", ({ socket }) => socket.destroy()],
  ];

  for (const [title, reason, answer] of refused) {
    it(`fails at a question that it answers with ${title}`, async () => {
      const { worker } = start(await serve(answer));
      expect(await ask(worker, "question")).to.deep.equal({ kind: "failed", reason });
    });
  }

  it("fails at a question, and is disconnected, if the whole answer doesn't arrive in time", async () => {
    let closed: Promise<unknown> | undefined;
    const url = await serve(({ socket }) => {
      closed = once(socket, "close");
    });
    const silent = start(url, { timeoutMilliseconds: 100 });
    expect(await ask(silent.worker, "question")).to.have.property("reason", "did not answer within 100 ms");
    await closed;
    server.closeAllConnections();
    server.close();
    const halting = start(await serve((_, response) => response.writeHead(200, json).write("{")), {
      timeoutMilliseconds: 100,
    });
    expect(await ask(halting.worker, "question")).to.have.property("reason", "did not answer within 100 ms");
  });

  it("gets at most the configured number of questions at once; the time limit of the others begins with their turn", async () => {
    let [out, most] = [0, 0];
    const { worker } = start(
      await serve((_, response) => {
        most = Math.max(most, ++out);
        setTimeout(() => {
          out--;
          response.writeHead(200, json).end('{ "result": "" }');
        }, 200);
      }),
      { concurrency: 2, timeoutMilliseconds: 1_000 },
    );
    const answers = await Promise.all(Array.from({ length: 14 }, () => ask(worker, "question")));
    expect(answers).to.deep.equal(Array(14).fill(""));
    expect(most).to.equal(2);
  });

  it("gets no more questions once the node stops, or closes it", async () => {
    const url = await serve(() => undefined);
    const givenUp = { kind: "failed", reason: "was stopped before it answered" };
    const stopping = new AbortController();
    const { worker } = start(url, { concurrency: 1 });
    const asked = [ask(worker, "on its turn", stopping.signal), ask(worker, "before its turn", stopping.signal)];
    await once(server, "request");
    stopping.abort();
    expect(await Promise.all(asked)).to.deep.equal([givenUp, givenUp]);
    expect(await ask(worker, "too late", stopping.signal)).to.deep.equal(givenUp);
    const last = ask(worker, "last");
    await once(server, "request");
    await worker.close();
    expect(await last).to.deep.equal(givenUp);
    expect(await ask(worker, "after the last")).to.deep.equal(givenUp);
  });

  it("must have a valid URL", () => {
    expect(() => start("http://")).to.throw("http:// is not a URL.");
  });
});
