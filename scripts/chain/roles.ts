import { type Address, type Hex, keccak256, toBytes, zeroHash } from "viem";
import { type Connection } from "./connection";

/** The roles of the system by the names that people use, the admin last, because it hands over the others. */
export const roleNames = ["keeper", "guardian", "policy", "slasher", "taskGovernor", "admin"] as const;

export type RoleName = (typeof roleNames)[number];

type Governed = "treasury" | "staking" | "taskRegistry" | "policyRegistry";

/** One role on one contract. */
export interface Role {
  readonly name: RoleName;
  readonly contract: Governed;
  readonly id: Hex;
}

/** Every role on every contract that has it, the admin's last. */
export const roles: readonly Role[] = [
  { name: "keeper", contract: "treasury", id: keccak256(toBytes("KEEPER_ROLE")) },
  { name: "guardian", contract: "treasury", id: keccak256(toBytes("GUARDIAN_ROLE")) },
  { name: "policy", contract: "policyRegistry", id: keccak256(toBytes("POLICY_ROLE")) },
  { name: "slasher", contract: "staking", id: keccak256(toBytes("SLASHER_ROLE")) },
  { name: "taskGovernor", contract: "taskRegistry", id: keccak256(toBytes("TASK_GOVERNOR_ROLE")) },
  ...(["treasury", "staking", "taskRegistry", "policyRegistry"] as const).map((contract) => ({
    name: "admin" as const,
    contract,
    id: zeroHash,
  })),
];

/** Who holds one role on one contract. */
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

/** Whether an account holds one of the Treasury's own roles. */
export function holdsRole(
  { contracts }: Pick<Connection, "contracts">,
  name: "keeper" | "guardian",
  account: Address,
): Promise<boolean> {
  const { id } = roles.find((role) => role.name === name)!;
  return contracts.treasury.read.hasRole([id, account]);
}
