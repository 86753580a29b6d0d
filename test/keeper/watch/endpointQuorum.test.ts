import { expect } from "chai";
import { numberToHex } from "viem";
import { type Connection } from "../../../scripts/chain/connection";
import {
  EndpointsDisagreeError,
  type EndpointQuorum,
  openEndpointQuorum,
  quorumOf,
} from "../../../scripts/keeper/watch/endpointQuorum";
import { type Watcher, WatchMemory } from "../../../scripts/keeper/watch/memory";
import { type WatchEvent } from "../../../scripts/keeper/watch/watchEvents";
import { answeringChain } from "../../shared/answeringChain";
import { rejection } from "../../shared/rejection";

/** An endpoint's newest block, and the pool's balance that it shows; "down" if it fails. */
type Shown = { readonly head: number | "down"; readonly pool: bigint | "down" };

const fails = (): never => {
  throw Object.assign(new Error("out of order"), { code: -32_000 });
};

describe("The endpoints that a watcher believes", () => {
  let shown: Shown[];
  let given: number;
  let memory: WatchMemory;
  let events: WatchEvent[];
  /** The endpoints that were asked for the pool's balance, in order, and as of which block. */
  let asked: (readonly [endpoint: number, block: unknown])[];

  beforeEach(() => {
    shown = [0, 1, 2].map(() => ({ head: 50, pool: 7n }));
    [given, events, asked] = [3, [], []];
    memory = new WatchMemory(0);
  });

  function endpoint(i: number): Connection {
    const say = <T>(what: T | "down"): T => (what === "down" ? fails() : what);
    return answeringChain(
      {
        views: { "pool.available": () => say(shown[i]!.pool) },
        methods: { eth_blockNumber: () => numberToHex(say(shown[i]!.head)) },
      },
      {},
      (question, block) => {
        if (question === "pool.available") asked.push([i, block]);
      },
    );
  }

  async function open(): Promise<EndpointQuorum> {
    const inUse = shown.map((_, i) => ({ endpoint: `e${i}`, connection: endpoint(i) }));
    const watcher = {
      ...{ connection: inUse[0]!.connection, singleEndpoints: () => inUse, endpointCount: given, memory },
      tell: (event: WatchEvent) => events.push(event),
    };
    return openEndpointQuorum(watcher as unknown as Watcher);
  }

  const agree = (quorum: EndpointQuorum, subject = "the pool") =>
    quorum.agree(subject, ({ contracts }) => contracts.pool.read.available());

  it("are more than half of those that it was given", () => {
    expect([1, 2, 3, 4, 5].map(quorumOf)).to.deep.equal([1, 2, 2, 3, 3]);
  });

  it("are asked about the newest block that enough of them have, the newest first, and no more than necessary", async () => {
    shown = [48, 50, 49].map((head) => ({ head, pool: 7n }));
    expect(await agree(await open())).to.equal(7n);
    expect(asked).to.deep.equal([
      [1, "0x31"],
      [2, "0x31"],
    ]);
  });

  it("are too few if fewer are in use than must agree", async () => {
    given = 6;
    expect((await rejection(open(), EndpointsDisagreeError)).message).to.equal(
      "Only 3 of 6 endpoints are in use, and 4 must agree, so the watcher can't judge anything.",
    );
  });

  it("are too few if too many don't report their newest block, and the error says why", async () => {
    shown = [0, 1, 2].map((i) => ({ head: i === 1 ? 50 : "down", pool: 7n }));
    expect((await rejection(open(), EndpointsDisagreeError)).message).to.match(
      /^Too few endpoints reported their newest block: e[02] fails: .*out of order.*; e[02] fails: .*out of order/s,
    );
  });

  it("suffice without one that disagrees or fails, which is reported once per subject until it agrees again", async () => {
    shown[0] = { head: 50, pool: 8n };
    expect(await agree(await open())).to.equal(7n);
    expect(events).to.deep.equal([
      { kind: "endpointDisagrees", endpoint: "e0", subject: "the pool", reason: "e0 gives a different answer" },
    ]);
    shown[0] = { head: 50, pool: "down" };
    await agree(await open());
    expect(events).to.have.length(1);
    await agree(await open(), "another subject");
    expect(events[1]).to.include({ endpoint: "e0", subject: "another subject" });
    expect((events[1] as { reason: string }).reason).to.match(/^e0 fails: .*out of order/s);

    shown[0] = { head: 50, pool: 7n };
    await agree(await open());
    shown[0] = { head: 50, pool: 9n };
    await agree(await open());
    expect(events).to.have.length(3);
  });

  it("aren't asked again in the same look after they disagreed", async () => {
    shown[0] = { head: 50, pool: 8n };
    const quorum = await open();
    await agree(quorum);
    asked = [];
    await agree(quorum, "more");
    expect(asked.map(([i]) => i)).to.deep.equal([1, 2]);
  });

  it("are asked later in the same look if they weren't needed before", async () => {
    const quorum = await open();
    await agree(quorum);
    shown[0] = { head: 50, pool: "down" };
    expect(await agree(quorum, "more")).to.equal(7n);
    expect(asked.map(([i]) => i)).to.deep.equal([0, 1, 0, 1, 2]);
  });

  it("are none if no two agree, and the error says what each of them did", async () => {
    shown = [
      { head: 50, pool: 8n },
      { head: 50, pool: "down" },
      { head: 50, pool: 7n },
    ];
    expect((await rejection(agree(await open()), EndpointsDisagreeError)).message).to.match(
      /^Fewer than two endpoints agree on the pool, so the watcher can't judge it: e0 gives a different answer; e1 fails: .*out of order.*; e2 gives a different answer\.$/s,
    );
  });

  it("may be a single one, whose failure isn't a disagreement", async () => {
    [shown, given] = [[{ head: 50, pool: "down" }], 1];
    const quorum = await open();
    expect(quorum.isOne).to.equal(true);
    const failure = await agree(quorum).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(Error).and.not.instanceOf(EndpointsDisagreeError);
  });
});
