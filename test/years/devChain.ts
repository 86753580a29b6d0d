import { type Abi, type Address, type EIP1193RequestFn, encodeFunctionData, type Hex, numberToHex } from "viem";
import { refusalOf, simulate } from "../../scripts/chain/transact";
import { type Connection } from "../../scripts/chain/connection";

/** A transaction to send: its sender and its call. */
export interface Sending {
  readonly from: Address;
  readonly call: {
    readonly address: Address;
    readonly abi: Abi;
    readonly functionName: string;
    readonly args: readonly unknown[];
  };
}

type Request = (args: { readonly method: string; readonly params: readonly unknown[] }) => Promise<unknown>;

/** Every call of the story takes less, and a block of 30 million gas holds 50 of them. */
const gas = numberToHex(600_000);
const gasPrice = numberToHex(10n ** 10n);
const perBlock = 50;

/** A transaction of the story was refused, so the network would differ from the story. */
export class StoryRefusedError extends Error {
  override readonly name = "StoryRefusedError";
}

/** A development chain that mines a block on request, and lets everyone send. */
export interface DevChain {
  /** Lets accounts send that the node has no keys of. */
  open(accounts: readonly Address[]): Promise<void>;
  /**
   * Mines a block at `timestamp`, unix seconds, with all of these in it; more than fit go into further blocks of the same
   * second.
   * @throws StoryRefusedError naming the first that failed.
   */
  mine(timestamp: number, sendings: readonly Sending[]): Promise<void>;
  /** Mines so many empty blocks, the first at `timestamp` and each `seconds` after the one before. */
  pass(timestamp: number, blocks: number, seconds: number): Promise<void>;
  /** Mines each transaction when it is sent, as commands need it; `mine` does not. */
  mineBySending(isOn: boolean): Promise<void>;
}

/** @param send The node's own `request`. */
export function devChainOf(send: EIP1193RequestFn, connection: Connection): DevChain {
  const request = send as Request;

  async function mineBlock(timestamp: number, sendings: readonly Sending[]): Promise<void> {
    const hashes: Hex[] = [];
    for (const { from, call } of sendings) {
      const transaction = { from, to: call.address, data: encodeFunctionData(call), gas, gasPrice };
      hashes.push((await request({ method: "eth_sendTransaction", params: [transaction] })) as Hex);
    }
    await request({ method: "evm_setNextBlockTimestamp", params: [timestamp] });
    await request({ method: "evm_mine", params: [] });
    for (const [index, hash] of hashes.entries()) {
      const receipt = (await request({ method: "eth_getTransactionReceipt", params: [hash] })) as {
        status: Hex;
      } | null;
      if (receipt?.status !== "0x1") throw await refusal(sendings[index]!, connection);
    }
  }

  return {
    async open(accounts) {
      for (const account of accounts) {
        await request({ method: "hardhat_impersonateAccount", params: [account] });
        await request({ method: "hardhat_setBalance", params: [account, numberToHex(10n ** 24n)] });
      }
    },
    async mine(timestamp, sendings) {
      for (let first = 0; first < Math.max(sendings.length, 1); first += perBlock) {
        await mineBlock(timestamp, sendings.slice(first, first + perBlock));
      }
    },
    async pass(timestamp, blocks, seconds) {
      await request({ method: "evm_setNextBlockTimestamp", params: [timestamp] });
      await request({ method: "hardhat_mine", params: [numberToHex(blocks), numberToHex(seconds)] });
    },
    async mineBySending(isOn) {
      await request({ method: "evm_setAutomine", params: [isOn] });
    },
  };
}

/** Why a call failed, if it fails again. */
async function refusal({ from, call }: Sending, { reader }: Connection): Promise<StoryRefusedError> {
  const reason = await simulate(reader, from, call, [], "latest").then(
    () => `${call.functionName} failed in its block, and would not any more`,
    (error: unknown) => refusalOf(call.functionName, error)?.message ?? String(error),
  );
  return new StoryRefusedError(`${from}: ${reason}`);
}
