/** How a node gets its duties onto the chain: one transaction at a time, outbid until it is mined. */
import { encodeFunctionData } from "viem";
import {
  offerInstead,
  receiptOf,
  replaceTransaction,
  Sender,
  type Sending,
  sendTransaction,
  type SentTransaction,
} from "../../keeper/run/transactions";
import { addressOf } from "../../chain/signer";
import { type Fees } from "../../keeper/run/fees";
import { type NodeView } from "./nodeView";
import { type Duty, Rehearsals, type RehearsalOptions } from "./rehearsals";

/** What an outbox works with. */
export interface OutboxOptions extends RehearsalOptions {
  /** Only reports what would be sent. */
  readonly dryRun: boolean;
  readonly stopping: AbortSignal;
}

/** A transaction that was handed to the network, and the duties that it does. */
interface InFlight extends SentTransaction {
  readonly duties: readonly string[];
  /** Whether it only takes the nonce of a transaction that nobody wants any more. */
  readonly isWithdrawal: boolean;
}

/**
 * If a new epoch begins between the rehearsal and the block, its counters, at most five, are written for the first
 * time.
 */
const newEpochGas = 120_000n;

/** Enough for a transaction that does nothing, even if the account has code. */
const withdrawalGas = 60_000n;

/**
 * Sends duties for one account. At most one of its transactions is in flight, and its nonce is the number of mined
 * ones: even if a node is killed, repeats itself or runs twice, at most one of them can be mined. It remembers nothing
 * that the chain does not say: callers pass a duty at every look until the chain shows that it is done.
 */
export class Outbox {
  #inFlight: InFlight | undefined;
  /** When it was last sent or outbid, on the node's clock. */
  #sentAt = 0;
  /** When expensive gas was last reported, on the node's clock. */
  #toldDearAt = -Infinity;
  readonly #sender: Sender;
  readonly #rehearsals: Rehearsals;
  /** With --dry-run: duties that were reported. */
  readonly #told = new Set<string>();

  constructor(private readonly options: OutboxOptions) {
    this.#rehearsals = new Rehearsals(options);
    this.#sender = new Sender(options.connection, options.signer);
  }

  /** Whether a transaction may still be mined, or one of these duties is still to be tried. */
  isBusyWith(duties: readonly Duty[]): boolean {
    const isUndecided = this.#rehearsals.isUndecided(duties);
    return this.#inFlight !== undefined || isUndecided || this.#triable(duties).length > 0;
  }

  /**
   * Reports what was mined, outbids what was not mined in time, sends what comes next.
   * @param duties Everything to do now, the most urgent first.
   * @throws ContradictionError if an endpoint counts fewer mined transactions than there are; whatever sending throws.
   */
  async advance(view: NodeView, duties: readonly Duty[]): Promise<void> {
    this.#sender.requireFreeNonce(view.minedTransactions);
    await this.#tellFate(view);
    const current = this.#inFlight;
    const { clock, connection } = this.options;
    if (current === undefined) return this.#send(view, this.#triable(duties));
    const isDue = clock() - this.#sentAt >= connection.deployment.config.keeper.replaceAfterSeconds;
    const wanted = new Set(duties.map(({ name }) => name));
    if (current.duties.some((name) => wanted.has(name))) return isDue ? this.#outbid(view, current) : undefined;
    if (current.isWithdrawal && !isDue) return;
    await this.#send(view, this.#triable(duties), current);
    if (this.#inFlight === current)
      await (current.isWithdrawal ? this.#outbid(view, current) : this.#withdraw(view, current));
  }

  /** Reports what became of the transaction in flight, once its nonce is used. */
  async #tellFate({ minedTransactions, chain }: NodeView): Promise<void> {
    const current = this.#inFlight;
    if (current === undefined || minedTransactions <= current.request.nonce) return;
    const { duties, request } = current;
    for (const transactionHash of this.#sender.signed) {
      const receipt = await receiptOf(chain, transactionHash);
      if (receipt === undefined) continue;
      const { blockNumber, gasUsed, effectiveGasPrice, status } = receipt;
      const fate = { blockNumber, feeWei: gasUsed * effectiveGasPrice, hasReverted: status === "reverted" };
      this.options.tell({ kind: "mined", duties, transactionHash, ...fate });
      this.#forget();
      return;
    }
    this.options.tell({ kind: "displaced", duties, nonce: request.nonce });
    this.#forget();
  }

  #forget(): void {
    this.#inFlight = undefined;
    this.#sender.signed.clear();
  }

  #triable(duties: readonly Duty[]): readonly Duty[] {
    return this.#rehearsals.triable(duties).filter(({ name }) => !this.#told.has(name));
  }

  /**
   * Sends the first duties that no contract refuses.
   * @param outbid A transaction that nobody wants any more, to be replaced.
   */
  async #send(view: NodeView, duties: readonly Duty[], outbid?: InFlight): Promise<void> {
    if (duties.length === 0) return;
    const names = duties.map(({ name }) => name);
    const fees = await this.#feesFor(view, names, outbid);
    if (fees === undefined) return;
    const parcel = await this.#rehearsals.prepare(duties);
    if (parcel === undefined) return;
    if (this.options.dryRun) {
      for (const name of parcel.duties) this.#told.add(name);
      this.options.tell({ kind: "wouldSend", duties: parcel.duties, gas: parcel.gas });
      return;
    }
    this.options.stopping.throwIfAborted();
    const { address: to, abi, functionName, args } = parcel.call;
    const data = encodeFunctionData({ abi, functionName, args });
    // Others may change the state between the rehearsal and the block; unused gas is not paid.
    const gas = (parcel.gas * 9n) / 8n + newEpochGas;
    const request = { to, data, gas, nonce: view.minedTransactions };
    const what = { duties: parcel.duties, request, isWithdrawal: false };
    const sending = await sendTransaction(this.#sender, what, fees);
    this.#remember(sending, parcel.duties, outbid !== undefined);
  }

  /**
   * Takes the nonce of a transaction that nobody wants any more. Mined later, it might do harm: a commitment counts for
   * the epoch in which it is mined, and can't be revealed if it hides another epoch's scores.
   */
  async #withdraw(view: NodeView, unwanted: InFlight): Promise<void> {
    const duties = [`withdraw: ${unwanted.duties.join(", ")}`];
    const fees = await this.#feesFor(view, duties, unwanted);
    if (fees === undefined) return;
    const to = addressOf(this.#sender.signer);
    const request = { to, data: "0x" as const, gas: withdrawalGas, nonce: view.minedTransactions };
    const sending = await sendTransaction(this.#sender, { duties, request, isWithdrawal: true }, fees);
    this.#remember(sending, duties, true);
  }

  /** The fees that a transaction must offer; undefined if they are too high, which is reported. */
  async #feesFor(view: NodeView, duties: readonly string[], outbid: InFlight | undefined): Promise<Fees | undefined> {
    const offer = await offerInstead(this.#sender, view.baseFeePerGasWei, outbid?.fees);
    if (offer.kind === "fees") return offer.fees;
    this.#remember(offer, duties, outbid !== undefined);
    return undefined;
  }

  async #outbid(view: NodeView, current: InFlight): Promise<void> {
    this.#sentAt = this.options.clock();
    const sending = await replaceTransaction(this.#sender, current, view.baseFeePerGasWei);
    this.#remember(sending, current.duties, true);
  }

  /** Reports and remembers the outcome of sending. */
  #remember(sending: Sending<InFlight>, duties: readonly string[], isReplacement: boolean): void {
    const { tell, clock, connection } = this.options;
    switch (sending.kind) {
      case "sent": {
        const { request, fees, hash } = sending.sent;
        this.#inFlight = sending.sent;
        this.#sentAt = clock();
        if (hash !== null) this.#sender.signed.add(hash);
        const { maxFeePerGasWei } = fees;
        tell({ kind: "sent", duties, nonce: request.nonce, maxFeePerGasWei, transactionHash: hash, isReplacement });
        break;
      }
      case "aboveCeiling": {
        if (clock() - this.#toldDearAt < connection.deployment.config.keeper.replaceAfterSeconds) break;
        this.#toldDearAt = clock();
        const { ceilingWei } = this.#sender;
        tell({ kind: "feeAboveCeiling", duties, askedWei: sending.askedWei, ceilingWei });
        break;
      }
      case "nonceTaken":
      case "baseFeeRose":
    }
  }
}
