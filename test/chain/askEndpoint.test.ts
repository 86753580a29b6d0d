import { expect } from "chai";
import { getEventListeners, once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { type AskingRules, askEndpoint, askingProblem, withEitherSignal } from "../../scripts/chain/askEndpoint";

const never = new AbortController().signal;

describe("An endpoint that a stranger named", () => {
  let server: Server;
  let port: number;
  let respond: (response: ServerResponse, request: IncomingMessage) => void;
  /** The requests that the server received, in order. */
  let asked: { readonly line: string; readonly type: string | undefined; readonly body: string }[];

  before(async () => {
    server = createServer((request, response) => {
      void buffer(request).then((body) => {
        const type = request.headers["content-type"];
        asked.push({ line: `${request.method} ${request.url}`, type, body: body.toString("hex") });
        respond(response, request);
      });
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    ({ port } = server.address() as AddressInfo);
  });

  beforeEach(() => {
    asked = [];
    respond = (response) => response.writeHead(201).end("abc");
  });

  after(() => {
    server.close().closeAllConnections();
  });

  /** Status and text of the answer, or what is wrong with it. */
  async function ask(
    {
      endpoint = `http://localhost:${port}`,
      path = "/v1/x",
      mostBytes = 3,
      body = undefined as Uint8Array | undefined,
    },
    rules: Partial<AskingRules> = {},
    stopping = never,
  ): Promise<unknown> {
    const request = { path, mostBytes, ...(body === undefined ? {} : { body }) };
    return askEndpoint(endpoint, request, { allowPrivate: true, ...rules }, stopping).then(
      ({ status, bytes }) => [status, Buffer.from(bytes).toString()],
      (error: unknown) => askingProblem(error),
    );
  }

  it("is asked below its own path, without the query and fragment of its URL", async () => {
    expect(await ask({ endpoint: `http://localhost:${port}/base//?key=1#part` })).to.deep.equal([201, "abc"]);
    expect(asked).to.deep.equal([{ line: "GET /base/v1/x", type: undefined, body: "" }]);
  });

  it("is sent bytes with PUT", async () => {
    expect(await ask({ body: Uint8Array.of(1, 255) })).to.deep.equal([201, "abc"]);
    expect(asked).to.deep.equal([{ line: "PUT /v1/x", type: "application/octet-stream", body: "01ff" }]);
  });

  it("may answer up to the allowed number of bytes, with or without a Content-Length", async () => {
    for (const text of ["abc", "abcd"]) {
      const expected = text === "abc" ? [200, "abc"] : "sent more than 3 bytes";
      respond = (response) => response.writeHead(200, { "content-length": text.length }).end(text);
      expect(await ask({})).to.deep.equal(expected);
      respond = (response) => {
        response.writeHead(200).write(text.slice(0, 2), () => response.end(text.slice(2)));
      };
      expect(await ask({})).to.deep.equal(expected);
    }
  });

  it("isn't read if only its status is needed, and its connection is closed at once", async () => {
    let left: Promise<unknown> | undefined;
    respond = (response) => {
      left = once(response, "close");
      response.writeHead(200).write("abc");
    };
    expect(await ask({ mostBytes: 0 })).to.deep.equal([200, ""]);
    await left;
  });

  it("isn't followed if it redirects", async () => {
    respond = (response) => response.writeHead(302, { location: `http://localhost:${port}/elsewhere` }).end();
    expect(await ask({})).to.deep.equal([302, ""]);
    expect(asked).to.have.lengthOf(1);
  });

  it("gives no answer if it cuts the answer off or closes the connection", async () => {
    respond = (response) => {
      response.writeHead(200, { "content-length": 3 }).write("a", () => response.destroy());
    };
    expect(await ask({})).to.equal("can't be reached (ECONNRESET)");
    respond = (response) => response.destroy();
    expect(await ask({})).to.equal("can't be reached (ECONNRESET)");
  });

  it("gives no answer if it switches to another protocol", async () => {
    respond = ({ socket }) => socket!.write("HTTP/1.1 101 Go\r\nConnection: upgrade\r\nUpgrade: other\r\n\r\n");
    expect(await ask({})).to.equal("closed the connection");
  });

  it("is asked with TLS if its URL says https", async () => {
    expect(await ask({ endpoint: `https://localhost:${port}` })).to.match(
      /^can't be reached \((EPROTO|ERR_SSL_\w+)\)$/,
    );
    expect(asked).to.deep.equal([]);
  });

  it("must send the whole answer in time", async () => {
    respond = (response) => response.writeHead(200).write("a");
    expect(await ask({}, { timeoutMilliseconds: 50 })).to.equal("did not answer completely in time");
  });

  it("is abandoned if the caller stops", async () => {
    const stopping = new AbortController();
    respond = () => {
      stopping.abort();
    };
    expect(await ask({}, {}, stopping.signal)).to.equal("can't be reached (ABORT_ERR)");
  });

  it("is refused on a private address, in whatever form that is given", async () => {
    const rules = { allowPrivate: false, resolve: () => Promise.resolve(["127.0.0.1", "::1"]) };
    for (const host of ["a.example", "localhost", "127.0.0.1", "[::1]", "0x7f.1"])
      expect(await ask({ endpoint: `http://${host}:${port}` }, rules), host).to.equal("has no public address");
    expect(
      await ask(
        { endpoint: `http://a.example:${port}` },
        { ...rules, resolve: () => Promise.reject(new Error("none")) },
      ),
    ).to.equal("has no public address");
    expect(asked).to.deep.equal([]);
    expect(await ask({ endpoint: `http://127.0.0.1:${port}` }, { allowPrivate: true })).to.deep.equal([201, "abc"]);
  });

  it("is looked up if its host is a name, and not if it is an address", async () => {
    const looked: string[] = [];
    const resolve = (host: string) => {
      looked.push(host);
      return Promise.resolve(["10.0.0.1"]);
    };
    const rules = { allowPrivate: false, resolve };
    expect(await ask({ endpoint: "http://a.example" }, rules)).to.equal("has no public address");
    // Stopped before anything leaves this machine.
    expect(await ask({ endpoint: "http://8.8.8.8" }, rules, AbortSignal.abort())).to.equal(
      "can't be reached (ABORT_ERR)",
    );
    expect(looked).to.deep.equal(["a.example"]);
  });

  it("is reported with an error's name if the error has no code", () => {
    expect(askingProblem(new TypeError("key"))).to.equal("can't be reached (TypeError)");
  });

  it("must be an http or https URL without a user name or password", async () => {
    expect(await ask({ endpoint: "a.example" })).to.equal("is not a URL");
    expect(await ask({ endpoint: "ws://a.example" })).to.equal("is neither http nor https");
    for (const credentials of ["name", ":password"])
      expect(await ask({ endpoint: `http://${credentials}@localhost:${port}` })).to.equal(
        "contains a user name or password",
      );
  });
});

describe("A signal that fires when one of several others does", () => {
  it("fires with each of them, even one that fired before, and leaves no listener behind", async () => {
    for (const index of [0, 1]) {
      const sources = [new AbortController(), new AbortController()] as const;
      const signals = sources.map(({ signal }) => signal);
      await withEitherSignal(signals, async (either) => {
        expect(either.aborted).to.equal(false);
        sources[index]!.abort();
        expect(either.aborted).to.equal(true);
        await withEitherSignal(signals, async (late) => {
          expect(late.aborted).to.equal(true);
          return Promise.resolve();
        });
      });
      expect(signals.flatMap((signal) => getEventListeners(signal, "abort"))).to.deep.equal([]);
    }
  });
});
