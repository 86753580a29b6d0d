import { expect } from "chai";
import { custom, numberToHex, pad, zeroAddress } from "viem";
import { Heads } from "../../scripts/api/source";
import { type Addresses, deployedContracts } from "../../scripts/chain/abis";
import { connectionOf } from "../../scripts/chain/connection";
import { type Deployment } from "../../scripts/chain/deployment";
import { ChainReplacedError } from "../../scripts/chain/badAnswers";
import { loadNetworkConfig } from "../../scripts/config/loadNetworkConfig";
import { rejection } from "../shared/rejection";

/** What the node behind the connection shows; each test sets it. */
interface Shown {
  block: number;
  /** Another chain with the same numbers has another salt. */
  salt: number;
  /** The beginning of block 0's hash. */
  first: `0x${string}`;
  isDown: boolean;
  looks: number;
}

describe("The head of the chain, as the API follows it", () => {
  let shown: Shown;
  let now: number;

  beforeEach(() => {
    shown = { block: 1, salt: 0, first: "0x00000000", isDown: false, looks: 0 };
    now = 0;
  });

  /** Follows a node that shows what the test sets. */
  function follow(confirmations = 0): Heads {
    const hashOf = (number: number) =>
      number === 0 ? pad(shown.first, { dir: "right" }) : pad(numberToHex(number * 1_000 + shown.salt));
    const request = ({ method, params }: { method: string; params?: unknown }): Promise<unknown> => {
      expect(method).to.equal("eth_getBlockByNumber");
      const [tag] = params as readonly [string];
      if (tag === "latest") shown.looks++;
      if (shown.isDown) return Promise.reject(new Error("down"));
      const number = tag === "latest" ? shown.block : Number(tag);
      return Promise.resolve({
        number: numberToHex(number),
        hash: hashOf(number),
        timestamp: numberToHex(number * 2),
        transactions: [],
      });
    };
    const config = loadNetworkConfig("local");
    const deployment: Deployment = {
      id: "chain-1-00000000",
      chainId: 1,
      addresses: Object.fromEntries(
        Object.values(deployedContracts).map(([name]) => [name, zeroAddress]),
      ) as unknown as Addresses,
      choices: { network: "local", dao: zeroAddress, genesisTimestamp: 0, fromBlock: 0, nodeAccounts: [] },
      config: { ...config, keeper: { ...config.keeper, confirmations } },
    };
    const connection = connectionOf(custom({ request }, { retryCount: 0 }), deployment);
    return new Heads(connection, { maxAgeMilliseconds: 1_000, now: () => now });
  }

  it("is looked up once for all requests within its maximum age, and then again", async () => {
    const heads = follow();
    const [one, other] = await Promise.all([heads.current(), heads.current()]);
    expect([one.number, other.number, shown.looks]).to.deep.equal([1n, 1n, 1]);
    shown.block = 2;
    now = 999;
    expect((await heads.current()).number).to.equal(1n);
    now = 1_000;
    expect((await heads.current()).number).to.equal(2n);
    expect(shown.looks).to.equal(2);
  });

  it("has its block's time, and everything read through it is as of that block", async () => {
    shown.block = 100;
    const { timestamp, finalBlock, view } = await follow(5).current();
    expect([timestamp, finalBlock]).to.deep.equal([200, 95n]);
    shown.block = 101;
    expect(await view.reader.getBlockNumber()).to.equal(100n);
    expect((await view.reader.getBlock()).number).to.equal(100n);
  });

  it("is looked up again at once if the last look failed", async () => {
    const heads = follow();
    shown.isDown = true;
    await rejection(heads.current(), Error);
    shown.isDown = false;
    expect((await heads.current()).number).to.equal(1n);
  });

  it("is refused for ever once another chain is seen, even if the first one returns", async () => {
    const heads = follow();
    await heads.current();
    shown.first = "0x00000001";
    now += 1_000;
    const { shortMessage } = await rejection(heads.current(), ChainReplacedError);
    expect(shortMessage).to.equal(
      "The node was restarted with a new chain: deploy to it if needed, and restart this program.",
    );
    shown.first = "0x00000000";
    await rejection(heads.current(), ChainReplacedError);
  });

  it("has cached readings renewed with each block, also with a different block of the same number", async () => {
    const heads = follow();
    let readings = 0;
    const reading = heads.once(({ number }) => Promise.resolve(`${number}: ${++readings}`));
    expect([await reading(), await reading()]).to.deep.equal(["1: 1", "1: 1"]);
    now += 1_000;
    expect(await reading()).to.equal("1: 1");
    shown.block = 2;
    now += 1_000;
    expect(await reading()).to.equal("2: 2");
    shown.salt = 1;
    now += 1_000;
    expect(await reading()).to.equal("2: 3");
  });

  it("has readings that change without blocks renewed each time it is looked up, and not before", async () => {
    const heads = follow();
    let readings = 0;
    const reading = heads.lately(() => Promise.resolve(++readings));
    expect([await reading(), await reading()]).to.deep.equal([1, 1]);
    now += 1_000;
    expect(await reading()).to.equal(2);
  });

  it("keeps no reading that failed", async () => {
    const heads = follow();
    let readings = 0;
    const read = () => (++readings === 1 ? Promise.reject(new Error("failed")) : Promise.resolve(readings));
    for (const reading of [heads.once(read), heads.lately(read)]) {
      readings = 0;
      expect((await rejection(reading(), Error)).message).to.equal("failed");
      expect(await reading()).to.equal(2);
    }
  });
});
