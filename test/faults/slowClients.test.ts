import { expect } from "chai";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { apiQuestions } from "../shared/apiQuestions";
import { connect as connectTo } from "../shared/connect";
import { startDashboard, type TestDashboard } from "../shared/dashboard";
import { type DevelopmentNode, nodeAccount } from "../shared/node";
import { startSettledNode } from "../shared/settledNode";

describe("A dashboard with slow clients", function () {
  this.timeout(300_000);
  let node: DevelopmentNode;
  let board: TestDashboard;
  let paths: readonly string[];

  before(async () => {
    node = await startSettledNode();
    board = await startDashboard(await connectTo(node.url), node.dataDirectory);
    const described = apiQuestions(await (await fetch(`${board.url}/openapi.json`)).json(), nodeAccount(1), 0);
    paths = [...described, "/openapi.json", "/", "/page.js", "/page.css", "/healthz", "/metrics", "/nothing"];
    expect(paths).to.have.length.above(15);
  });

  after(async () => {
    await board.stop();
    node.stop();
  });

  /** No task was ever submitted. */
  const unknown = ["/v1/tasks/1", "/nothing"];

  async function open(text: string): Promise<{ readonly socket: Socket; readonly closed: Promise<unknown> }> {
    const socket = connect({ host: "127.0.0.1", port: Number(new URL(board.url).port) });
    socket.on("error", () => undefined).resume();
    const closed = new Promise((resolve) => socket.once("close", resolve));
    await Promise.race([once(socket, "connect"), closed]);
    socket.write(text);
    return { socket, closed };
  }

  const question = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;

  it("answers others on every route while 1,500 have sent half a request, and disconnects those within a minute", async () => {
    const began = performance.now();
    const half = await Promise.all(
      Array.from({ length: 1_500 }, (_, i) => open(question(paths[i % paths.length]!).slice(0, -4))),
    );
    for (const path of paths) {
      const { status } = await fetch(`${board.url}${path}`, { headers: { Connection: "close" } });
      expect(status, path).to.equal(unknown.includes(path) ? 404 : 200);
    }
    await Promise.all(half.map(({ closed }) => closed));
    expect(performance.now() - began).to.be.below(60_000);
  });

  it("ends each connection that reads a byte a second, or nothing, on every route", async () => {
    const slow = await Promise.all(paths.flatMap((path) => [path, path]).map((path) => open(question(path))));
    for (const { socket } of slow) socket.pause();
    const readers = slow.filter((_, i) => i % 2 === 0);
    for (let second = 0; second < 30; second++) {
      await sleep(1_000);
      for (const { socket } of readers) socket.read(1);
    }
    for (const { socket } of slow) socket.resume();
    // The server has already dropped what they didn't read; nothing is left to wait for.
    const all = Promise.all(slow.map(({ closed }) => closed));
    await Promise.race([all, sleep(4_000).then(() => expect.fail("A connection is still open."))]);
  });
});
