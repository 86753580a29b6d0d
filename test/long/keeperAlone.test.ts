import { expect } from "chai";
import { setTimeout as sleep } from "node:timers/promises";
import { createWalletClient, keccak256, toBytes } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { type Connection } from "../../scripts/chain/connection";
import { transact } from "../../scripts/chain/transact";
import { readSettledEpochs } from "../../scripts/keeper/facts/settledEpochs";
import { verifyEpochs } from "../../scripts/keeper/verify/verifyEpochs";
import { startKeeper } from "../../scripts/keeper/run/keeper";
import { type KeeperEvent } from "../../scripts/keeper/run/keeperEvents";
import { describeEvent } from "../../scripts/show/describeEvent";
import { openFaultyLink } from "../shared/faultyLink";
import { type DevelopmentNode, nodeAccount, startNode } from "../shared/node";
import { type KeeperChanges, type RunningKeeper, startTestKeeper } from "../keeper/run/runningKeeper";

const soloRole = keccak256(toBytes("SOLO_ROLE"));

describe("The keeper, left alone on a real node,", () => {
  let node: DevelopmentNode;
  let connection: Connection;
  const running: RunningKeeper[] = [];

  before(async () => {
    node = await startNode();
    connection = await node.deploy();
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map((keeper) => keeper.stop()));
    const settled = await readSettledEpochs(connection);
    expect(settled.map(({ settlement }) => Number(settlement.epoch))).to.deep.equal([...settled.keys()]);
  });

  after(() => {
    node.stop();
  });

  async function startKeeperOf(addressIndex: number, changes: Partial<KeeperChanges> = {}): Promise<RunningKeeper> {
    const signer = nodeAccount(addressIndex);
    const keeper = await startTestKeeper(connection, { ...node, signer, ...changes });
    running.push(keeper);
    return keeper;
  }

  /** A clock that advances a second each time it is read. */
  function secondPerReading(): () => number {
    let seconds = 0;
    return () => seconds++;
  }

  const nextEpoch = async () => Number(await connection.contracts.treasury.read.nextEpochToSettle());

  /** Lets `epochs` more epochs become due. @returns The first of them. */
  async function becomeDue(epochs = 1): Promise<number> {
    const first = await nextEpoch();
    await node.advanceTo(await connection.contracts.treasury.read.revealEnd([BigInt(first + epochs - 1)]));
    return first;
  }

  /** A keeper that is about to send its settlement, with the nonce that it signs with. */
  async function keeperAboutToSend() {
    const epoch = await becomeDue();
    const link = await openFaultyLink(node.url);
    const stopped = link.stopNext("eth_sendTransaction");
    const keeper = await startKeeperOf(0, { url: link.url });
    const call = await stopped;
    return { epoch, keeper, link, call, nonce: await minedTransactions() };
  }

  const minedTransactions = () => connection.reader.getTransactionCount({ address: nodeAccount(0) });

  /** A transaction of the keeper's account that the keeper doesn't know. */
  const transferToOneself = () =>
    ({ ...connection.contracts.token, functionName: "transfer", args: [nodeAccount(0), 1n] }) as const;

  it("waits until an epoch is due, and settles it then", async () => {
    const keeper = await startKeeperOf(0);
    await keeper.until("waiting");
    expect(keeper.told("sent")).to.have.lengthOf(0);
    const epoch = await becomeDue();
    await keeper.until("final");
    const [mined] = keeper.told("mined");
    expect(mined).to.include({ epoch, paid: 0, transactionHash: keeper.told("sent")[0]!.transactionHash });
    expect(mined!.gasUsed > 0n && mined!.feeWei > mined!.gasUsed).to.equal(true);
  });

  it("catches up epoch by epoch after three epochs without a settlement", async () => {
    const first = await becomeDue(3);
    const keeper = await startKeeperOf(0);
    await keeper.until("final", first + 3);
    expect(keeper.told("mined").map(({ epoch }) => epoch)).to.deep.equal([first, first + 1, first + 2]);
    // Epochs that were final before are reported once.
    expect(keeper.told("final").map(({ figures, earlier }) => [figures.epoch, earlier])).to.deep.equal([
      [first - 1, first - 1],
      ...[0, 1, 2].map((later) => [first + later, 0]),
    ]);
    expect(await verifyEpochs(connection, first + 2)).to.include({ kind: "verified" });
  });

  it("waits for final blocks if confirmations are configured", async () => {
    const epoch = await becomeDue();
    const keeper = await startKeeperOf(0, { confirmations: 3 });
    await keeper.until("looked", 2);
    await node.control.mine({ blocks: 2 });
    const looks = keeper.told("looked").length;
    await keeper.until("looked", looks + 3);
    expect(keeper.told("sent")).to.have.lengthOf(0);
    await node.control.mine({ blocks: 1 });
    await keeper.until("mined");
    expect(keeper.told("final").map(({ figures }) => figures.epoch)).not.to.include(epoch);
    await node.control.mine({ blocks: 3 });
    await keeper.until("final", epoch + 1);
  });

  it("replaces a transaction that is stuck: same nonce, same bytes, fees raised by an eighth", async () => {
    const epoch = await becomeDue();
    await node.control.setAutomine(false);
    const keeper = await startKeeperOf(0, { replaceAfterSeconds: 1, clock: secondPerReading() });
    await keeper.until("sent");
    const [first] = keeper.told("sent");
    const { input } = await connection.reader.getTransaction({ hash: first!.transactionHash });
    await keeper.until("sent", 2);
    const second = keeper.told("sent")[1]!;
    expect(second).to.include({ epoch, nonce: first!.nonce, replaces: first!.transactionHash });
    expect(8n * second.maxFeePerGasWei >= 9n * first!.maxFeePerGasWei).to.equal(true);
    expect((await connection.reader.getTransaction({ hash: second.transactionHash })).input).to.equal(input);
    await node.control.setAutomine(true);
    await node.control.mine({ blocks: 1 });
    await keeper.until("mined");
    expect(await nextEpoch()).to.equal(epoch + 1);
  });

  it("restarted while its transaction is stuck, replaces it and sends no other", async () => {
    const epoch = await becomeDue();
    await node.control.setAutomine(false);
    const killed = await startKeeperOf(0);
    await killed.until("sent");
    await killed.stop();
    const nonce = await minedTransactions();
    const keeper = await startKeeperOf(0, { replaceAfterSeconds: 1, clock: secondPerReading() });
    await keeper.until("sent");
    expect(keeper.told("sent")[0]).to.include({ epoch, nonce });
    await node.control.setAutomine(true);
    await node.control.mine({ blocks: 1 });
    await keeper.until("mined");
    expect(await minedTransactions()).to.equal(nonce + 1);
  });

  it("pays no more for gas than the ceiling: it waits, reports it, and settles when gas is cheaper", async () => {
    const epoch = await becomeDue();
    await node.control.setNextBlockBaseFeePerGas({ baseFeePerGas: 50n * 10n ** 9n });
    await node.control.mine({ blocks: 1 });
    const keeper = await startKeeperOf(0, { maxFeePerGasWei: 40n * 10n ** 9n });
    await keeper.until("feeAboveCeiling", 2);
    expect(keeper.told("feeAboveCeiling")[0]!.askedWei > 40n * 10n ** 9n).to.equal(true);
    expect(await nextEpoch()).to.equal(epoch);
    await node.control.setNextBlockBaseFeePerGas({ baseFeePerGas: 10n ** 9n });
    await node.control.mine({ blocks: 1 });
    await keeper.until("mined");
    expect(keeper.told("sent")[0]!.maxFeePerGasWei <= 40n * 10n ** 9n).to.equal(true);
  });

  it("settles again what a reorganisation dropped", async () => {
    const epoch = await becomeDue();
    const snapshot = await node.control.snapshot();
    const keeper = await startKeeperOf(0);
    await keeper.until("final", epoch + 1);
    await node.control.revert({ id: snapshot });
    await node.control.mine({ blocks: 1 });
    await keeper.until("final", epoch + 2);
    expect(keeper.told("reorganised").map((event) => event.epoch)).to.deep.equal([epoch]);
    // The dropped transaction may still be mined, so the second one outbids it.
    const [first, second] = keeper.told("sent");
    expect(second!.nonce).to.equal(first!.nonce);
    expect(8n * second!.maxFeePerGasWei >= 9n * first!.maxFeePerGasWei).to.equal(true);
    expect(await nextEpoch()).to.equal(epoch + 1);
  });

  for (const [title, second] of [
    ["one key", 0],
    ["two keys", 1],
  ] as const) {
    it(`does no harm as one of two keepers with ${title}: each epoch is settled once`, async () => {
      const { settlementQuorum } = connection.contracts;
      const args = [soloRole, nodeAccount(1)] as const;
      await transact(connection, nodeAccount(0), { ...settlementQuorum, functionName: "grantRole", args });
      const first = await becomeDue(3);
      const keepers = [
        await startKeeperOf(0),
        await startKeeperOf(second, { dataDirectory: `${node.dataDirectory}/2` }),
      ];
      await Promise.all(keepers.map((keeper) => keeper.until("final", first + 3)));
      const mined = keepers.flatMap((keeper) => keeper.told("mined").map(({ epoch }) => epoch));
      expect(mined.toSorted((a, b) => a - b)).to.deep.equal([first, first + 1, first + 2]);
      expect(await nextEpoch()).to.equal(first + 3);
    });
  }

  it("reports its settlement, and settles once, even if the answer to its sending was lost", async () => {
    const epoch = await becomeDue();
    const link = await openFaultyLink(node.url);
    link.follow((methods) => ({ kind: methods.includes("eth_sendRawTransaction") ? "dropAnswer" : "pass" }));
    const signer = mnemonicToAccount("test test test test test test test test test test test junk");
    const keeper = await startKeeperOf(0, { url: link.url, signer });
    await keeper.until("mined");
    expect(keeper.told("mined").map((mined) => mined.epoch)).to.deep.equal([epoch]);
    expect(keeper.told("failed").map(({ during }) => during)).to.deep.equal([`settling epoch ${epoch}`]);
    expect([keeper.told("sent"), keeper.told("alreadySettled")]).to.deep.equal([[], []]);
    link.close();
  });

  it("signs again if another transaction of its account takes its nonce, computes nothing again, and reports it", async () => {
    const { epoch, keeper, link, call, nonce } = await keeperAboutToSend();
    await transact(connection, nodeAccount(0), transferToOneself());
    call.pass();
    await keeper.until("mined");
    expect(keeper.told("sent").map((sent) => [sent.epoch, sent.nonce])).to.deep.equal([[epoch, nonce + 1]]);
    expect(keeper.told("computed").map((computed) => computed.epoch)).to.deep.equal([epoch]);
    expect(keeper.told("failed")).to.deep.equal([
      {
        kind: "failed",
        during: `settling epoch ${epoch}`,
        reason: `another transaction from the keeper's account used nonce ${nonce}: signing again with nonce ${nonce + 1}`,
        retryInSeconds: 0,
      },
    ]);
    link.close();
  });

  it("sends nothing that would revert if the transaction that took its nonce settled the epoch", async () => {
    const { epoch, keeper, link, call, nonce } = await keeperAboutToSend();
    const other = await startKeeperOf(0, { dataDirectory: `${node.dataDirectory}/2` });
    await other.until("mined");
    call.pass();
    await keeper.until("alreadySettled");
    expect(keeper.told("alreadySettled")).to.deep.equal([{ kind: "alreadySettled", epoch }]);
    expect(keeper.told("sent")).to.deep.equal([]);
    expect(await minedTransactions()).to.equal(nonce + 1);
    link.close();
  });

  it("reports that another transaction of its account is pending, and outbids it in the end", async () => {
    const epoch = await becomeDue();
    const nonce = await minedTransactions();
    await node.control.setAutomine(false);
    const wallet = createWalletClient({ account: nodeAccount(0), transport: connection.transport });
    await wallet.writeContract({ ...transferToOneself(), chain: null, nonce });
    const keeper = await startKeeperOf(0, { replaceAfterSeconds: 1, clock: secondPerReading() });
    await keeper.until("sent");
    expect(keeper.told("failed")[0]).to.deep.equal({
      kind: "failed",
      during: `settling epoch ${epoch}`,
      reason: `another transaction from the keeper's account uses nonce ${nonce}: the keeper will outbid it unless it is mined in time`,
      retryInSeconds: 1,
    });
    expect(keeper.told("sent")[0]).to.include({ epoch, nonce });
    await node.control.setAutomine(true);
    await node.control.mine({ blocks: 1 });
    await keeper.until("mined");
  });

  it("says once that the Treasury is paused, and settles when it no longer is", async () => {
    const { treasury } = connection.contracts;
    await becomeDue();
    await transact(connection, nodeAccount(0), { ...treasury, functionName: "pause", args: [] });
    const keeper = await startKeeperOf(0);
    await keeper.until("looked", 4);
    expect(keeper.told("paused")).to.have.lengthOf(1);
    await transact(connection, nodeAccount(0), { ...treasury, functionName: "unpause", args: [] });
    await keeper.until("mined");
  });

  it("starts as a relay if it lacks the role, says so, and leaves no connection behind when it is stopped", async () => {
    const stopping = new AbortController();
    const link = await openFaultyLink(node.url);
    const told: KeeperEvent[] = [];
    const listener = (event: KeeperEvent): void => {
      told.push(event);
      if (event.kind === "looked") stopping.abort("the test is over");
    };
    const { dataDirectory: dataRoot } = node;
    const options = { endpoints: [link.socketUrl], keys: {}, from: "5", dataRoot, listeners: [listener] };
    await startKeeper({ ...options, stopping: stopping.signal });
    expect(told[0]).to.include({ kind: "started", keeper: nodeAccount(5), mayBeAlone: false });
    expect(describeEvent(told[0]!)).to.match(
      / It lacks the keeper role: it sends settlements that validators signed, and can't settle alone\.$/,
    );
    for (let looks = 0; link.openSockets() > 0; looks++) {
      expect(looks).to.be.below(1_000);
      await sleep(10);
    }
    link.close();
  });
});
