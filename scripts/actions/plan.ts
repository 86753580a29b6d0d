import {
  type Abi,
  type Address,
  type ContractFunctionName,
  type Hex,
  type Log,
  type PublicClient,
  type TransactionReceipt,
} from "viem";
import { type Contracts } from "../chain/contracts";
import { type Call, type ContractCall, transactAll } from "../chain/transact";
import { formatExactMdt, formatMdt } from "../show/amounts";
import { momentOf } from "../show/moments";
import { parseAccount } from "viem/utils";
import { type Connection } from "../chain/connection";
import { allowanceOverride } from "../chain/estimate";
import { type Signer } from "../chain/signer";

/** The network on which something is done, and the account that does it. */
export interface Site {
  readonly reader: PublicClient;
  readonly contracts: Contracts;
  /** The signer. */
  readonly account: Address;
  readonly clock: { readonly genesisTimestamp: number; readonly slotSeconds: number; readonly slotsPerEpoch: number };
  /** Names of the first task types, by id. */
  readonly taskTypeNames: readonly string[];
}

/** A signed permission (EIP-2612) as the contracts take it. */
export interface PermitSignature {
  readonly deadline: bigint;
  readonly v: number;
  readonly r: Hex;
  readonly s: Hex;
}

/** MDT that a contract takes from the account. */
export interface Payment {
  readonly spender: Address;
  readonly amountWei: bigint;
  /** The same call with a signature instead of an allowance; null if the contract takes only an allowance. */
  readonly withPermit: ((permit: PermitSignature) => Call) | null;
}

/** The outcome of a plan; actions add values of their own. */
export interface Outcome {
  /** What happened, addressed to the signer. */
  readonly sentence: string;
}

/** What is about to happen, before anything is signed. */
export interface Plan<O extends Outcome = Outcome> {
  readonly call: Call;
  /** Null if the account pays nothing but gas. */
  readonly payment: Payment | null;
  /** What will change, when it takes effect, when it can be undone or withdrawn: one sentence each, exact amounts. */
  readonly statements: readonly string[];
  /** What happened, read from the logs of the mined transaction. */
  readonly outcomeOf: (logs: readonly Log[]) => O;
}

/** A plan for what was asked, or a sentence that says why there is nothing to do. */
export type Planned<O extends Outcome = Outcome> =
  { readonly kind: "plan"; readonly plan: Plan<O> } | { readonly kind: "nothing"; readonly sentence: string };

/** Makes a call; name and arguments must match the contract's ABI. */
export function callOf<const A extends Abi, F extends ContractFunctionName<A, "nonpayable">>(
  call: ContractCall<A, F>,
): Call {
  const { address, abi, functionName, args } = call;
  return { address, abi, functionName, args: args as readonly unknown[] };
}

/** There is nothing to do; `sentence` says why. */
export function nothing(sentence: string): { readonly kind: "nothing"; readonly sentence: string } {
  return { kind: "nothing", sentence };
}

/** A plan without a payment, whose logs are not read. @param sentence What happened. */
export function planCall<const A extends Abi, F extends ContractFunctionName<A, "nonpayable">>(
  call: ContractCall<A, F>,
  statements: readonly string[],
  sentence: string,
): Planned {
  return { kind: "plan", plan: { call: callOf(call), payment: null, statements, outcomeOf: () => ({ sentence }) } };
}

/**
 * A call that takes `amountWei` from the account. Its variant with a signed permission has the same name plus
 * "WithPermit", and the same arguments plus the signature.
 */
export function payingCall<const A extends Abi, F extends ContractFunctionName<A, "nonpayable">>(
  call: ContractCall<A, F> & (`${F}WithPermit` extends ContractFunctionName<A, "nonpayable"> ? unknown : never),
  amountWei: bigint,
): Pick<Plan, "call"> & { readonly payment: Payment } {
  const made = callOf<A, F>(call);
  return {
    call: made,
    payment: {
      spender: made.address,
      amountWei,
      withPermit: ({ deadline, v, r, s }) => ({
        ...made,
        functionName: `${made.functionName}WithPermit`,
        args: [...made.args, deadline, v, r, s],
      }),
    },
  };
}

/** Reads as of the next block, since anything that is sent runs there at the earliest. */
export const inNextBlock = { blockTag: "pending" } as const;

/** "epoch 7, which begins on Nov 22, 2026, 7:31:04 PM". */
export function epochStartWords(
  { genesisTimestamp, slotSeconds, slotsPerEpoch }: Site["clock"],
  epoch: number,
): string {
  return `epoch ${epoch}, which begins on ${momentOf(genesisTimestamp + epoch * slotsPerEpoch * slotSeconds).text}`;
}

/** The account's balance before and after a payment. */
export function balanceAfter(balanceWei: bigint, amountWei: bigint): string {
  return `Your balance changes from ${formatExactMdt(balanceWei)} to ${formatExactMdt(balanceWei - amountWei)} MDT.`;
}

/** The account has too few tokens for a payment. */
export class BalanceError extends Error {
  override readonly name = "BalanceError";
}

/** A plan that was carried out. */
export interface Performed<O extends Outcome = Outcome> {
  readonly receipt: TransactionReceipt;
  readonly outcome: O;
}

/** The site for a signer's plans. */
export function siteOf({ reader, contracts, deployment }: Connection, signer: Signer): Site {
  const { choices, config } = deployment;
  return {
    reader,
    contracts,
    // Not `addressOf`: its module reads files, and the page imports the actions.
    account: parseAccount(signer).address,
    clock: { ...config.clock, genesisTimestamp: choices.genesisTimestamp },
    taskTypeNames: config.tasks.types.map(({ name }) => name),
  };
}

/**
 * Carries out a plan: approves the payment if the contract may not take it yet, then sends the call.
 * @throws BalanceError if the signer can't pay; RefusedError if a contract refuses.
 */
export async function perform<O extends Outcome>(
  connection: Connection,
  signer: Signer,
  { call, payment, statements, outcomeOf }: Plan<O>,
): Promise<Performed<O>> {
  const receipt = await pay(connection, signer, payment, call, statements);
  return { receipt, outcome: outcomeOf(receipt.logs) };
}

/**
 * Carries out what was planned, if there is anything to do; errors as above.
 * @returns The outcome in words, and its transaction: null if there was nothing to do.
 */
export async function performPlanned(connection: Connection, signer: Signer, planned: Planned) {
  if (planned.kind === "nothing") return { sentence: planned.sentence, transactionHash: null };
  const { receipt, outcome } = await perform(connection, signer, planned.plan);
  return { sentence: outcome.sentence, transactionHash: receipt.transactionHash };
}

/**
 * Sends a call with which `spender` takes `amountWei` of the signer's tokens; first approves that if necessary.
 * @throws BalanceError, RefusedError
 */
export async function pay(
  connection: Connection,
  signer: Signer,
  payment: Pick<Payment, "spender" | "amountWei"> | null,
  call: Call,
  statements: readonly string[],
): Promise<TransactionReceipt> {
  const approval = payment === null ? undefined : await missingApproval(connection, signer, payment);
  const receipts = await transactAll(connection, signer, {
    calls: approval === undefined ? [call] : [approval, call],
    statements,
    assumed: approval && allowanceOverride(approval.address, parseAccount(signer).address, payment!.spender),
  });
  return receipts.at(-1)!;
}

/** The approval that a payment needs; undefined if the contract may take it already. */
async function missingApproval(
  { contracts: { token } }: Connection,
  signer: Signer,
  { spender, amountWei }: Pick<Payment, "spender" | "amountWei">,
): Promise<Call | undefined> {
  const owner = parseAccount(signer).address;
  const [balanceWei, allowedWei] = await Promise.all([
    token.read.balanceOf([owner]),
    token.read.allowance([owner, spender]),
  ]);
  if (balanceWei < amountWei) {
    throw new BalanceError(
      `${owner} has ${formatMdt(balanceWei, 18)} MDT, but this needs ${formatMdt(amountWei, 18)} MDT.`,
    );
  }
  if (allowedWei >= amountWei) return undefined;
  return callOf({ ...token, functionName: "approve", args: [spender, amountWei] });
}
