/** Where people are reached, as they have published it in the Directory. What is published is anybody's word. */
import { type Address, isAddressEqual, zeroAddress } from "viem";
import { type Connection } from "../../chain/connection";

/** The endpoints of accounts, of those that have published one. */
export async function endpointsOf(
  { contracts }: Pick<Connection, "contracts">,
  accounts: readonly Address[],
): Promise<readonly string[]> {
  const found = await Promise.all(accounts.map((account) => contracts.directory.read.endpointOf([account])));
  return found.filter((endpoint) => endpoint !== "");
}

/** The endpoints of validators: the operator's, else the owner's. */
export async function validatorEndpoints(
  connection: Pick<Connection, "contracts">,
  validators: readonly Address[],
): Promise<readonly string[]> {
  const { staking } = connection.contracts;
  const found = await Promise.all(
    validators.map(async (validator) => {
      const operator = await staking.read.operatorOf([validator]);
      const hasOperator = !isAddressEqual(operator, zeroAddress) && !isAddressEqual(operator, validator);
      const [first] = await endpointsOf(connection, hasOperator ? [operator, validator] : [validator]);
      return first;
    }),
  );
  return found.filter((endpoint) => endpoint !== undefined);
}
