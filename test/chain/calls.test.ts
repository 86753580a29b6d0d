import { reset } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import hre from "hardhat";
import { type Address, createWalletClient, custom, encodeFunctionResult, type Hex, maxUint256, parseEther } from "viem";
import { type Connection, readerThrough } from "../../scripts/chain/connection";
import { allowanceOverride, estimateGas } from "../../scripts/chain/estimate";
import { type Draft, type Drafter, rehearse, RefusedError, transact, transactAll } from "../../scripts/chain/transact";
import { loadNetworkConfig } from "../../scripts/config/loadNetworkConfig";
import { type InProcessNetwork, startInProcessNetwork } from "../../tasks/inProcessNetwork";
import { rejection } from "../shared/rejection";

describe("A call of a contract", () => {
  let network: InProcessNetwork;
  let connection: Connection;
  let from: Address;
  let to: Address;

  before(async () => {
    await reset();
    network = await startInProcessNetwork(hre, loadNetworkConfig("local"));
    ({ connection } = network);
    [, from, to] = network.accounts as [Address, Address, Address];
  });

  after(async () => {
    await network.close();
    await reset();
  });

  const transfer = (amountWei: bigint) =>
    ({ ...connection.contracts.token, functionName: "transfer", args: [to, amountWei] }) as const;
  const nonceOf = (address: Address) => connection.reader.getTransactionCount({ address });

  it("is sent and waited for, and several calls are mined in their order", async () => {
    const { token } = connection.contracts;
    const before = await token.read.balanceOf([to]);
    const receipt = await transact(connection, from, transfer(1n));
    expect([receipt.status, receipt.from]).to.deep.equal(["success", from.toLowerCase()]);
    const receipts = await transactAll(connection, from, { calls: [transfer(2n), transfer(3n)], statements: [] });
    const blocks = receipts.map(({ blockNumber }) => blockNumber);
    expect(blocks).to.deep.equal([receipt.blockNumber + 1n, receipt.blockNumber + 2n]);
    expect((await token.read.balanceOf([to])) - before).to.equal(6n);
  });

  it("isn't sent if the contract refuses it, and the contract's error is named with its values", async () => {
    const { token, staking } = connection.contracts;
    const nonce = await nonceOf(from);
    const balance = await token.read.balanceOf([from]);
    const refused = await rejection(transact(connection, from, transfer(balance + 1n)), RefusedError);
    expect(refused.message).to.equal(
      `transfer was refused: ERC20InsufficientBalance(sender ${from}, balance ${balance}, needed ${balance + 1n}).`,
    );
    expect([refused.errorName, refused.values]).to.deep.equal([
      "ERC20InsufficientBalance",
      [from, balance, balance + 1n],
    ]);
    const args = [to, 0, parseEther("100000"), maxUint256] as const;
    const register = { ...staking, functionName: "registerValidator", args } as const;
    const ofOther = await rejection(transact(connection, from, register), RefusedError);
    expect(ofOther.errorName, "of a contract that it calls").to.equal("ERC20InsufficientAllowance");
    expect(await nonceOf(from)).to.equal(nonce);
  });

  it("fails as reverted if the chain changed before it was mined", async () => {
    const { token } = connection.contracts;
    const { reader, transport } = connection;
    await transact(connection, from, { ...token, functionName: "approve", args: [to, 1n] });
    await hre.network.provider.send("evm_setAutomine", [false]);
    try {
      const nonce = await nonceOf(to);
      const taken = transact(connection, to, { ...token, functionName: "transferFrom", args: [from, to, 1n] });
      const complaint = rejection(taken, RefusedError);
      while ((await reader.getTransactionCount({ address: to, blockTag: "pending" })) === nonce);
      const wallet = createWalletClient({ account: from, transport });
      const gasPrice = 10n ** 12n;
      await wallet.writeContract({
        ...{ address: token.address, abi: token.abi, functionName: "approve", args: [to, 0n] },
        ...{ chain: null, gasPrice, gas: 100_000n },
      });
      await hre.network.provider.send("evm_mine");
      const { message, errorName } = await complaint;
      expect(message).to.match(
        /^0x\w{64} was mined but reverted, because the chain had changed meanwhile: try again\.$/,
      );
      expect(errorName).to.equal("Reverted");
    } finally {
      await hre.network.provider.send("evm_setAutomine", [true]);
    }
  });

  it("is drafted and never sent if its account only drafts", async () => {
    const drafts: Draft[] = [];
    const drafter = {
      address: from,
      type: "json-rpc",
      draft: (draft: Draft) => {
        drafts.push(draft);
        return Promise.reject(new Error("drafted"));
      },
    } as unknown as Drafter;
    const nonce = await nonceOf(from);
    const { address, abi, functionName, args } = transfer(1n);
    const draft = { calls: [{ address, abi, functionName, args }], statements: ["One wei moves."] };
    for (const drafting of [
      transact(connection, drafter, transfer(1n), draft.statements),
      transactAll(connection, drafter, draft),
    ])
      expect((await rejection(drafting, Error)).message).to.equal("drafted");
    expect(drafts).to.deep.equal([draft, draft]);
    expect(await nonceOf(from)).to.equal(nonce);
  });

  it("is rehearsed to find its gas, and its refusal starts with the name that was given", async () => {
    const { token } = connection.contracts;
    const gas = await rehearse(connection, from, transfer(1n), "latest");
    const { gasUsed } = await transact(connection, from, transfer(1n));
    expect(gas >= gasUsed && gas < 2n * gasUsed, `${gas} for ${gasUsed}`).to.equal(true);
    const much = transfer(1n + (await token.read.balanceOf([from])));
    const named = await rejection(rehearse(connection, from, much, "pending", "moving"), RefusedError);
    expect(named.message).to.match(/^moving was refused: ERC20InsufficientBalance\(/);
    const plain = await rejection(rehearse(connection, from, much, "pending"), RefusedError);
    expect(plain.message).to.match(/^transfer was refused: /);
  });

  it("gets a gas estimate of any size, up to a transaction's maximum of 2^24", async () => {
    const { token } = connection.contracts;
    const call = { ...token, functionName: "transferFrom", args: [from, to, 1n] } as const;
    const yes = encodeFunctionResult({ abi: token.abi, functionName: "transferFrom", result: true });
    for (const [needed, most] of [
      [21_500n, 24_000n],
      [3_000_000n, 3_002_000n],
      [1n << 40n, 1n << 24n],
    ] as const) {
      const request = ({ params }: { readonly params?: unknown }): Promise<unknown> => {
        const [{ gas }] = params as readonly [{ readonly gas?: Hex }];
        return gas === undefined || BigInt(gas) >= needed ? Promise.resolve(yes) : Promise.reject(new Error("gas"));
      };
      const reader = readerThrough(custom({ request }, { retryCount: 0 }));
      const gas = await estimateGas(reader, to, call, allowanceOverride(token.address, from, to));
      expect(gas <= most && (gas >= needed || gas === most), `${gas} for ${needed}`).to.equal(true);
    }
  });

  it("gets a gas estimate even if its allowance is only assumed", async () => {
    const { token } = connection.contracts;
    const { reader } = connection;
    await transact(connection, from, { ...token, functionName: "approve", args: [to, 0n] });
    const call = { ...token, functionName: "transferFrom", args: [from, to, 1n] } as const;
    await rejection(estimateGas(reader, to, call), Error);
    await rejection(estimateGas(reader, to, call, allowanceOverride(token.address, to, from)), Error);
    const override = allowanceOverride(token.address, from, to);
    const assumed = await estimateGas(reader, to, call, override);
    await transact(connection, from, { ...token, functionName: "approve", args: [to, maxUint256] });
    const plain = await estimateGas(reader, to, call);
    expect(plain).to.equal(await reader.estimateContractGas({ ...call, account: to }));
    const { gasUsed } = await transact(connection, to, call);
    expect(assumed >= gasUsed && assumed <= gasUsed + 2_000n, `${assumed} for ${gasUsed}`).to.equal(true);
  });
});
