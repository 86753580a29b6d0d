/** What a campaign's chain has, block by block, and what it had before blocks were dropped. */
import { type Address, decodeFunctionData, type Hex, hexToBigInt, parseEventLogs } from "viem";
import { type Connection } from "../../../scripts/chain/connection";
import { count, type Tally } from "../campaign/lineFaults";

/** A block, and who could act when it was mined. */
export interface LedgerBlock {
  readonly timestamp: number;
  readonly baseFeePerGasWei: bigint;
  /** How many blocks were mined before it, those that were taken back included. */
  readonly order: number;
  /** Of each node the disks on which it was running. */
  readonly running: ReadonlyMap<string, ReadonlySet<string>>;
}

interface Receipt {
  readonly status: Hex;
  readonly from: Address;
  readonly transactionHash: Hex;
  readonly logs: Parameters<typeof parseEventLogs>[0]["logs"];
}

/** Notes every block as it is mined. */
export class Ledger {
  readonly blocks = new Map<number, LedgerBlock>();
  /** Where reorganisations began, and how many blocks were mined before. */
  readonly reorganisations: { readonly first: number; readonly order: number }[] = [];
  /** Every hash that a task's input or result ever had: after a reorganisation another task may have the same id. */
  readonly inputHashes = new Map<number, Set<Hex>>();
  readonly resultHashes = new Map<number, Set<Hex>>();
  /** Transactions that were mined and reverted, by what they were to do. */
  readonly reverted: Tally = new Map();
  /** The same of those that had been mined before, in a block that was taken back: nobody sent them again. */
  readonly revertedAgain: Tally = new Map();
  readonly #seen = new Set<Hex>();
  /** All that were mined, those that were taken back included. */
  mined = 0;
  #next: number;
  #order = 0;

  /** @param firstBlock The first one to note. */
  constructor(
    private readonly connection: Connection,
    firstBlock: bigint,
  ) {
    this.#next = Number(firstBlock);
  }

  get order(): number {
    return this.#order;
  }

  reorganised(first: bigint): void {
    this.reorganisations.push({ first: Number(first), order: this.#order });
    this.#next = Math.min(this.#next, Number(first));
  }

  /** Notes what was mined since. */
  async note(running: LedgerBlock["running"]): Promise<void> {
    const { reader } = this.connection;
    const head = Number(await reader.getBlockNumber());
    for (; this.#next <= head; this.#next++) {
      const block = await reader.getBlock({ blockNumber: BigInt(this.#next) });
      const baseFeePerGasWei = block.baseFeePerGas ?? 0n;
      const order = this.#order++;
      this.blocks.set(this.#next, { timestamp: Number(block.timestamp), baseFeePerGasWei, order, running });
      if (block.transactions.length > 0) await this.#noteTransactions(this.#next);
    }
  }

  async #noteTransactions(block: number): Promise<void> {
    const { reader, contracts } = this.connection;
    const params = [`0x${block.toString(16)}`];
    const receipts = await reader.request<{ Parameters: unknown; ReturnType: readonly Receipt[] }>({
      method: "eth_getBlockReceipts",
      params,
    });
    const { taskRegistry } = contracts;
    for (const { status, transactionHash, logs } of receipts) {
      this.mined++;
      const tally = this.#seen.has(transactionHash) ? this.revertedAgain : this.reverted;
      if (hexToBigInt(status) === 0n) count(tally, await this.#nameOf(transactionHash));
      this.#seen.add(transactionHash);
      const { abi } = taskRegistry;
      for (const { args } of parseEventLogs({ abi, eventName: "TaskSubmitted", logs: [...logs] })) {
        noteHash(this.inputHashes, args.taskId, args.inputHash);
      }
      for (const { args } of parseEventLogs({ abi, eventName: "TaskCompleted", logs: [...logs] })) {
        noteHash(this.resultHashes, args.taskId, args.resultHash);
      }
    }
  }

  async #nameOf(hash: Hex): Promise<string> {
    const { reader, contracts } = this.connection;
    const { to, input } = await reader.getTransaction({ hash });
    const contract = Object.values(contracts).find(({ address }) => address.toLowerCase() === to);
    if (contract === undefined) return "something else";
    return decodeFunctionData({ abi: contract.abi, data: input }).functionName;
  }
}

function noteHash(hashes: Map<number, Set<Hex>>, taskId: bigint, hash: Hex): void {
  const id = Number(taskId);
  hashes.set(id, (hashes.get(id) ?? new Set()).add(hash));
}
