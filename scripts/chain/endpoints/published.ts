/** Where people are reached, as they have published it in the Directory. What is published is anybody's word. */
import { type Address, isAddressEqual, zeroAddress } from "viem";
import { type Connection } from "../connection";

/** The endpoints of accounts, of those that have published one. */
export async function endpointsOf(
  { contracts }: Pick<Connection, "contracts">,
  accounts: readonly Address[],
): Promise<readonly string[]> {
  const found = await Promise.all(accounts.map((account) => contracts.directory.read.endpointOf([account])));
  return found.filter((endpoint) => endpoint !== "");
}

/** The endpoint of a validator: its operator's, else its owner's; undefined where neither has published one. */
export async function validatorEndpoint(
  connection: Pick<Connection, "contracts">,
  validator: Address,
): Promise<string | undefined> {
  const operator = await connection.contracts.staking.read.operatorOf([validator]);
  const hasOperator = !isAddressEqual(operator, zeroAddress) && !isAddressEqual(operator, validator);
  const [first] = await endpointsOf(connection, hasOperator ? [operator, validator] : [validator]);
  return first;
}

/** The endpoints of validators, of those that have one. */
export async function validatorEndpoints(
  connection: Pick<Connection, "contracts">,
  validators: readonly Address[],
): Promise<readonly string[]> {
  const found = await Promise.all(validators.map((validator) => validatorEndpoint(connection, validator)));
  return found.filter((endpoint) => endpoint !== undefined);
}
