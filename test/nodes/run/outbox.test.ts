import { expect } from "chai";
import { createWalletClient, parseGwei } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { type Connection, countCalls } from "../../../scripts/chain/connection";
import { ContradictionError } from "../../../scripts/chain/badAnswers";
import { type NodeEvent } from "../../../scripts/nodes/run/nodeEvents";
import { type NodeView, viewChain } from "../../../scripts/nodes/run/nodeView";
import { Outbox, type OutboxOptions } from "../../../scripts/nodes/run/outbox";
import { type Duty } from "../../../scripts/nodes/run/rehearsals";
import { type DevelopmentNode, startNode } from "../../shared/node";

const account = mnemonicToAccount("test test test test test test test test test test test junk", { addressIndex: 20 });

describe("An outbox", () => {
  let node: DevelopmentNode;
  let connection: Connection;
  let events: NodeEvent[];
  let now: number;

  before(async () => {
    node = await startNode();
    connection = await node.deploy();
  });

  after(() => {
    node.stop();
  });

  beforeEach(() => {
    events = [];
    now = 1_000;
  });

  afterEach(async () => {
    await node.control.setAutomine(true);
    await node.control.mine({ blocks: 1 });
  });

  function open(options: Partial<OutboxOptions> = {}): Outbox {
    const tell = (event: NodeEvent): void => void events.push(event);
    const stopping = new AbortController().signal;
    return new Outbox({ connection, signer: account, dryRun: false, tell, clock: () => now, stopping, ...options });
  }

  const view = (): Promise<NodeView> => viewChain(connection, account.address);

  const publish = (endpoint: string): Duty => ({
    name: `publish ${endpoint}`,
    call: { ...connection.contracts.directory, functionName: "setEndpoint", args: [endpoint] },
  });

  const complete = (taskId: bigint): Duty => ({
    name: `complete task ${taskId}`,
    call: {
      ...connection.contracts.taskRegistry,
      functionName: "completeTask",
      args: [taskId, `0x${"00".repeat(32)}`, "0x"],
    },
  });

  const published = () => connection.contracts.directory.read.endpointOf([account.address]);

  const kinds = () => events.map(({ kind }) => kind);

  it("sends a duty, reports that it is mined, and is free for the next one", async () => {
    const outbox = open();
    await outbox.advance(await view(), [publish("https://one.example")]);
    expect(outbox.isBusyWith([])).to.equal(true);
    await outbox.advance(await view(), []);
    expect(kinds()).to.deep.equal(["sent", "mined"]);
    expect(events[1]).to.deep.include({ duties: ["publish https://one.example"], hasReverted: false });
    expect(outbox.isBusyWith([])).to.equal(false);
    expect(await published()).to.equal("https://one.example");
  });

  it("has one transaction in flight, and outbids it with the same nonce if it isn't mined in time", async () => {
    await node.control.setAutomine(false);
    const outbox = open();
    const duties = [publish("https://two.example"), publish("https://three.example")];
    await outbox.advance(await view(), duties);
    now += 9;
    await outbox.advance(await view(), duties);
    expect(kinds()).to.deep.equal(["sent"]);
    now += 2;
    await outbox.advance(await view(), duties);
    await node.control.mine({ blocks: 1 });
    await outbox.advance(await view(), []);
    expect(kinds()).to.deep.equal(["sent", "sent", "mined"]);
    const [first, second] = events as Extract<NodeEvent, { kind: "sent" }>[];
    expect([first!.isReplacement, second!.isReplacement]).to.deep.equal([false, true]);
    expect(second!.nonce).to.equal(first!.nonce);
    expect(second!.duties).to.deep.equal(["publish https://two.example"]);
    expect(second!.maxFeePerGasWei > first!.maxFeePerGasWei).to.equal(true);
    expect(await published()).to.equal("https://two.example");
  });

  it("replaces a duty that is no longer wanted with the current one, at the same nonce", async () => {
    await node.control.setAutomine(false);
    const outbox = open();
    await outbox.advance(await view(), [publish("https://old.example")]);
    await outbox.advance(await view(), [publish("https://new.example")]);
    await node.control.mine({ blocks: 1 });
    await outbox.advance(await view(), []);
    expect(kinds()).to.deep.equal(["sent", "sent", "mined"]);
    expect(await published()).to.equal("https://new.example");
  });

  it("withdraws a duty that is no longer wanted, and waits before it outbids the withdrawal or sends a new duty", async () => {
    await node.control.setAutomine(false);
    const before = await published();
    const outbox = open();
    await outbox.advance(await view(), [publish("https://late.example")]);
    await outbox.advance(await view(), []);
    now += 9;
    await outbox.advance(await view(), []);
    await outbox.advance(await view(), [publish("https://later.example")]);
    expect(kinds()).to.deep.equal(["sent", "sent"]);
    now += 2;
    await outbox.advance(await view(), []);
    await node.control.mine({ blocks: 1 });
    await outbox.advance(await view(), []);
    expect(kinds()).to.deep.equal(["sent", "sent", "sent", "mined"]);
    const sent = events.slice(0, 3) as Extract<NodeEvent, { kind: "sent" }>[];
    expect(new Set(sent.map(({ nonce }) => nonce)).size).to.equal(1);
    const withdrawal = ["withdraw: publish https://late.example"];
    expect(events.slice(1).map((event) => "duties" in event && event.duties)).to.deep.equal(Array(3).fill(withdrawal));
    expect(await published()).to.equal(before);
  });

  it("replaces a withdrawal that isn't mined in time with the current duty", async () => {
    await node.control.setAutomine(false);
    const outbox = open();
    await outbox.advance(await view(), [publish("https://early.example")]);
    await outbox.advance(await view(), []);
    now += 11;
    await outbox.advance(await view(), [publish("https://wanted.example")]);
    await node.control.mine({ blocks: 1 });
    await outbox.advance(await view(), []);
    expect(kinds()).to.deep.equal(["sent", "sent", "sent", "mined"]);
    expect(await published()).to.equal("https://wanted.example");
  });

  it("reports that another transaction took its nonce, and sends the duty again", async () => {
    await node.control.setAutomine(false);
    const outbox = open();
    const duties = [publish("https://mine.example")];
    await outbox.advance(await view(), duties);
    const nonce = await connection.reader.getTransactionCount({ address: account.address });
    const wallet = createWalletClient({ account, transport: connection.transport });
    const fees = { maxFeePerGas: parseGwei("400"), maxPriorityFeePerGas: parseGwei("300") };
    await wallet.sendTransaction({ to: account.address, nonce, gas: 21_000n, chain: null, ...fees });
    await node.control.mine({ blocks: 1 });
    await node.control.setAutomine(true);
    await outbox.advance(await view(), duties);
    expect(kinds()).to.deep.equal(["sent", "displaced", "sent"]);
    await outbox.advance(await view(), []);
    expect(await published()).to.equal("https://mine.example");
  });

  it("doesn't send a duty that a contract refuses, and reports it after 15 s", async () => {
    const outbox = open();
    const duties = [complete(7n)];
    await outbox.advance(await view(), duties);
    expect([events.length, outbox.isBusyWith(duties)]).to.deep.equal([0, true]);
    now += 14;
    await outbox.advance(await view(), duties);
    expect([events.length, outbox.isBusyWith(duties)]).to.deep.equal([0, true]);
    now += 1;
    await outbox.advance(await view(), duties);
    expect(events).to.deep.equal([
      { kind: "refused", duty: "complete task 7", reason: "completeTask was refused: UnknownTask(taskId 7)." },
    ]);
    expect(outbox.isBusyWith(duties)).to.equal(false);
  });

  it("retries a refused duty every second, and once per slot after it is reported", async () => {
    const tried: string[] = [];
    const outbox = open({ connection: countCalls(connection, (method) => tried.push(method)) });
    const triesAfter = async (seconds: number): Promise<number> => {
      now += seconds;
      tried.length = 0;
      await outbox.advance(await view(), [complete(7n)]);
      return tried.filter((method) => method === "eth_call").length;
    };
    expect([await triesAfter(0), await triesAfter(0.9), await triesAfter(0.1), await triesAfter(14)]).to.deep.equal([
      1, 0, 1, 1,
    ]);
    expect(kinds()).to.deep.equal(["refused"]);
    const { slotSeconds } = connection.deployment.config.clock;
    expect([await triesAfter(slotSeconds - 0.1), await triesAfter(0.1)]).to.deep.equal([0, 1]);
  });

  it("sends a duty that no contract refuses even if another one is refused", async () => {
    const outbox = open();
    await outbox.advance(await view(), [complete(7n)]);
    now += 15;
    await outbox.advance(await view(), [complete(7n), publish("https://four.example")]);
    expect(kinds()).to.deep.equal(["refused", "sent"]);
  });

  it("offers no fee above the ceiling, and waits", async () => {
    const { deployment } = connection;
    const keeper = { ...deployment.config.keeper, maxFeePerGasWei: 1n };
    const poor = { ...connection, deployment: { ...deployment, config: { ...deployment.config, keeper } } };
    await open({ connection: poor }).advance(await view(), [publish("https://five.example")]);
    expect(kinds()).to.deep.equal(["feeAboveCeiling"]);
    expect(events[0]).to.deep.include({ duties: ["publish https://five.example"], ceilingWei: 1n });
  });

  it("only reports what it would send, once, in a dry run", async () => {
    const outbox = open({ dryRun: true });
    const duties = [publish("https://dry.example")];
    await outbox.advance(await view(), duties);
    await outbox.advance(await view(), duties);
    expect(kinds()).to.deep.equal(["wouldSend"]);
    expect(outbox.isBusyWith(duties)).to.equal(false);
    expect(await published()).not.to.equal("https://dry.example");
  });

  it("doesn't believe an endpoint that counts too few mined transactions", async () => {
    const outbox = open();
    await outbox.advance(await view(), [publish("https://six.example")]);
    const stale = { ...(await view()), minedTransactions: 0 };
    const fresh = open();
    await fresh.advance(stale, [publish("https://seven.example")]);
    const refused = await fresh.advance(stale, []).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(ContradictionError);
  });
});
