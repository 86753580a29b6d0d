/**
 * How a validator answers for an epoch: it computes the message from final blocks and signs it once, or says why not.
 */
import { type Address, createWalletClient, getAddress, hashTypedData, type Hex, isAddressEqual } from "viem";
import { atBlock } from "../../../chain/atBlock";
import { newestFinal } from "../../../chain/blocks";
import { type Connection } from "../../../chain/connection";
import { addressOf } from "../../../chain/signer";
import { type JsonObject } from "../../../core/canonicalJson";
import { type Settlement } from "../../../core/settlement";
import { type EpochArchive } from "../../../keeper/archive/epochArchive";
import { readSettlements, rootOf, type Settlements } from "../../../keeper/facts/settledEpochs";
import { domainOf, type Form, type RepostMessage } from "../../../keeper/quorum/statements";
import { patienceSeconds } from "../../../keeper/run/decide";
import { acceptedEpochIn, type Objection, objectionTo, unlessDifferent } from "../../../keeper/run/objections";
import { prepareRepost } from "../../../keeper/settle/repostEpoch";
import { prepareSettlement } from "../../../keeper/settle/settleEpoch";
import { type Node } from "../../run/node";
import { type ValidatorEvent } from "../../run/nodeEvents";
import { Journal, type JournalEntry } from "./journal";

/** What signing needs from a node. */
export type SigningNode = Pick<
  Node<ValidatorEvent>,
  "connection" | "signer" | "directory" | "tell" | "clock" | "random" | "stopping" | "accuse"
>;

/** What signing works with. */
export interface SigningWays {
  readonly node: SigningNode;
  readonly validator: Address;
  /** The earlier epochs, on this node's disk. */
  readonly archive: EpochArchive;
  /** Only reports what would be signed. */
  readonly dryRun: boolean;
}

/** The chain as of a block that is final. */
export interface FinalView {
  readonly chain: Connection;
  readonly block: bigint;
  readonly blockHash: Hex;
  /** Unix seconds. */
  readonly timestamp: number;
  readonly settlements: Settlements;
  /** The part of the settlements that later epochs depend on, in words. */
  readonly before: string;
}

/**
 * The chain as of its newest final block, seen from `headBlock`; undefined if no block is final.
 * @param last The previous view; it is returned if it has the same block.
 */
export async function viewFinal(
  connection: Connection,
  headBlock: bigint,
  last?: FinalView,
): Promise<FinalView | undefined> {
  const { confirmations } = connection.deployment.config.keeper;
  const block = await newestFinal(connection.reader, headBlock, confirmations);
  if (block < 0n) return undefined;
  if (block === last?.block) return last;
  const chain = atBlock(connection, block);
  const [{ hash, timestamp }, settlements] = await Promise.all([chain.reader.getBlock(), readSettlements(chain)]);
  const before = inWords(settlements);
  return { chain, block, blockHash: hash, timestamp: Number(timestamp), settlements, before };
}

function inWords({ settled, vetoes }: Settlements): string {
  const last = settled.at(-1);
  if (last === undefined) return "nothing is settled";
  const { transactionHash } = last.reposts.at(-1) ?? last;
  const vetoed = vetoes.map(({ root }) => root).join(", ");
  const epoch = `epoch ${settled.length - 1} has the root ${rootOf(last)} by transaction ${transactionHash}`;
  return vetoed === "" ? epoch : `${epoch}, and vetoed is ${vetoed}`;
}

/** The message to sign, or why nothing is signed. */
type ToSign<T> = { readonly message: T } | Objection;

/** The settlement of the next epoch, which is due. */
export function settlementToSign(
  { node: { connection, directory, stopping }, archive }: SigningWays,
  { chain, settlements }: FinalView,
): Promise<ToSign<Settlement>> {
  const { settled } = settlements;
  // Without confirmations, the block that makes the epoch due may not be mined yet.
  const facts = connection.deployment.config.keeper.confirmations === 0 ? connection : chain;
  return unlessDifferent(async () => {
    const prepared = await prepareSettlement(facts, archive, settled.length, {
      onComputed: () => {
        stopping.throwIfAborted();
      },
    });
    const { settlement } = prepared.computed;
    const objection =
      objectionTo(prepared, connection, settled, acceptedEpochIn(directory)) ??
      vetoOf(settlements, settlement.rewardsRoot);
    if (objection !== undefined) return objection;
    await archive.save(prepared.computed);
    return { message: settlement };
  });
}

/** The repost of the newest settled epoch, whose root was vetoed. */
export function repostToSign(
  { archive }: SigningWays,
  { chain, settlements }: FinalView,
): Promise<ToSign<RepostMessage>> {
  return unlessDifferent(async () => {
    const { message } = (await prepareRepost(chain, archive)) ?? {};
    if (message === undefined) return { reason: "no root is vetoed now", mayBeAccepted: false };
    return vetoOf(settlements, message.root) ?? { message };
  });
}

function vetoOf({ vetoes }: Settlements, root: Hex): Objection | undefined {
  if (!vetoes.some((veto) => veto.root === root)) return undefined;
  return { reason: `the guardian vetoed the root that this node computes, ${root}`, mayBeAccepted: false };
}

/** A block, and the settlements before the epoch as of that block. */
type Foundation = Pick<FinalView, "block" | "blockHash" | "before">;

/** The answer for an epoch, and what it rests on. */
interface Answer extends Foundation {
  readonly epoch: number;
  /** Null if it is signed. */
  readonly refusal: Objection | null;
  /** On the node's clock. */
  readonly at: number;
}

/** The signatures of one kind. */
export class SigningLine<T extends { readonly epoch: bigint }> {
  readonly #journal: Journal<T>;
  #answer: Answer | undefined;
  /** Two block hashes: the first block was found to lead to the second. */
  #found: string | undefined;

  constructor(
    private readonly form: Form<T>,
    private readonly ways: SigningWays,
    /** Computes the message to sign, or why nothing is signed. */
    private readonly compute: (ways: SigningWays, view: FinalView) => Promise<ToSign<T>>,
  ) {
    const { node, validator } = ways;
    this.#journal = new Journal(form, node.directory, validator, domainOf(node.connection), (sentence) => {
      node.tell({ kind: "setAside", sentence });
    });
  }

  /** What it signs, as in "the settlement of epoch 7". */
  nameOf(epoch: number): string {
    return `the ${this.form.what} of epoch ${epoch}`;
  }

  /** The newest signature for an epoch. */
  async lastSigned(epoch: number): Promise<JournalEntry<T> | undefined> {
    return (await this.#journal.entries(epoch)).at(-1);
  }

  /** Why signing an epoch is refused; undefined if it is not. */
  refusalOf(epoch: number): string | undefined {
    return this.#answer?.epoch === epoch ? this.#answer.refusal?.reason : undefined;
  }

  /** Whether an epoch was signed or refused since this process began. */
  hasAnswered(epoch: number): boolean {
    return this.#answer?.epoch === epoch;
  }

  /** The newest signature for an epoch as others receive it; undefined if nothing was signed. */
  served(epoch: number): Promise<JsonObject | undefined> {
    return this.#journal.served(epoch);
  }

  /**
   * Whether an epoch was answered, and nothing has changed since. A refusal is checked again after a minute, or once a
   * human accepts the epoch.
   */
  async isAnswered(epoch: number, view: FinalView): Promise<boolean> {
    const answer = this.#answer;
    if (answer?.epoch !== epoch || answer.before !== view.before) return false;
    if (answer.refusal?.mayBeAccepted === true) return acceptedEpochIn(this.ways.node.directory) !== epoch;
    if (answer.refusal !== null && this.ways.node.clock() - answer.at >= patienceSeconds) return false;
    return this.#isInChain(answer, view);
  }

  /**
   * Computes an epoch and signs it, unless the journal says that it is signed. An epoch is signed again only with
   * another key, or if what its signature rests on has changed.
   */
  async answer(epoch: number, view: FinalView): Promise<void> {
    const { node } = this.ways;
    const concluded = await this.#conclude(epoch, view);
    const refused = "reason" in concluded ? concluded : null;
    const isNews = refused !== null && this.refusalOf(epoch) !== refused.reason;
    const { block, blockHash, before } = "reason" in concluded ? view : concluded;
    this.#answer = { epoch, block, blockHash, before, refusal: refused, at: node.clock() };
    if (!isNews) return;
    const { reason, mayBeAccepted } = refused;
    node.tell({ kind: "signingRefused", what: this.form.what, epoch, block, reason, mayBeAccepted });
  }

  /** @returns What the signature rests on, or why there is none. */
  async #conclude(epoch: number, view: FinalView): Promise<Foundation | Objection> {
    const { node, dryRun } = this.ways;
    const began = node.clock();
    const signer = getAddress(addressOf(node.signer));
    const last = await this.lastSigned(epoch);
    const isOwn = last?.signer === signer;
    if (isOwn && last.before === view.before && (await this.#isInChain(last, view))) return last;
    const toSign = (await this.#wrongKey(signer)) ?? (await this.compute(this.ways, view));
    node.stopping.throwIfAborted();
    if ("reason" in toSign) return toSign;
    const data = this.form.typedData(domainOf(node.connection), toSign.message);
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
    // A signature is on this disk before anyone receives it.
    await this.#journal.add({ ...signed, signer, digest, block, blockHash, before, because });
    node.tell({ kind: "signed", ...told, seconds: node.clock() - began });
    return view;
  }

  /**
   * Only the signature of the operator at the time of its use counts, so this node's key must be the operator's now.
   */
  async #wrongKey(signer: Address): Promise<Objection | undefined> {
    const { node, validator } = this.ways;
    const operator = await node.connection.contracts.staking.read.operatorOf([validator]);
    if (isAddressEqual(operator, signer)) return undefined;
    const reason = `only its operator ${operator} can sign for the validator, but this node has the key of ${signer}`;
    return { reason, mayBeAccepted: false };
  }

  /** Whether a block is an ancestor of the view's block; a block above the view is not doubted. */
  async #isInChain({ block, blockHash }: Pick<Foundation, "block" | "blockHash">, view: FinalView): Promise<boolean> {
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
  view: FinalView,
): string {
  if (last.signer !== signer) return `it was signed by ${last.signer} before, and is now signed by ${signer}`;
  if (last.before !== view.before) return `the epoch before it has changed: ${view.before}`;
  return `block ${last.block} (${last.blockHash}), for which it was computed, is no longer in the chain`;
}
