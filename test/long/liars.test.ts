import { expect } from "chai";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { createWalletClient, getAbiItem, type Hex, numberToHex, toEventSelector } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { deployedContracts } from "../../scripts/chain/abis";
import { singleEndpointsOf } from "../../scripts/chain/connection";
import { ContradictionError } from "../../scripts/chain/badAnswers";
import { openPool } from "../../scripts/chain/rpc/pool";
import { type PoolEvent } from "../../scripts/chain/rpc/endpointState";
import { defaultPoolSettings } from "../../scripts/chain/rpc/settings";
import { chainOf, shouldFailOver, failoverAfter } from "../../scripts/commands/context";
import { type Context, contextOf } from "../../scripts/commands/commandLine";
import { runCommand } from "../../scripts/commands/runCommand";
import { readSettledEpochs } from "../../scripts/keeper/facts/settledEpochs";
import { verifyEpochs } from "../../scripts/keeper/verify/verifyEpochs";
import { startTestKeeper } from "../keeper/run/runningKeeper";
import { startDashboard } from "../shared/dashboard";
import { type Fault } from "../shared/faults";
import { type FaultyLink, noFaults, openFaultyLink } from "../shared/faultyLink";
import { nodeAccount, startNode } from "../shared/node";
import { createWorld, goToDue, liveThrough, type World } from "../integration/world";

/** Signs with the key of the node's first account, which is the keeper, so that its transactions are sent signed. */
const signer = mnemonicToAccount("test test test test test test test test test test test junk");

/** Patient with answers, however slow the machine is. */
const settings = { ...defaultPoolSettings, timeoutMilliseconds: 300_000, lookTimeoutMilliseconds: 300_000 };

const rewrite = (method: string, change: (result: unknown) => unknown): Fault => ({ kind: "rewrite", method, change });

const stamped = (timestamp: Hex): Fault =>
  rewrite("eth_getBlockByNumber", (block) => (block === null ? null : { ...(block as object), timestamp }));

/** Changes every number in an answer. */
const garbled = (data: unknown): string => (data as string).replaceAll(/[0-9]/g, (digit) => String(9 - Number(digit)));

/** Moves an answer that may be a recent timestamp an hour later. */
function anHourLater(data: unknown): unknown {
  const number = (data as string).length === 66 ? BigInt(data as Hex) : 0n;
  return number > 1_700_000_000n && number < 5_000_000_000n ? numberToHex(number + 3_600n, { size: 32 }) : data;
}

const settled = toEventSelector(getAbiItem({ abi: deployedContracts.treasury[1], name: "EpochSettled" }));

/** What a liar does, and whether it is put out of rotation for it. */
const lies: readonly (readonly [what: string, lie: Fault, isNamed: boolean])[] = [
  ["claims that there are no events", { kind: "claim", method: "eth_getLogs", result: [] }, true],
  ["claims that events are null", { kind: "claim", method: "eth_getLogs", result: null }, true],
  ["omits settlements", { kind: "leaveOut", text: settled }, true],
  ["omits a delegation", { kind: "leaveOut", text: nodeAccount(6).slice(2).toLowerCase() }, true],
  ["answers calls with nothing", { kind: "claim", method: "eth_call", result: "0x" }, true],
  ["answers calls with half of the result", rewrite("eth_call", (data) => (data as string).slice(0, 2 + 32)), true],
  ["answers calls with other numbers", rewrite("eth_call", garbled), true],
  [
    "answers calls with one instead of zero",
    rewrite("eth_call", (data) => (data === numberToHex(0, { size: 32 }) ? numberToHex(1, { size: 32 }) : data)),
    true,
  ],
  ["claims that everything is due an hour later", rewrite("eth_call", anHourLater), true],
  ["claims that calls revert", { kind: "refuse", method: "eth_call", code: 3, message: "execution reverted" }, true],
  [
    "claims that gas can't be estimated",
    { kind: "refuse", method: "eth_estimateGas", code: 3, message: "execution reverted" },
    true,
  ],
  ["claims that it is 1970", stamped("0x1"), true],
  ["claims a timestamp of 2^64 − 1", stamped("0xffffffffffffffff"), true],
  ["claims that there are no receipts", { kind: "claim", method: "eth_getTransactionReceipt", result: null }, false],
  ["claims that the balance is negative", { kind: "claim", method: "eth_getBalance", result: "-0x1" }, true],
  ["claims that nothing was ever sent", { kind: "claim", method: "eth_getTransactionCount", result: "0x0" }, true],
  ["swallows transactions but claims to have sent them", { kind: "swallow" }, false],
];

/** What is written to stderr while this runs. */
async function whileReadingStderr(doing: () => void | Promise<void>): Promise<string> {
  const write = process.stderr.write.bind(process.stderr);
  let written = "";
  process.stderr.write = (text) => {
    written += String(text);
    return true;
  };
  try {
    await doing();
  } finally {
    process.stderr.write = write;
  }
  return written;
}

describe("A keeper whose first endpoint lies and whose second is honest", () => {
  let world: World;
  let liar: FaultyLink;
  let honest: FaultyLink;
  let events: PoolEvent[];

  before(async () => {
    world = await createWorld(await startNode());
    await liveThrough(world, 2);
    [liar, honest] = [await openFaultyLink(world.node.url), await openFaultyLink(world.node.url)];
    await settleThrough(3);
  });

  afterEach(() => {
    liar.follow(noFaults);
  });

  after(() => {
    liar.close();
    honest.close();
    world.node.stop();
  });

  /** Lets a keeper settle every epoch up to `last`, as soon as it is due. */
  async function settleThrough(last: number): Promise<void> {
    const { connection, node } = world;
    events = [];
    const pool = openPool([liar.url, honest.url], settings, (event) => events.push(event));
    await goToDue(world, last);
    const first = Number(await connection.contracts.treasury.read.nextEpochToSettle());
    const keeper = await startTestKeeper(connection, {
      pool,
      singleEndpoints: singleEndpointsOf(pool, connection.deployment),
      signer,
      dataDirectory: mkdtempSync(join(node.dataDirectory, "keeper-")),
    });
    await keeper.until("final", last + 1);
    await keeper.stop();
    pool.close();
    expect(keeper.told("failed")).to.deep.equal([]);
    expect(keeper.told("sent").map(({ epoch }) => epoch)).to.deep.equal(
      Array.from({ length: last + 1 - first }, (_, i) => first + i),
    );
  }

  lies.forEach(([what, lie, isNamed], index) => {
    it(`still settles every epoch once, without a failure, if the liar ${what}`, async () => {
      const last = 5 + 2 * index;
      liar.follow(() => lie);
      await settleThrough(last);
      const named = events.flatMap((event) => (event.kind === "endpointDisabled" ? [event.endpoint] : []));
      expect(named).to.deep.equal(isNamed ? [liar.url] : []);
    });
  });

  describe("A command with the same endpoints", () => {
    const dataBefore = process.env.MDT_DATA;
    const context = () => contextOf(undefined);

    beforeEach(() => {
      process.env.MDT_DATA = mkdtempSync(join(world.node.dataDirectory, "command-"));
      process.env.MDT_RPC_URL = `${liar.url},${honest.url}`;
      liar.follow(() => ({ kind: "leaveOut", text: settled }));
    });

    afterEach(() => {
      delete process.env.MDT_RPC_URL;
      if (dataBefore === undefined) delete process.env.MDT_DATA;
      else process.env.MDT_DATA = dataBefore;
    });

    it("is run again through the honest one, and names the one that it left", async () => {
      const lengths: number[] = [];
      let runs = 0;
      const run = async (_args: object, given: Context): Promise<undefined> => {
        runs++;
        lengths.push((await readSettledEpochs(await chainOf(given))).length);
      };
      const stderr = await whileReadingStderr(() =>
        runCommand({ description: "", params: {} }, () => Promise.resolve(run), {}, context()),
      );
      expect(stderr).to.match(new RegExp(`^${liar.url} is out of rotation: contradicts itself: .* omits events\\n$`));
      expect([process.exitCode, runs]).to.deep.equal([0, 2]);
      expect(lengths).to.deep.equal([(await readSettledEpochs(world.connection)).length]);
    });

    it("isn't run again once it has sent something, or if something else failed", async () => {
      const given = context();
      const wrong = new ContradictionError("It can't be.");
      expect(shouldFailOver(given, wrong), "nothing is open").to.equal(false);
      const { reader, transport } = await chainOf(given);
      expect(shouldFailOver(given, new Error("It failed."))).to.equal(false);
      await whileReadingStderr(() => {
        expect(shouldFailOver(given, wrong)).to.equal(true);
      });
      const wallet = createWalletClient({ account: signer, transport });
      const hash = await wallet.sendTransaction({ to: signer.address, chain: null });
      await reader.waitForTransactionReceipt({ hash });
      expect(shouldFailOver(given, wrong)).to.equal(false);
    });

    it("keeps answering through the honest one if it is a dashboard", async () => {
      const given = context();
      const connection = await chainOf(given);
      const dashboard = await startDashboard(connection, process.env.MDT_DATA!, failoverAfter(given));
      const stderr = await whileReadingStderr(async () => {
        const statuses: number[] = [];
        while (statuses.at(-1) !== 200) statuses.push((await fetch(`${dashboard.url}/v1/epochs`)).status);
        expect(statuses).to.deep.equal([503, 200]);
      });
      expect(stderr).to.include(`${liar.url} is out of rotation: contradicts itself: `);
      await dashboard.stop();
    });

    it("is run again at most four times if every endpoint contradicts itself", async () => {
      const given = context();
      await chainOf(given);
      const wrong = new ContradictionError("It can't be.");
      const repeated: boolean[] = [];
      await whileReadingStderr(async () => {
        for (let i = 0; i < 6; i++) {
          await (await chainOf(given)).reader.getBlockNumber();
          repeated.push(shouldFailOver(given, wrong));
        }
      });
      expect(repeated).to.deep.equal([true, true, true, true, false, false]);
    });
  });

  it("has settled all these epochs correctly", async () => {
    const { length } = await readSettledEpochs(world.connection);
    expect(await verifyEpochs(world.connection, length - 1)).to.include({ kind: "verified" });
  });
});
