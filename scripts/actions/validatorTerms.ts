import { type Address, isAddressEqual } from "viem";
import { type Connection } from "../chain/connection";
import { addressOf, type Signer } from "../chain/signer";
import { transact } from "../chain/transact";
import { validatorOf } from "./validators";

/** Whose terms were looked at, and whether anything had to be sent. */
export interface TermsOutcome {
  readonly validator: Address;
  readonly changed: boolean;
}

/** Sets the commission of the signer's validator from the next epoch on; the signer must be its owner. */
export async function setCommission(
  connection: Connection,
  signer: Signer,
  commissionBps: number,
): Promise<TermsOutcome> {
  const { staking } = connection.contracts;
  const validator = await validatorOf(connection, signer);
  const status = await staking.read.statusOf([validator]);
  if (status.commissionBps === commissionBps) return { validator, changed: false };
  await transact(connection, signer, { ...staking, functionName: "setCommission", args: [commissionBps] });
  return { validator, changed: true };
}

/** Names the key that may act for the signer as a validator in daily business; the signer must be the owner. */
export async function setOperator(connection: Connection, signer: Signer, operator: Address): Promise<TermsOutcome> {
  const { staking } = connection.contracts;
  const validator = addressOf(signer);
  if (isAddressEqual(await staking.read.operatorOf([validator]), operator)) return { validator, changed: false };
  await transact(connection, signer, { ...staking, functionName: "setOperator", args: [operator] });
  return { validator, changed: true };
}

/** Takes the signer's validator out of jail from the next epoch on. */
export async function unjail(connection: Connection, signer: Signer): Promise<TermsOutcome> {
  const { staking } = connection.contracts;
  const validator = await validatorOf(connection, signer);
  const { isJailed } = await staking.read.statusOf([validator]);
  if (!isJailed) return { validator, changed: false };
  await transact(connection, signer, { ...staking, functionName: "unjail", args: [] });
  return { validator, changed: true };
}
