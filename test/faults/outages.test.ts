import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Hex } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { type Connection } from "../../scripts/chain/connection";
import { readSettledEpochs } from "../../scripts/keeper/facts/settledEpochs";
import { verifyEpochs } from "../../scripts/keeper/verify/verifyEpochs";
import { type KeeperChanges, type RunningKeeper, startTestKeeper } from "../keeper/run/runningKeeper";
import { type LastingNode, startAnvil } from "../shared/anvil";
import { type FaultyLink, noFaults, openFaultyLink } from "../shared/faultyLink";

const signer = mnemonicToAccount("test test test test test test test test test test test junk");
const hour = 3_600;

describe("A keeper on anvil", function () {
  this.timeout(1_800_000);
  let node: LastingNode;
  let link: FaultyLink;
  let connection: Connection;
  const running: RunningKeeper[] = [];

  before(async function () {
    node = await startAnvil(this);
    link = await openFaultyLink(node.url);
    connection = await node.deploy();
  });

  /** After every test, each epoch must be settled once, and correctly. */
  afterEach(async () => {
    await Promise.all(running.splice(0).map((keeper) => keeper.stop()));
    link.follow(noFaults);
    const settled = (await readSettledEpochs(connection)).map(({ settlement }) => Number(settlement.epoch));
    expect(settled).to.deep.equal([...settled.keys()]);
    expect(await verifyEpochs(connection, settled.length - 1)).to.include({ kind: "verified" });
  });

  after(() => {
    link.close();
    node.stop();
  });

  async function start(changes: Partial<KeeperChanges> = {}): Promise<RunningKeeper> {
    const { dataDirectory } = node;
    const keeper = await startTestKeeper(connection, { url: link.url, dataDirectory, signer, ...changes });
    running.push(keeper);
    return keeper;
  }

  /** Lets `epochs` more epochs become due. @returns The first of them. */
  async function becomeDue(epochs = 1): Promise<number> {
    const { treasury } = connection.contracts;
    const first = await treasury.read.nextEpochToSettle();
    await node.advanceTo(await treasury.read.revealEnd([first + BigInt(epochs - 1)]));
    return Number(first);
  }

  it("settles an epoch once, even if its node restarts before the settlement arrives", async () => {
    const epoch = await becomeDue();
    const sending = link.stopNext("eth_sendRawTransaction");
    const keeper = await start();
    const call = await sending;
    await node.restart();
    call.pass();
    await keeper.until("mined");
    expect(keeper.told("mined").map((mined) => mined.epoch)).to.deep.equal([epoch]);
  });

  it("sends the settlement again if a node restarted with it in its mempool", async () => {
    const epoch = await becomeDue();
    await node.control.setAutomine(false);
    const keeper = await start({ replaceAfterSeconds: 1, clock: () => performance.now() / 1_000 });
    await keeper.until("sent");
    await node.restart();
    await keeper.until("mined");
    expect(keeper.told("sent").length).to.be.at.least(2);
    expect(keeper.told("sent").map(({ nonce }) => nonce)).to.deep.equal(
      keeper.told("sent").map(() => keeper.told("sent")[0]!.nonce),
    );
    expect(keeper.told("mined").map((mined) => mined.epoch)).to.deep.equal([epoch]);
  });

  it("believes the chain, and not the receipt of a transaction that a reorganisation dropped", async () => {
    const epoch = await becomeDue();
    const keeper = await start();
    await keeper.until("mined");
    const hash = keeper.told("mined")[0]!.transactionHash;
    const result = await node.control.request<{ ReturnType: unknown; Parameters: readonly Hex[]; Method: string }>({
      method: "eth_getTransactionReceipt",
      params: [hash],
    });
    link.follow(() => ({ kind: "claim", method: "eth_getTransactionReceipt", result }));
    await node.control.setAutomine(false);
    await node.control.request({ method: "anvil_rollback", params: [1] } as never);
    await keeper.until("reorganised");
    await keeper.until("sent", 2);
    await node.control.setAutomine(true);
    await node.control.mine({ blocks: 1 });
    await keeper.until("mined", 2);
    expect(keeper.told("reorganised")).to.deep.equal([{ kind: "reorganised", epoch }]);
  });

  it("settles even if it can't write its files, which it reports for each epoch", async () => {
    const first = await becomeDue(3);
    const aFile = join(node.dataDirectory, "a file");
    writeFileSync(aFile, "");
    const keeper = await start({ dataDirectory: join(aFile, "data") });
    await keeper.until("mined", 3);
    expect(keeper.told("mined").map(({ epoch }) => epoch)).to.deep.equal([first, first + 1, first + 2]);
    const failures = keeper.told("failed").map(({ during }) => during);
    expect(failures).to.include.members([0, 1, 2].map((i) => `writing the files of epoch ${first + i}`));
  });

  for (const [title, skewSeconds] of [
    ["hours fast", 7 * hour],
    ["hours slow", -7 * hour],
  ] as const) {
    it(`goes by the chain's time if its machine's clock is ${title}`, async () => {
      const rightNow = Date.now;
      const keeper = await start();
      await keeper.until("looked");
      Date.now = () => rightNow() + skewSeconds * 1_000;
      try {
        await keeper.until("looked", 3);
        expect(keeper.told("sent")).to.deep.equal([]);
        const epoch = await becomeDue();
        await keeper.until("mined");
        expect(keeper.told("mined")[0]).to.include({ epoch });
      } finally {
        Date.now = rightNow;
      }
    });
  }

  it("catches up epoch by epoch after ten hours without a block", async () => {
    const { slotSeconds, slotsPerEpoch } = connection.deployment.config.clock;
    const epochs = Math.floor((10 * hour) / (slotSeconds * slotsPerEpoch));
    const first = await becomeDue(epochs);
    const keeper = await start();
    await keeper.until("mined", epochs);
    expect(keeper.told("mined").map(({ epoch }) => epoch)).to.deep.equal(
      Array.from({ length: epochs }, (_, i) => first + i),
    );
  });
});
