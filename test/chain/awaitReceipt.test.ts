import { expect } from "chai";
import hre from "hardhat";
import { createWalletClient, custom, type Hash, type Hex } from "viem";
import { awaitReceipt, type Pending, ReplacedError } from "../../scripts/chain/transact";
import { readerThrough } from "../../scripts/chain/connection";
import { rejection } from "../shared/rejection";

describe("Waiting for a transaction's block", () => {
  const ask = (method: string, ...params: readonly unknown[]) =>
    hre.network.provider.request({ method, params: [...params] });
  const transport = custom({
    request: ({ method, params }: { method: string; params?: readonly unknown[] }) => ask(method, ...(params ?? [])),
  });
  const reader = readerThrough(transport);
  let account: Hex;

  before(async () => {
    [account] = (await ask("eth_accounts")) as [Hex];
  });

  beforeEach(() => ask("evm_setAutomine", false));

  afterEach(() => ask("evm_setAutomine", true));

  /** Sends a transaction without value from the account to itself. */
  async function send(data: Hex, gasPriceWei: bigint): Promise<Hash> {
    const wallet = createWalletClient({ account, transport });
    const nonce = await reader.getTransactionCount({ address: account });
    return wallet.sendTransaction({ chain: null, to: account, data, nonce, gas: 100_000n, gasPrice: gasPriceWei });
  }

  /** Waits until a report is enough. @returns The receipt to come, and the reports. */
  async function waitUntil(hash: Hash, isEnough: (pending: Pending) => boolean) {
    let onEnough = (): void => undefined;
    const enough = new Promise<void>((resolve) => (onEnough = resolve));
    const told: Pending[] = [];
    const receipt = awaitReceipt(reader, hash, (pending) => {
      told.push(pending);
      if (isEnough(pending)) onEnough();
    });
    receipt.catch(() => undefined);
    await enough;
    return { receipt, told };
  }

  it("reports every second how long it has waited, and nothing once the transaction is mined", async () => {
    const hash = await send("0x01", 10n ** 10n);
    const { receipt, told } = await waitUntil(hash, ({ seconds }) => seconds >= 2);
    await ask("evm_mine");
    expect((await receipt).transactionHash).to.equal(hash);
    const { length } = told;
    expect(told[0]).to.include({ hash, isKnown: true });
    expect(told.map(({ seconds }) => seconds)).to.deep.equal(told.map(({ seconds }) => seconds).toSorted());
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(told).to.have.lengthOf(length);
  });

  it("accepts the same call with a higher fee as a replacement, and fails if another call replaces it", async () => {
    const slow = await waitUntil(await send("0x02", 10n ** 10n), () => true);
    const faster = await send("0x02", 2n * 10n ** 10n);
    await ask("evm_mine");
    expect((await slow.receipt).transactionHash).to.equal(faster);
    const first = await send("0x03", 10n ** 10n);
    const replaced = await waitUntil(first, () => true);
    await send("0x04", 2n * 10n ** 10n);
    await ask("evm_mine");
    const error = await rejection(replaced.receipt, ReplacedError);
    expect(error.message).to.match(new RegExp(`^${first} was cancelled or replaced`));
  });

  it("reports that the node has dropped the transaction", async () => {
    const hash = await send("0x05", 10n ** 10n);
    const { receipt } = await waitUntil(hash, ({ isKnown }) => isKnown);
    await ask("hardhat_dropTransaction", hash);
    const dropped = await waitUntil(hash, ({ isKnown }) => !isKnown);
    expect(dropped.told.at(-1)!.hash).to.equal(hash);
    await send("0x05", 10n ** 10n);
    await ask("evm_mine");
    await Promise.all([receipt, dropped.receipt]);
  });
});
