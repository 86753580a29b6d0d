import { type Address } from "viem";
import { type Connection } from "../../scripts/chain/connection";
import { transact } from "../../scripts/chain/transact";

/** Lets `spender` take tokens of one of the node's accounts. */
export async function allow(
  connection: Connection,
  owner: Address,
  { spender, amountWei }: { readonly spender: Address; readonly amountWei: bigint },
): Promise<void> {
  const { token } = connection.contracts;
  await transact(connection, owner, { ...token, functionName: "approve", args: [spender, amountWei] });
}
