import { type TransactionReceipt } from "viem";
import { parseAccount } from "viem/utils";
import { type Connection } from "../chain/connection";
import { type Signer } from "../chain/signer";
import { transact } from "../chain/transact";
import { formatMdt } from "../show/amounts";
import { type Outcome, type Payment, type Plan, type Site } from "./plan";

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
  { call, payment, outcomeOf }: Plan<O>,
): Promise<Performed<O>> {
  if (payment !== null) await allow(connection, signer, payment);
  // The call's types were checked when it was made.
  const receipt = await transact(connection, signer, call as never);
  return { receipt, outcome: outcomeOf(receipt.logs) };
}

/** Lets `spender` take `amountWei` of the signer's tokens; sends nothing where it already may. */
export async function allow(
  connection: Connection,
  signer: Signer,
  { spender, amountWei }: Pick<Payment, "spender" | "amountWei">,
): Promise<void> {
  const { token } = connection.contracts;
  const owner = parseAccount(signer).address;
  const [balanceWei, allowedWei] = await Promise.all([
    token.read.balanceOf([owner]),
    token.read.allowance([owner, spender]),
  ]);
  if (balanceWei < amountWei) {
    throw new BalanceError(
      `${owner} has ${formatMdt(balanceWei, 18)} MDT, but ${formatMdt(amountWei, 18)} MDT are needed.`,
    );
  }
  if (allowedWei >= amountWei) return;
  await transact(connection, signer, { ...token, functionName: "approve", args: [spender, amountWei] });
}
