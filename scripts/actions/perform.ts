import { type TransactionReceipt } from "viem";
import { parseAccount } from "viem/utils";
import { type Connection } from "../chain/connection";
import { allowanceOverride } from "../chain/estimate";
import { type Signer } from "../chain/signer";
import { type Call, transactAll } from "../chain/transact";
import { formatMdt } from "../show/amounts";
import { callOf, type Outcome, type Payment, type Plan, type Site } from "./plan";

/** Too few tokens for what was asked. */
export class BalanceError extends Error {
  override readonly name = "BalanceError";
}

/** A plan that was carried out. */
export interface Performed<O extends Outcome = Outcome> {
  readonly receipt: TransactionReceipt;
  readonly outcome: O;
}

/** The place where a signer's plans are made. */
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
 * Does what a plan says: lets the contract take the payment where it may not yet, then sends the call.
 * @throws BalanceError where the signer can't pay; RefusedError where a contract refuses.
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
 * Sends a call that takes `amountWei` of the signer's tokens for `spender`, which is allowed to first where it may not yet.
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

/** The approval that a payment takes; undefined where the contract may take it already. */
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
