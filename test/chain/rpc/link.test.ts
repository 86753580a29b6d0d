import { expect } from "chai";
import { createServer, type Server } from "node:http";
import { type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { EndpointFault } from "../../../scripts/chain/rpc/endpointState";
import { longestAnswerBytes, openHttpLink } from "../../../scripts/chain/rpc/link";
import { type Call, type Link } from "../../../scripts/chain/rpc/jsonRpc";
import { rejection } from "../../shared/rejection";

/** What a request to the server holds: the calls with their ids. */
type Asked = readonly (Call & { readonly id: number })[];

describe("A link to an endpoint that refuses large batches", () => {
  let server: Server;
  let link: Link;
  /** How many calls each request had. */
  let sizes: number[];
  /** The methods of which the server takes no call at all. */
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

  it("halves the batch, and asks no larger one again", async () => {
    expect(await kindsOf(calls(8))).to.deep.equal(Array(8).fill("result"));
    expect(sizes).to.deep.equal([8, 4, 4]);
    sizes.length = 0;
    expect(await kindsOf(calls(8))).to.deep.equal(Array(8).fill("result"));
    expect(sizes).to.deep.equal([4, 4]);
  });

  it("does not keep the connection of an answer that did not come in time", async () => {
    const closed = new Promise((resolve) => {
      server.removeAllListeners("request").once("request", (request) => {
        request.socket.once("close", resolve);
      });
    });
    expect((await rejection(link.ask(calls(1), 50), EndpointFault)).message).to.equal("did not answer in time");
    await closed;
  });

  it("does not keep the connection of an answer that announces more than may be read", async () => {
    const closed = new Promise((resolve) => {
      server.removeAllListeners("request").once("request", (_, response) => {
        response.once("close", resolve);
        response.writeHead(200, { "Content-Length": longestAnswerBytes + 1 }).write("[");
      });
    });
    expect(await kindsOf(calls(1))).to.deep.equal(["error"]);
    expect(await Promise.race([closed.then(() => "closed"), sleep(2_000, "kept")])).to.equal("closed");
  });

  it("does not take a call that is too large for a batch that is", async () => {
    refused = new Set(["eth_getLogs"]);
    expect(await kindsOf([...calls(1), ...calls(1, "eth_getLogs")])).to.deep.equal(["result", "error"]);
    sizes.length = 0;
    expect(await kindsOf(calls(4))).to.deep.equal(Array(4).fill("result"));
    expect(sizes).to.deep.equal([4]);
  });
});
