import { expect } from "chai";
import { Hono } from "hono";
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Hex, keccak256 } from "viem";
import { transact } from "../../../scripts/chain/transact";
import { type Connection } from "../../../scripts/chain/connection";
import { type Decided, type Node, type NodeOptions, type ReadyNode, startNode } from "../../../scripts/nodes/run/node";
import { type NodeEvent } from "../../../scripts/nodes/run/nodeEvents";
import { type NodeView } from "../../../scripts/nodes/run/nodeView";
import { type DevelopmentNode, nodeAccount, startNode as startChain } from "../../shared/node";

type Event = Parameters<NodeOptions<NodeEvent>["listeners"][number]>[0];

const account = nodeAccount(20);
const idle: Decided = { duties: [], isWorking: false };

describe("A node of any role", () => {
  let chain: DevelopmentNode;
  let connection: Connection;
  let dataRoot: string;
  let events: Event[];
  let closed: number;
  let node: Node<NodeEvent>;

  before(async () => {
    chain = await startChain();
    connection = await chain.deploy();
  });

  after(() => {
    chain.stop();
  });

  beforeEach(() => {
    dataRoot = mkdtempSync(join(tmpdir(), "moderntensor-"));
    [events, closed] = [[], 0];
  });

  afterEach(() => {
    rmSync(dataRoot, { recursive: true });
  });

  const routes = new Hono();

  /** Runs a node until nothing is left to do. @param look What it does at each look, and decides. */
  function run(
    look: (view: NodeView, place: number) => Decided | Promise<Decided> = () => idle,
    options: Partial<NodeOptions<NodeEvent>> = {},
  ): Promise<void> {
    const stopping = new AbortController().signal;
    const common = { endpoints: [chain.url], keys: {}, from: account, once: true, dryRun: false, dataRoot, stopping };
    let place = 0;
    return startNode<NodeEvent>(
      { ...common, listeners: [(event) => void events.push(event)], ...options },
      (opened) => {
        node = opened;
        const close = () => {
          closed++;
          return Promise.resolve();
        };
        const decide = async (view: NodeView) => look(view, place++);
        return Promise.resolve({ name: "miner", id: "7", routes, look: decide, close });
      },
    );
  }

  const told = (kind: Event["kind"]) => events.filter((event) => event.kind === kind);
  const published = () => connection.contracts.directory.read.endpointOf([account]);

  const publishing = (endpoint: string) => ({
    name: `publish ${endpoint}`,
    call: { ...connection.contracts.directory, functionName: "setEndpoint", args: [endpoint] },
  });

  it("reports its account, offers its routes, and looks at its chain until nothing is left to do", async () => {
    let ready: ReadyNode | undefined;
    const onReady = (given: ReadyNode) => {
      ready = given;
      expect(told("started")).to.deep.equal([]);
      return Promise.resolve();
    };
    let view: NodeView | undefined;
    await run((seen) => ((view = seen), idle), { onReady });
    expect(ready).to.include({ account, routes });
    expect(events[0]).to.include({ kind: "started", role: "miner", id: "7", account, chainId: 31_337 });
    const { headBlock, headTimestamp, epoch, balanceWei } = view!;
    expect(told("looked")).to.deep.equal([{ kind: "looked", headBlock, headTimestamp, epoch, balanceWei }]);
    expect(balanceWei > 0n).to.equal(true);
    expect(closed).to.equal(1);
  });

  it("ends before its first look, and closes its role, if its routes can't be served", async () => {
    const error = await run(() => idle, { onReady: () => Promise.reject(new Error("The port is taken.")) }).catch(
      (one: unknown) => one,
    );
    expect((error as Error).message).to.equal("The port is taken.");
    expect([told("started"), told("looked"), closed]).to.deep.equal([[], [], 1]);
  });

  it("publishes its endpoint if the directory has another one", async () => {
    await run(undefined, { publicUrl: "https://a.example" });
    expect(await published()).to.equal("https://a.example");
    expect(told("mined")).to.have.lengthOf(1);
    expect(told("mined")[0]).to.deep.include({ duties: ["publish https://a.example"] });
    events.length = 0;
    await run(undefined, { publicUrl: "https://a.example" });
    await run();
    expect([told("sent"), await published()]).to.deep.equal([[], "https://a.example"]);
    await run(undefined, { publicUrl: "https://b.example" });
    expect(await published()).to.equal("https://b.example");
  });

  it("sends its role's duties before it publishes its endpoint, and ends when both are mined", async () => {
    const publicUrl = "https://last.example";
    await run((_, place) => ({ duties: place === 0 ? [publishing("https://first.example")] : [], isWorking: false }), {
      publicUrl,
    });
    expect(told("mined").map((event) => "duties" in event && event.duties[0])).to.deep.equal([
      ...["publish https://first.example", `publish ${publicUrl}`],
    ]);
    expect(await published()).to.equal(publicUrl);
  });

  it("only reports what it would send in a dry run", async () => {
    const before = await published();
    await run(undefined, { publicUrl: "https://dry.example", dryRun: true });
    expect([told("sent").length, told("wouldSend").length, await published()]).to.deep.equal([0, 1, before]);
  });

  it("keeps looking while work continues off chain", async () => {
    const looks: number[] = [];
    await run((_, place) => (looks.push(place), { duties: [], isWorking: place < 2 }));
    expect(looks).to.deep.equal([0, 1, 2]);
  });

  it("runs until it is stopped, unless it is started with `once`", async () => {
    const stopping = new AbortController();
    let looks = 0;
    const look = () => {
      if (++looks === 3) stopping.abort();
      return idle;
    };
    await run(look, { once: false, stopping: stopping.signal });
    expect([looks, closed]).to.deep.equal([3, 1]);
  });

  it("reports what it was doing when something failed, and tries again", async () => {
    const odd = { name: "something odd", call: { ...connection.contracts.directory, functionName: "odd", args: [] } };
    await run((_, place) => {
      if (place === 0) throw new Error("The disk is full.");
      return place === 1 ? { duties: [odd, publishing("https://c.example")], isWorking: false } : idle;
    });
    const [first, second, ...others] = told("failed");
    expect(first).to.include({ during: "looking at the chain", reason: "The disk is full." });
    expect(second).to.include({ during: "sending: something odd, publish https://c.example" });
    expect(others).to.deep.equal([]);
    expect(told("looked")).to.have.lengthOf(3);
  });

  describe("keeps blobs", () => {
    /** Stores a blob as if it was last put this many seconds ago. @returns Its file. */
    async function put(byte: number, secondsAgo: number): Promise<string> {
      const bytes = Uint8Array.of(byte);
      await node.blobs.put(bytes);
      const file = join(node.directory, "blobs", keccak256(bytes));
      const then = new Date(Date.now() - secondsAgo * 1_000);
      utimesSync(file, then, then);
      return file;
    }

    it("for 31 epochs, and removes older ones once per epoch", async () => {
      const { slotSeconds, slotsPerEpoch } = connection.deployment.config.clock;
      const keptSeconds = 31 * slotSeconds * slotsPerEpoch;
      const files: string[] = [];
      const seen: boolean[][] = [];
      // Files that are put at one look are checked at the next.
      await run(async ({ epoch }, place) => {
        seen.push(files.map((file) => existsSync(file)));
        if (place === 0) files.push(await put(1, keptSeconds + 30), await put(2, keptSeconds - 30));
        const next = connection.deployment.choices.genesisTimestamp + (epoch! + 1) * slotsPerEpoch * slotSeconds;
        if (place === 1) await chain.advanceTo(BigInt(next));
        return { duties: [], isWorking: place < 2 };
      });
      expect(seen).to.deep.equal([[], [true, true], [false, true]]);
    });

    it("and does its duties even if old ones can't be removed, which it reports", async () => {
      const hash: Hex = keccak256("0x01");
      await run(
        async ({ epoch }, place) => {
          const folder = join(node.directory, "blobs");
          if (place === 0) {
            rmSync(folder, { recursive: true });
            writeFileSync(folder, hash);
            const { slotSeconds, slotsPerEpoch } = connection.deployment.config.clock;
            const start = connection.deployment.choices.genesisTimestamp;
            await chain.advanceTo(BigInt(start + (epoch! + 1) * slotsPerEpoch * slotSeconds));
          }
          return { duties: [], isWorking: place < 1 };
        },
        { publicUrl: "https://d.example" },
      );
      expect(told("failed")).to.have.lengthOf(1);
      expect(told("failed")[0]).to.include({ during: "removing old blobs", retryInSeconds: 0 });
      expect(await published()).to.equal("https://d.example");
    });
  });

  it("reports only once why it can't store or serve something, however often strangers ask", async () => {
    await run(async (_, place) => {
      rmSync(join(node.directory, "blobs"), { recursive: true, force: true });
      writeFileSync(join(node.directory, "blobs"), "");
      expect(await node.finder.find(keccak256("0x01"), [], new AbortController().signal)).to.equal(undefined);
      node.onServingFailure(new Error("It can't be served either."));
      return { duties: [], isWorking: place < 1 };
    });
    const during = "storing or serving blobs and signatures";
    const failures = told("failed").filter((event) => "during" in event && event.during === during);
    expect(failures).to.have.lengthOf(1);
    expect(failures[0]).to.include({ retryInSeconds: 0 });
  });

  it("publishes its endpoint even if another account has published the same one", async () => {
    const args = ["https://other.example"] as const;
    const other = nodeAccount(21);
    await transact(connection, other, { ...connection.contracts.directory, functionName: "setEndpoint", args });
    await run(undefined, { publicUrl: "https://other.example" });
    expect(await published()).to.equal("https://other.example");
  });
});
