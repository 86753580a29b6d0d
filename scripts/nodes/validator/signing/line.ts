/** Messages of one kind, and how a validator answers for an epoch: it signs what it computed, once, or says why not. */
import { type Address, createWalletClient, getAddress, hashTypedData, type Hex, isAddressEqual } from "viem";
import { addressOf } from "../../../chain/signer";
import { type JsonObject } from "../../../core/canonicalJson";
import { patienceSeconds } from "../../../keeper/run/memory";
import { type Node } from "../../run/node";
import { type ValidatorEvent } from "../validatorEvents";
import { type Form } from "./forms";
import { Journal, type JournalEntry } from "./journal";
import { type ConfirmedView, refusal, type Refusal, type ToSign } from "./toSign";

/** What signing takes of a node. */
export type SigningNode = Pick<
  Node<ValidatorEvent>,
  "connection" | "signer" | "directory" | "tell" | "clock" | "random" | "stopping" | "accuse"
>;

/** What answering takes. */
export interface AnsweringWays {
  readonly node: SigningNode;
  readonly validator: Address;
  /** Only reports what would be signed. */
  readonly dryRun: boolean;
  /** The epoch that a human has looked at and wants signed. */
  readonly acceptedEpoch: () => number | undefined;
}

/** A block, and what stood before the epoch there. */
type Foundation = Pick<ConfirmedView, "block" | "blockHash" | "before">;

/** What came of an epoch, and what it rests on. */
interface Answer extends Foundation {
  readonly epoch: number;
  /** Null where it is signed. */
  readonly refusal: Refusal | null;
  /** On the node's clock. */
  readonly at: number;
}

/** The signatures of one kind. */
export class SigningLine<T extends { readonly epoch: bigint }> {
  readonly #journal: Journal<T>;
  #answer: Answer | undefined;
  /** Two hashes of blocks of which the first was found before the second. */
  #found: string | undefined;

  constructor(
    private readonly form: Form<T>,
    private readonly ways: AnsweringWays,
    private readonly compute: (view: ConfirmedView) => Promise<ToSign<T>>,
  ) {
    const { node, validator } = ways;
    this.#journal = new Journal(form, node.directory, validator, this.#domain(), (sentence) => {
      node.tell({ kind: "setAside", sentence });
    });
  }

  /** What it signs, as in "the settlement of epoch 7". */
  nameOf(epoch: number): string {
    return `the ${this.form.what} of epoch ${epoch}`;
  }

  /** What was signed last for an epoch. */
  async lastSigned(epoch: number): Promise<JournalEntry<T> | undefined> {
    return (await this.#journal.entries(epoch)).at(-1);
  }

  /** Why nothing is signed for an epoch; undefined where that is not refused. */
  refusalOf(epoch: number): string | undefined {
    return this.#answer?.epoch === epoch ? this.#answer.refusal?.reason : undefined;
  }

  /** Whether an epoch was signed or refused since this process began. */
  hasAnswered(epoch: number): boolean {
    return this.#answer?.epoch === epoch;
  }

  /** The newest signature for an epoch as others are given it; undefined where nothing was signed. */
  served(epoch: number): Promise<JsonObject | undefined> {
    return this.#journal.served(epoch);
  }

  /** Whether an epoch was answered, and nothing has changed since. A refusal is looked at again after a minute. */
  async isAnswered(epoch: number, view: ConfirmedView): Promise<boolean> {
    const answer = this.#answer;
    if (answer?.epoch !== epoch || answer.before !== view.before) return false;
    if (answer.refusal?.mayBeAccepted === true) return this.ways.acceptedEpoch() !== epoch;
    if (answer.refusal !== null && this.ways.node.clock() - answer.at >= patienceSeconds) return false;
    return this.#isInChain(answer, view);
  }

  /**
   * Computes an epoch and signs it, unless the journal says that it is signed. What was signed before is signed otherwise only
   * where what it rests on has changed.
   */
  async answer(epoch: number, view: ConfirmedView): Promise<void> {
    const { node } = this.ways;
    const concluded = await this.#conclude(epoch, view);
    const refused = "kind" in concluded ? concluded : null;
    const isNews = refused !== null && this.refusalOf(epoch) !== refused.reason;
    const { block, blockHash, before } = "kind" in concluded ? view : concluded;
    this.#answer = { epoch, block, blockHash, before, refusal: refused, at: node.clock() };
    if (!isNews) return;
    const { reason, mayBeAccepted } = refused;
    node.tell({ kind: "signingRefused", what: this.form.what, epoch, block, reason, mayBeAccepted });
  }

  /** @returns What the signature rests on, or why there is none. */
  async #conclude(epoch: number, view: ConfirmedView): Promise<Foundation | Refusal> {
    const { node, dryRun } = this.ways;
    const began = node.clock();
    const signer = getAddress(addressOf(node.signer));
    const last = await this.lastSigned(epoch);
    const isOwn = last?.signer === signer;
    if (isOwn && last.before === view.before && (await this.#isInChain(last, view))) return last;
    const toSign = (await this.#wrongKey(signer)) ?? (await this.compute(view));
    node.stopping.throwIfAborted();
    if (toSign.kind === "refused") return toSign;
    const data = this.form.typedData(this.#domain(), toSign.message);
    const digest = hashTypedData(data);
    if (isOwn && last.digest === digest) return view;
    const because = last === undefined ? null : reasonAfter(last, signer, view);
    const told = { what: this.form.what, epoch, digest, block: view.block, because };
    if (dryRun) {
      node.tell({ kind: "wouldSign", ...told });
      return view;
    }
    const wallet = createWalletClient({ account: node.signer, transport: node.connection.transport });
    const signature = await wallet.signTypedData({ account: node.signer, ...data });
    const { block, blockHash, before } = view;
    const signed = { message: toSign.message, validator: this.ways.validator, signature };
    // Nobody is given a signature that this disk does not have.
    await this.#journal.add({ ...signed, signer, digest, block, blockHash, before, because });
    node.tell({ kind: "signed", ...told, seconds: node.clock() - began });
    return view;
  }

  #domain() {
    const { deployment, contracts } = this.ways.node.connection;
    return { chainId: deployment.chainId, treasury: contracts.treasury.address };
  }

  /** Only the operator's signature counts, as of the moment at which it is used. */
  async #wrongKey(signer: Address): Promise<Refusal | undefined> {
    const { node, validator } = this.ways;
    const operator = await node.connection.contracts.staking.read.operatorOf([validator]);
    if (isAddressEqual(operator, signer)) return undefined;
    return refusal(`only its operator ${operator} can sign for the validator, and this node has the key of ${signer}`);
  }

  /** Whether a block is one of those that lead to the view's; one that the view does not reach is not doubted. */
  async #isInChain(
    { block, blockHash }: Pick<Foundation, "block" | "blockHash">,
    view: ConfirmedView,
  ): Promise<boolean> {
    const found = `${blockHash} ${view.blockHash}`;
    if (blockHash === view.blockHash || block > view.block || this.#found === found) return true;
    const { hash } = await view.chain.reader.getBlock({ blockNumber: block });
    if (hash === blockHash) this.#found = found;
    return hash === blockHash;
  }
}

/** Why an epoch is signed again, as the clause that follows "because". */
function reasonAfter(
  last: { readonly signer: Address; readonly before: string; readonly block: bigint; readonly blockHash: Hex },
  signer: Address,
  view: ConfirmedView,
): string {
  if (last.signer !== signer) return `it was signed by ${last.signer} before, and is now signed by ${signer}`;
  if (last.before !== view.before) return `the epoch before it has changed: ${view.before}`;
  return `block ${last.block} (${last.blockHash}), for which it was computed, is no longer in the chain`;
}
