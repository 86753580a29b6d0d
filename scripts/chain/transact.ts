import {
  type Abi,
  type Address,
  BaseError,
  type ContractFunctionArgs,
  type ContractFunctionName,
  ContractFunctionRevertedError,
  createWalletClient,
  formatEther,
  type PublicClient,
  type StateOverride,
  type Transport,
  type TransactionReceipt,
  type Hash,
  TransactionNotFoundError,
  WaitForTransactionReceiptTimeoutError,
} from "viem";
import { parseAccount } from "viem/utils";
import { knownErrors } from "./contracts";
import { saysCoinIsMissing, wordsOf } from "./nodeErrors";
import { type Signer } from "./signer";

/** A contract refused a call: its custom error with every value, as one sentence. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
  /**
   * @param errorName Name of the contract's custom error, or of Solidity's own.
   * @param values The error's values, in order.
   */
  constructor(
    message: string,
    readonly errorName: string,
    readonly values: readonly unknown[],
  ) {
    super(message);
  }
}

/** An account can't pay for gas. */
export class MissingCoinError extends Error {
  override readonly name = "MissingCoinError";
}

/**
 * Why sending failed: a MissingCoinError if the account has too little coin for gas, which every node words
 * differently.
 * @returns `error` itself if it is something else.
 */
export async function sendingError(reader: PublicClient, account: Address, error: unknown): Promise<unknown> {
  if (!saysCoinIsMissing(wordsOf(error))) return error;
  const balanceWei = await reader.getBalance({ address: account });
  return new MissingCoinError(
    `${account} has only ${formatEther(balanceWei)} of the chain's own coin, too little to pay for gas: send some to it.`,
  );
}

/** One call of one function, typed by its contract's ABI: `{ ...contracts.staking, functionName: "stake", args: [1n] }`. */
export interface ContractCall<A extends Abi, F extends ContractFunctionName<A, "nonpayable">> {
  readonly address: Address;
  readonly abi: A;
  readonly functionName: F;
  readonly args: ContractFunctionArgs<A, "nonpayable", F>;
}

/** One call of one contract; its types were checked when it was made. */
export interface Call {
  readonly address: Address;
  readonly abi: Abi;
  readonly functionName: string;
  readonly args: readonly unknown[];
}

/**
 * The same call with all errors of the system, so that viem names each: a contract passes on errors of those that it
 * calls.
 */
function withKnownErrors({ address, abi, functionName, args }: Omit<Call, "args"> & { readonly args: unknown }) {
  return { address, abi: [...abi, ...knownErrors] as Abi, functionName, args: args as readonly unknown[] };
}

/**
 * Runs a call without changing anything.
 * @param account The account that would send it.
 * @param blockTag `latest`, or `pending` for the state of the next block.
 * @throws viem's error if the contract refuses, with the custom error decoded: see `refusalOf`.
 */
export async function simulate(
  reader: PublicClient,
  account: Signer,
  call: Parameters<typeof withKnownErrors>[0],
  stateOverride: StateOverride = [],
  blockTag: "latest" | "pending" = "pending",
): Promise<void> {
  // Some nodes support no overrides.
  const overrides = stateOverride.length === 0 ? {} : { stateOverride };
  await reader.simulateContract({ ...withKnownErrors(call), account, blockTag, ...overrides });
}

/**
 * Simulates a call as `simulate` does.
 * @param name The call's name in a refusal.
 * @returns The gas that it takes.
 * @throws RefusedError if the contract refuses.
 */
export async function rehearse(
  { reader }: Pick<Way, "reader">,
  account: Address,
  call: Parameters<typeof withKnownErrors>[0],
  blockTag: "latest" | "pending",
  name = call.functionName,
): Promise<bigint> {
  try {
    await simulate(reader, account, call, [], blockTag);
    return await reader.estimateContractGas({ ...withKnownErrors(call), account, blockTag });
  } catch (error) {
    throw refusalOf(name, error) ?? error;
  }
}

/** Calls that an account would send, one after the other. */
export interface Draft {
  readonly calls: readonly Call[];
  /** What will change, in words: one sentence each. */
  readonly statements: readonly string[];
  /** State that the last call needs, because the calls before it create it. */
  readonly assumed?: StateOverride | undefined;
}

/** A signer for whom nothing is sent: its calls go to `draft`, which throws them to the caller. */
export type Drafter = Exclude<Signer, string> & { readonly draft: (draft: Draft) => Promise<never> };

/** Whether calls for `signer` are only drafted. */
export function isDrafter(signer: Signer): signer is Drafter {
  return typeof signer === "object" && "draft" in signer;
}

/** What calls are sent through: a connection, for example. */
interface Way {
  readonly reader: PublicClient;
  readonly transport: Transport;
  readonly onPending?: OnPending;
}

/** Sends calls one after the other, as `transact` does. @returns Their receipts. */
export async function transactAll(
  connection: Way,
  signer: Signer,
  draft: Draft,
): Promise<readonly TransactionReceipt[]> {
  if (isDrafter(signer)) return signer.draft(draft);
  const receipts: TransactionReceipt[] = [];
  // Their types were checked when they were made.
  for (const call of draft.calls) receipts.push(await transact(connection, signer, call as never));
  return receipts;
}

/**
 * Simulates a call in the next block, sends it, and waits until it is mined.
 * @param statements What will change, in words, for a signer that only drafts.
 * @throws RefusedError if the contract refuses before anything is sent, or the mined transaction reverted;
 * MissingCoinError, ReplacedError, StillPendingError.
 */
export async function transact<const A extends Abi, F extends ContractFunctionName<A, "nonpayable">>(
  { reader, transport, onPending = () => undefined }: Way,
  signer: Signer,
  call: ContractCall<A, F>,
  statements: readonly string[] = [],
): Promise<TransactionReceipt> {
  const request = withKnownErrors(call);
  if (isDrafter(signer)) return signer.draft({ calls: [{ ...request, abi: call.abi }], statements });
  try {
    await simulate(reader, signer, call);
    const wallet = createWalletClient({ account: signer, transport });
    const hash = await wallet.writeContract({ ...request, account: signer, chain: null });
    const receipt = await awaitReceipt(reader, hash, onPending);
    if (receipt.status === "success") return receipt;
    throw new RefusedError(
      `${hash} was mined but reverted, because the chain had changed meanwhile: try again.`,
      "Reverted",
      [],
    );
  } catch (error) {
    throw refusalOf(request.functionName, error) ?? (await sendingError(reader, parseAccount(signer).address, error));
  }
}

/** The contract's refusal inside an error that viem threw; undefined if there is none. */
export function refusalOf(functionName: string, error: unknown): RefusedError | undefined {
  if (!(error instanceof BaseError)) return undefined;
  const revert = error.walk((cause) => cause instanceof ContractFunctionRevertedError);
  if (!(revert instanceof ContractFunctionRevertedError)) return undefined;
  const { data, reason, signature } = revert;
  if (data === undefined) {
    return new RefusedError(
      `${functionName} was refused: ${reason ?? signature ?? "without a reason"}.`,
      signature ?? "",
      [],
    );
  }
  const inputs = data.abiItem.type === "error" ? data.abiItem.inputs : [];
  const values = data.args ?? [];
  const named = values.map((value, i) => `${inputs[i]?.name ?? ""} ${String(value)}`.trim()).join(", ");
  return new RefusedError(`${functionName} was refused: ${data.errorName}(${named}).`, data.errorName, values);
}

/** A transaction that was sent and is in no block yet. */
export interface Pending {
  readonly hash: Hash;
  /** How long it has waited for its block. */
  readonly seconds: number;
  /** False if the node has dropped it: then it may never be mined. */
  readonly isKnown: boolean;
}

/** Called each second while a transaction waits for its block; must not throw. */
export type OnPending = (pending: Pending) => void;

/** A sent transaction has waited too long for its block: the message is for people. */
export class StillPendingError extends Error {
  override readonly name = "StillPendingError";
}

/** Another transaction replaced the one that was sent. */
export class ReplacedError extends Error {
  override readonly name = "ReplacedError";
}

const tellEveryMilliseconds = 1_000;
const longestMilliseconds = 600_000;

/**
 * Waits until a transaction is mined, or a replacement that only pays more for the same call.
 * @throws StillPendingError after ten minutes; ReplacedError.
 */
export async function awaitReceipt(
  reader: PublicClient,
  hash: Hash,
  onPending: OnPending,
): Promise<TransactionReceipt> {
  const begun = performance.now();
  let isWaiting = true;
  const timer = setInterval(() => {
    void isKnownTo(reader, hash).then((isKnown) => {
      const seconds = Math.floor((performance.now() - begun) / 1_000);
      if (isWaiting) onPending({ hash, seconds, isKnown });
    });
  }, tellEveryMilliseconds);
  const reasons = new Set<string>();
  try {
    const receipt = await reader.waitForTransactionReceipt({
      hash,
      timeout: longestMilliseconds,
      onReplaced: ({ reason }) => {
        reasons.add(reason);
      },
    });
    if (!reasons.has("cancelled") && !reasons.has("replaced")) return receipt;
  } catch (error) {
    if (!(error instanceof WaitForTransactionReceiptTimeoutError)) throw error;
    throw new StillPendingError(
      `${hash} was sent ten minutes ago and is in no block yet: check what happened to it before you send it again.`,
    );
  } finally {
    isWaiting = false;
    clearInterval(timer);
  }
  throw new ReplacedError(
    `${hash} was cancelled or replaced by another transaction of the account, so it did nothing: you can try again.`,
  );
}

/** Whether the node has not dropped a transaction; also true while the node can't be asked. */
async function isKnownTo(reader: PublicClient, hash: Hash): Promise<boolean> {
  try {
    await reader.getTransaction({ hash });
    return true;
  } catch (error) {
    return !(error instanceof TransactionNotFoundError);
  }
}
