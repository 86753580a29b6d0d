import { expect } from "chai";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Hono } from "hono";
import {
  type ConnectionLimits,
  defaultConnectionLimits,
  listenOn,
  type RunningServer,
} from "../../scripts/serve/server";

/** More than the buffers of two systems hold. */
const longAnswer = "long".padEnd(32 << 20);

describe("A server's connections", () => {
  let server: RunningServer;
  let letGo: () => void;

  /** A server with a short answer, a long one, and one that waits for the test. */
  async function serve(limits: Partial<ConnectionLimits>): Promise<void> {
    const app = new Hono();
    app.get("/short", (c) => c.text("short"));
    app.get("/long", (c) => c.text(longAnswer));
    app.get("/late", async (c) => {
      await new Promise<void>((resolve) => (letGo = resolve));
      return c.text("late");
    });
    server = await listenOn({ host: "127.0.0.1", port: 0 }, app, { ...defaultConnectionLimits, ...limits });
  }

  afterEach(() => server.close());

  /** Opens a connection, sends this text, and discards the answer. */
  async function open(text: string): Promise<{ readonly socket: Socket; readonly closed: Promise<unknown> }> {
    const socket = connect({ host: "127.0.0.1", port: Number(new URL(server.url).port) });
    socket.on("error", () => undefined).resume();
    const closed = new Promise((resolve) => socket.once("close", resolve));
    await Promise.race([once(socket, "connect"), closed]);
    if (text !== "") socket.write(text);
    return { socket, closed };
  }

  const patient = { waitMilliseconds: 600_000, questionMilliseconds: 600_000 };
  /** Whether it happens before a closing server cuts its connections. */
  const soon = (event: Promise<unknown>) => Promise.race([event.then(() => true), sleep(4_000, false)]);

  const short = async () => (await fetch(`${server.url}/short`)).text();

  for (const [what, text, more = ""] of [
    ["sent half a request", "GET /short HTTP/1.1\r\nHost:"],
    ["sent nothing", ""],
    ["have an answer and may ask again", "GET /short HTTP/1.1\r\nHost: a\r\n\r\n"],
    ["have an answer and send empty lines", "GET /short HTTP/1.1\r\nHost: a\r\n\r\n", "\r\n"],
    ["withhold the announced body", "POST /short HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n"],
  ] as const satisfies readonly (readonly [string, string, string?])[]) {
    it(`are closed soon if they ${what}, and others are answered meanwhile`, async () => {
      await serve({ waiting: 50, waitMilliseconds: 500, questionMilliseconds: 500 });
      const idle = await Promise.all(Array.from({ length: 100 }, () => open(text)));
      const sending = setInterval(() => {
        for (const { socket } of idle) if (more !== "") socket.write(more);
      }, 100);
      expect(await short()).to.equal("short");
      await Promise.all(idle.map(({ closed }) => closed));
      clearInterval(sending);
    });
  }

  it("that wait are closed to make room for others, the longest waiting first", async () => {
    await serve({ waiting: 2 });
    const first = await open("");
    const second = await open("GET /short HTTP/1.1\r\nHost:");
    const third = await open("");
    await first.closed;
    second.socket.write(" a\r\n\r\n");
    const [answer] = (await once(second.socket, "data")) as [Buffer];
    expect(answer.toString()).to.match(/^HTTP\/1\.1 200 OK\r\n/);
    expect(third.socket.closed).to.equal(false);
    third.socket.destroy();
  });

  it("of clients that are gone make room for others, whether they waited or were receiving an answer", async () => {
    await serve({ waiting: 2, ...patient });
    for (const text of ["", "GET /long HTTP/1.1\r\nHost: a\r\n\r\n"]) {
      for (let i = 0; i < 3; i++) {
        const { socket, closed } = await open(text);
        if (text !== "") await once(socket, "data");
        socket.destroy();
        await closed;
      }
    }
    await short();
    const first = await open("");
    const others = [await open(""), await open("")];
    expect(await soon(first.closed)).to.equal(true);
    for (const { socket } of others) socket.destroy();
  });

  it("don't count as waiting while one of two pipelined requests has no answer", async () => {
    await serve({ waiting: 1 });
    const question = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
    const { socket } = await open("");
    let answers = "";
    socket.on("data", (bytes: Buffer) => (answers += bytes.toString()));
    const answered = async (text: string): Promise<void> => {
      while (!answers.includes(text)) {
        expect(socket.closed).to.equal(false);
        await sleep(10);
      }
    };
    socket.write(question("/short") + question("/late"));
    await answered("short");
    const other = await open("");
    letGo();
    await answered("late");
    for (const one of [socket, other.socket]) one.destroy();
  });

  it("end after their last answer if the server is closing", async () => {
    await serve(patient);
    const { closed } = await open("GET /late HTTP/1.1\r\nHost: a\r\n\r\n");
    await short();
    const closing = server.close();
    letGo();
    expect(await soon(closing)).to.equal(true);
    await closed;
    await serve({});
  });

  it("are closed at once if there is no room for more", async () => {
    await serve({ connections: 1 });
    const held = await open("GET /late HTTP/1.1\r\nHost: a\r\n\r\n");
    const refused = await open("GET /short HTTP/1.1\r\nHost: a\r\n\r\n");
    await refused.closed;
    expect(refused.socket.bytesRead).to.equal(0);
    letGo();
    const [answer] = (await once(held.socket, "data")) as [Buffer];
    expect(answer.toString()).to.match(/^HTTP\/1\.1 200 OK\r\n/);
    held.socket.destroy();
  });

  it("leave no timer behind when the server is closed", async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
    const left: number[] = [];
    for (let i = 0; i < 2; i++) {
      await serve({});
      await server.close();
      left.push(timers());
    }
    expect(left[1]).to.equal(left[0]);
    await serve({});
  });

  it("stay open while an answer is being prepared, however long that takes", async () => {
    await serve({ waitMilliseconds: 100, questionMilliseconds: 100, stallMilliseconds: 100 });
    const late = fetch(`${server.url}/late`);
    // Twice as long as what a look for slow clients takes.
    await sleep(2_000);
    letGo();
    expect(await (await late).text()).to.equal("late");
  });

  for (const [how, atTimes] of [
    ["nothing", () => undefined],
    [
      "a byte at a time",
      (socket: Socket) => {
        socket.read(1);
      },
    ],
    [
      "a byte at a time while it keeps sending",
      (socket: Socket) => {
        socket.read(1);
        socket.write("\r\n");
      },
    ],
  ] as const) {
    it(`are cut off if a client gets a long answer and reads ${how}`, async () => {
      await serve({ stallMilliseconds: 300 });
      const { socket, closed } = await open("GET /long HTTP/1.1\r\nHost: a\r\n\r\n");
      socket.pause();
      for (let i = 0; i < 15; i++) {
        await sleep(100);
        atTimes(socket);
      }
      socket.resume();
      await closed;
      expect(socket.bytesRead).to.be.within(1, longAnswer.length / 2);
    });
  }

  it("stay open if a client reads a long answer slowly but steadily", async () => {
    // Long enough for a machine that is busy; the whole answer takes longer.
    await serve({ stallMilliseconds: 3_000 });
    const { body } = await fetch(`${server.url}/long`);
    let [bytes, pauses] = [0, 0];
    for await (const piece of body!) {
      bytes += (piece as Uint8Array).length;
      if (bytes < (pauses + 1) << 20) continue;
      pauses++;
      await sleep(120);
    }
    expect(bytes).to.equal(longAnswer.length);
  });
});
