import { reset } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import hre from "hardhat";
import { dirname, join } from "node:path";
import {
  type Address,
  createWalletClient,
  custom,
  type Hex,
  numberToHex,
  pad,
  parseEther,
  toEventSelector,
  zeroAddress,
  zeroHash,
} from "viem";
import { atBlock, BeyondBlockError } from "../../scripts/chain/atBlock";
import { type Connection, connectionOf, countCalls } from "../../scripts/chain/connection";
import { readLogRanges } from "../../scripts/chain/logs";
import { roles } from "../../scripts/chain/participants";
import { refusalOf, transact } from "../../scripts/chain/transact";
import { loadNetworkConfig } from "../../scripts/config/loadNetworkConfig";
import { type InProcessNetwork, startInProcessNetwork } from "../../tasks/inProcessNetwork";
import { rejection } from "../shared/rejection";

/** The file of viem with the bytecode of the canonical Multicall3, which viem doesn't export. */
const contractsOfViem = join(dirname(require.resolve("viem")), "constants", "contracts.js");

describe("The chain on a real node", () => {
  let network: InProcessNetwork;
  let connection: Connection;
  let from: Address;
  let to: Address;
  /** The last block before `to` was sent a token and a coin. */
  let past: bigint;
  const balances: { token: bigint; coin: bigint }[] = [];

  before(async () => {
    await reset();
    network = await startInProcessNetwork(hre, loadNetworkConfig("local"));
    ({ connection } = network);
    [, from, to] = network.accounts as [Address, Address, Address];
    past = await connection.reader.getBlockNumber();
    balances.push(await balancesOf(connection));
    const { token } = connection.contracts;
    await transact(connection, from, { ...token, functionName: "transfer", args: [to, 1n] });
    const wallet = createWalletClient({ account: from, transport: connection.transport });
    await wallet.sendTransaction({ to, value: parseEther("1"), chain: null });
    balances.push(await balancesOf(connection));
  });

  after(async () => {
    await network.close();
    await reset();
  });

  async function balancesOf({ contracts, reader }: Connection) {
    return { token: await contracts.token.read.balanceOf([to]), coin: await reader.getBalance({ address: to }) };
  }

  async function transfersTo(account: Address, { reader, contracts }: Connection, toBlock: bigint): Promise<number> {
    const transfer = toEventSelector("Transfer(address,address,uint256)");
    const filter = { address: contracts.token.address, topics: [transfer, null, pad(account)] };
    let count = 0;
    for await (const { logs } of readLogRanges(reader, [filter], 0n, toBlock)) count += logs.length;
    return count;
  }

  it("has the roles under the ids that the contracts give them", async () => {
    const { settlementQuorum, treasury, policyRegistry, staking, taskRegistry } = connection.contracts;
    const own = await Promise.all([
      settlementQuorum.read.SOLO_ROLE(),
      treasury.read.GUARDIAN_ROLE(),
      policyRegistry.read.POLICY_ROLE(),
      staking.read.SLASHER_ROLE(),
      taskRegistry.read.TASK_GOVERNOR_ROLE(),
      treasury.read.KEEPER_ROLE(),
    ]);
    expect(roles.map(({ id }) => id)).to.deep.equal([...own, ...Array<string>(5).fill(zeroHash)]);
  });

  describe("as of one block", () => {
    const view = () => atBlock(connection, past);

    it("has that block as its head, under every tag for the newest block", async () => {
      const { reader } = view();
      expect(await reader.getBlockNumber()).to.equal(past);
      for (const blockTag of ["latest", "pending", "safe", "finalized"] as const) {
        expect((await reader.getBlock({ blockTag })).number, blockTag).to.equal(past);
      }
      expect((await reader.getBlock({ blockTag: "earliest" })).number).to.equal(0n);
    });

    it("has the state of that block, whatever was mined after it", async () => {
      expect(await balancesOf(view())).to.deep.equal(balances[0]);
      expect(await balancesOf(connection)).to.deep.equal(balances[1]);
      expect(balances[1]!.coin - balances[0]!.coin).to.equal(parseEther("1"));
      const nonce = await view().reader.getTransactionCount({ address: from, blockTag: "pending" });
      expect(await connection.reader.getTransactionCount({ address: from })).to.equal(nonce + 2);
    });

    it("has no logs after that block, even if a range reaches beyond it", async () => {
      const head = await connection.reader.getBlockNumber();
      const all = await transfersTo(to, connection, head);
      expect(await transfersTo(to, view(), head)).to.equal(all - 1);
      const asked: string[] = [];
      const { reader } = atBlock(
        countCalls(connection, (method) => asked.push(method)),
        past,
      );
      expect(await reader.getLogs({ fromBlock: past + 1n, toBlock: head })).to.deep.equal([]);
      // A range that ends before it begins is an error to many nodes.
      expect(asked).to.deep.equal([]);
    });

    it("is asked for that block by every method that takes one, as the JSON-RPC specification requires", async () => {
      const asked: unknown[] = [];
      const request = ({ params }: { params?: unknown }): Promise<null> => {
        asked.push(params);
        return Promise.resolve(null);
      };
      const { transport } = atBlock(connectionOf(custom({ request }), connection.deployment), past);
      const ask = (method: string, params: readonly unknown[]) =>
        transport({ retryCount: 0 }).request({ method, params });
      const block = numberToHex(past);
      for (const [method, before, after] of [
        ["eth_call", [{}], [{ overrides: true }]],
        ["eth_estimateGas", [{}], []],
        ["eth_createAccessList", [{}], []],
        ["eth_getBalance", [to], []],
        ["eth_getCode", [to], []],
        ["eth_getTransactionCount", [to], []],
        ["eth_getStorageAt", [to, "0x0"], []],
        ["eth_getProof", [to, ["0x0"]], []],
        ["eth_getBlockByNumber", [], [false]],
        ["eth_getBlockReceipts", [], []],
        ["eth_getBlockTransactionCountByNumber", [], []],
        ["eth_getTransactionByBlockNumberAndIndex", [], ["0x0"]],
      ] as const) {
        asked.length = 0;
        await ask(method, [...before, "latest", ...after]);
        if (after.length === 0) await ask(method, before);
        const expected = [...before, block, ...after];
        expect(asked, method).to.deep.equal(after.length === 0 ? [expected, expected] : [expected]);
      }
      for (const [given, expected] of [
        [{}, { fromBlock: block, toBlock: block }],
        [
          { fromBlock: "earliest", toBlock: "latest" },
          { fromBlock: "0x0", toBlock: block },
        ],
        [
          { fromBlock: block, toBlock: numberToHex(past + 1n) },
          { fromBlock: block, toBlock: block },
        ],
        [
          { address: to, fromBlock: "0x0", toBlock: "0x1" },
          { address: to, fromBlock: "0x0", toBlock: "0x1" },
        ],
        [{ blockHash: zeroHash }, { blockHash: zeroHash }],
      ]) {
        asked.length = 0;
        await ask("eth_getLogs", [given]);
        expect(asked).to.deep.equal([[expected]]);
      }
      const byHash = [{}, { blockHash: zeroHash }];
      asked.length = 0;
      await ask("eth_call", byHash);
      expect(asked).to.deep.equal([byHash]);
    });

    it("still answers about earlier blocks and by hash", async () => {
      const earlier = await connection.reader.getBlock({ blockNumber: past - 1n });
      expect((await view().reader.getBlock({ blockNumber: past - 1n })).hash).to.equal(earlier.hash);
      const { hash } = await connection.reader.getBlock();
      expect((await view().reader.getBlock({ blockHash: hash })).hash).to.equal(hash);
    });

    it("refuses later blocks and transactions, in one sentence each", async () => {
      const { reader, transport } = view();
      const later = await rejection(reader.getBlock({ blockNumber: past + 1n }), BeyondBlockError);
      expect(later.message).to.equal(`Block ${past + 1n} is later than block ${past}, for which the chain is read.`);
      const wallet = createWalletClient({ account: from, transport });
      const sent = await rejection(wallet.sendTransaction({ to, value: 1n, chain: null }), Error);
      expect(sent.message).to.include(
        `eth_sendTransaction would change the chain, but this view is of the past block ${past}.`,
      );
    });
  });

  describe("through Multicall3", () => {
    let calls: string[] = [];
    let through: Connection;
    let directly: Connection;

    before(async () => {
      const { reader, transport, deployment } = connection;
      const { multicall3Bytecode } = (await import(contractsOfViem)) as { readonly multicall3Bytecode: Hex };
      const wallet = createWalletClient({ account: from, transport });
      const hash = await wallet.deployContract({ abi: [], bytecode: multicall3Bytecode, chain: null });
      const { contractAddress: multicall3 } = await reader.getTransactionReceipt({ hash });
      const keeper = { ...deployment.config.keeper, multicall3: multicall3! };
      directly = countCalls(connection, (method) => calls.push(method));
      through = countCalls(
        connectionOf(transport, { ...deployment, config: { ...deployment.config, keeper } }),
        (method) => calls.push(method),
      );
    });

    beforeEach(() => {
      calls = [];
    });

    const readAll = ({ contracts }: Connection) =>
      Promise.all(network.accounts.map((account) => contracts.token.read.balanceOf([account])));

    it("combines forty reads that are made together into two calls, with the same answers", async () => {
      expect(network.accounts).to.have.lengthOf(40);
      const answers = await readAll(through);
      expect(calls).to.deep.equal(["eth_call", "eth_call"]);
      calls = [];
      expect(await readAll(directly)).to.deep.equal(answers);
      expect(calls).to.have.lengthOf(40);
    });

    it("keeps to the block at which the chain is read", async () => {
      const block = await connection.reader.getBlockNumber();
      const answers = await readAll(atBlock(through, block));
      await transact(connection, from, { ...connection.contracts.token, functionName: "transfer", args: [to, 7n] });
      expect(await readAll(atBlock(through, block))).to.deep.equal(answers);
      expect(await readAll(through)).not.to.deep.equal(answers);
    });

    it("lets a refused read fail alone, with the contract's error", async () => {
      const { token, policyRegistry } = through.contracts;
      const [balance, refused] = await Promise.allSettled([
        token.read.balanceOf([zeroAddress]),
        policyRegistry.read.policyAt([99n]),
      ]);
      expect(calls).to.deep.equal(["eth_call"]);
      expect(balance).to.deep.equal({ status: "fulfilled", value: 0n });
      const reason: unknown = refused.status === "rejected" ? refused.reason : expect.fail("it is not refused");
      expect(refusalOf("policyAt", reason)?.message).to.equal("policyAt was refused: NoSuchPolicy(index 99, count 1).");
    });
  });
});
