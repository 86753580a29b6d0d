import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, connect as connectTcp, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { text } from "node:stream/consumers";
import { type Hex, keccak256 } from "viem";
import { type Fault, rewritten } from "./faults";
import { askStale } from "./staleView";

/** A call that has left its sender, but has not reached the node. */
export interface StoppedCall {
  /** Lets it through, however late. */
  pass(): void;
  /** It never arrives, as if its sender had died while sending. */
  drop(): void;
}

/** Says what happens to a request: its methods, and how many requests came before it. */
export type Plan = (methods: readonly string[], index: number) => Fault;

/** A line to a node that treats calls and answers as networks and providers do. */
export interface FaultyLink {
  readonly url: string;
  /** The same line for WebSockets. */
  readonly socketUrl: string;
  /** How many calls came so far, by method. */
  readonly calls: ReadonlyMap<string, number>;
  /** From now on; at first everything passes. */
  follow(plan: Plan): void;
  /** The next call of `method`, as soon as it comes; it waits on the line. */
  stopNext(method: string): Promise<StoppedCall>;
  /** How many WebSockets are open. */
  openSockets(): number;
  /** Breaks every WebSocket that is open; new ones can be opened. */
  cutSockets(): void;
  close(): void;
}

/** Lets everything through. */
export const noFaults: Plan = () => ({ kind: "pass" });

/** Opens a line to the node at `nodeUrl`, on a free port. */
export async function openFaultyLink(nodeUrl: string): Promise<FaultyLink> {
  const line = new Line(nodeUrl);
  const server = createServer((request, response) => {
    line.carry(request, response).catch(() => request.socket.destroy());
  });
  server.on("upgrade", (request: IncomingMessage, socket: Socket) => {
    line.carrySocket(request, socket);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    socketUrl: `ws://127.0.0.1:${port}`,
    calls: line.calls,
    follow(plan) {
      line.plan = plan;
    },
    stopNext: (method) => line.stopNext(method),
    openSockets: () => line.openSockets,
    cutSockets() {
      line.cutSockets();
    },
    close() {
      server.close();
      server.closeAllConnections();
      line.cutSockets();
    },
  };
}

/** The answer to a signed transaction that was accepted. */
function swallowed(body: string): object {
  const { id, params } = JSON.parse(body) as { readonly id: number; readonly params: readonly [Hex] };
  return { jsonrpc: "2.0", id, result: keccak256(params[0]) };
}

class Line {
  readonly calls = new Map<string, number>();
  plan: Plan = noFaults;
  private requests = 0;
  private watched: { readonly method: string; readonly seen: (call: StoppedCall) => void } | undefined;
  private readonly sockets = new Set<Socket>();

  constructor(private readonly nodeUrl: string) {}

  stopNext(method: string): Promise<StoppedCall> {
    return new Promise((seen) => {
      this.watched = { method, seen };
    });
  }

  async carry(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const methods = [...body.matchAll(/"method":"(\w+)"/g)].map(([, method]) => method!);
    for (const method of methods) this.calls.set(method, (this.calls.get(method) ?? 0) + 1);
    const fault = this.plan(methods, this.requests++);
    if (!(await this.passesWatcher(methods))) return void request.socket.destroy();
    if (fault.kind === "hang") return;
    if (fault.kind === "delay") await sleep(fault.milliseconds);
    if (fault.kind === "dropCall") return void request.socket.destroy();
    if (fault.kind === "status") {
      const headers = fault.retryAfter === undefined ? {} : { "retry-after": fault.retryAfter };
      return void response.writeHead(fault.status, headers).end("{}");
    }
    if (fault.kind === "swallow" && methods.includes("eth_sendRawTransaction")) {
      return void response.end(JSON.stringify(swallowed(body)));
    }
    const answer = await (fault.kind === "stale"
      ? askStale(body, fault.blocks, (request) => this.ask(request))
      : this.ask(body));
    if (fault.kind === "duplicate") await this.ask(body);
    if (fault.kind === "dropAnswer") return void request.socket.destroy();
    if (fault.kind === "delayAnswer") await sleep(fault.milliseconds);
    response.writeHead(200, { "content-type": "application/json" });
    if (fault.kind !== "truncate") return void response.end(rewritten(fault, body, answer));
    response.write(answer.slice(0, answer.length / 2));
    request.socket.end();
  }

  /** A socket is carried as it is, or is cut, or hangs: whatever the plan says of a request that names no method. */
  carrySocket(request: IncomingMessage, socket: Socket): void {
    const fault = this.plan([], this.requests++);
    this.sockets.add(socket);
    socket.on("error", () => socket.destroy());
    if (fault.kind === "hang") return;
    if (fault.kind !== "pass") return void socket.destroy();
    const { hostname, port } = new URL(this.nodeUrl);
    const node = connectTcp(Number(port), hostname);
    node.on("error", () => socket.destroy());
    const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${String(value)}`);
    node.write(["GET / HTTP/1.1", ...headers, "", ""].join("\r\n"));
    socket.pipe(node).pipe(socket);
    socket.on("close", () => node.destroy());
  }

  get openSockets(): number {
    return [...this.sockets].filter(({ destroyed }) => !destroyed).length;
  }

  cutSockets(): void {
    for (const socket of this.sockets) socket.destroy();
    this.sockets.clear();
  }

  private async passesWatcher(methods: readonly string[]): Promise<boolean> {
    const watcher = this.watched;
    if (watcher === undefined || !methods.includes(watcher.method)) return true;
    this.watched = undefined;
    return new Promise((decide) => {
      watcher.seen({
        pass() {
          decide(true);
        },
        drop() {
          decide(false);
        },
      });
    });
  }

  private async ask(body: string): Promise<string> {
    const headers = { "content-type": "application/json" };
    return (await fetch(this.nodeUrl, { method: "POST", headers, body })).text();
  }
}
