import { type Address, type Hex, keccak256, toBytes, zeroHash, isAddressEqual, zeroAddress } from "viem";
import { type Connection } from "./connection";

/** The roles of the system by the names that people use, the admin last, because it hands over the others. */
export const roleNames = ["keeper", "guardian", "policy", "slasher", "taskGovernor", "settler", "admin"] as const;

export type RoleName = (typeof roleNames)[number];

/** A role that people hold; the SettlementQuorum is the settler from the beginning. */
export type PersonalRole = Exclude<RoleName, "settler">;

/** The roles that are handed over with a deployment. */
export const personalRoles = roleNames.filter((name): name is PersonalRole => name !== "settler");

type Governed = "settlementQuorum" | "treasury" | "staking" | "taskRegistry" | "policyRegistry";

/** One role on one contract. */
export interface Role {
  readonly name: RoleName;
  readonly contract: Governed;
  readonly id: Hex;
}

/** Every role on every contract that has it, the admin's last. */
export const roles: readonly Role[] = [
  { name: "keeper", contract: "settlementQuorum", id: keccak256(toBytes("SOLO_ROLE")) },
  { name: "guardian", contract: "treasury", id: keccak256(toBytes("GUARDIAN_ROLE")) },
  { name: "policy", contract: "policyRegistry", id: keccak256(toBytes("POLICY_ROLE")) },
  { name: "slasher", contract: "staking", id: keccak256(toBytes("SLASHER_ROLE")) },
  { name: "taskGovernor", contract: "taskRegistry", id: keccak256(toBytes("TASK_GOVERNOR_ROLE")) },
  { name: "settler", contract: "treasury", id: keccak256(toBytes("KEEPER_ROLE")) },
  ...(["settlementQuorum", "treasury", "staking", "taskRegistry", "policyRegistry"] as const).map((contract) => ({
    name: "admin" as const,
    contract,
    id: zeroHash,
  })),
];

/** The holders of one role on one contract. */
export interface RoleHolders {
  readonly role: RoleName;
  readonly contract: Governed;
  readonly holders: readonly Address[];
}

/** Every role of the deployment with its holders, read from the contracts. */
export function listRoles({ contracts }: Connection): Promise<readonly RoleHolders[]> {
  return Promise.all(
    roles.map(async ({ name, contract, id }) => ({
      role: name,
      contract,
      holders: await contracts[contract].read.getRoleMembers([id]),
    })),
  );
}

/** Whether an account may settle alone (keeper) or veto (guardian). */
export function holdsRole(
  { contracts }: Pick<Connection, "contracts">,
  name: "keeper" | "guardian",
  account: Address,
): Promise<boolean> {
  const { id, contract } = roles.find((role) => role.name === name)!;
  return contracts[contract].read.hasRole([id, account]);
}

/** How many entries one call of a list view asks for: well below what an eth_call may cost. */
export const pageSize = 1_000;

export interface Miner {
  readonly minerId: number;
  readonly account: Address;
  readonly activeFromEpoch: bigint;
}

/** Every miner, by id. */
export async function listMiners({ contracts }: Pick<Connection, "contracts">): Promise<readonly Miner[]> {
  const { taskRegistry } = contracts;
  const count = await taskRegistry.read.minerCount();
  const pages = await Promise.all(
    Array.from({ length: Math.ceil(count / pageSize) }, (_, page) =>
      taskRegistry.read.miners([BigInt(page * pageSize + 1), BigInt(pageSize)]),
    ),
  );
  return pages.flat().map((miner, index) => ({ minerId: index + 1, ...miner }));
}

/** The endpoints that these accounts have published. */
export async function endpointsOf(
  { contracts }: Pick<Connection, "contracts">,
  accounts: readonly Address[],
): Promise<readonly string[]> {
  const found = await Promise.all(accounts.map((account) => contracts.directory.read.endpointOf([account])));
  return found.filter((endpoint) => endpoint !== "");
}

/** The endpoint of a validator: its operator's, else its owner's; undefined if neither has published one. */
export async function validatorEndpoint(
  connection: Pick<Connection, "contracts">,
  validator: Address,
): Promise<string | undefined> {
  const operator = await connection.contracts.staking.read.operatorOf([validator]);
  const hasOperator = !isAddressEqual(operator, zeroAddress) && !isAddressEqual(operator, validator);
  const [first] = await endpointsOf(connection, hasOperator ? [operator, validator] : [validator]);
  return first;
}

/** The endpoints of these validators, without those that have none. */
export async function validatorEndpoints(
  connection: Pick<Connection, "contracts">,
  validators: readonly Address[],
): Promise<readonly string[]> {
  const found = await Promise.all(validators.map((validator) => validatorEndpoint(connection, validator)));
  return found.filter((endpoint) => endpoint !== undefined);
}
