import { type Address } from "viem";
import { formatMdt } from "../show/amounts";
import { type Connection } from "../chain/connection";
import { addressOf, type Signer } from "../chain/signer";
import { transact } from "../chain/transact";

/** Too few tokens for what was asked. */
export class BalanceError extends Error {
  override readonly name = "BalanceError";
}

/**
 * Lets `spender` take `amountWei` of the signer's tokens; sends nothing where it already may.
 * @throws BalanceError where the signer does not have that much.
 */
export async function allow(
  connection: Connection,
  signer: Signer,
  spender: Address,
  amountWei: bigint,
): Promise<void> {
  const { token } = connection.contracts;
  const owner = addressOf(signer);
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
