import { type Address, type Hex, isAddressEqual, keccak256, toBytes, zeroHash } from "viem";
import { type Connection } from "../chain/connection";
import { addressOf, type Signer } from "../chain/signer";
import { transact } from "../chain/transact";

/** The roles of the system by the names that people use, the admin last, because it hands over the others. */
export const roleNames = ["keeper", "guardian", "policy", "slasher", "taskGovernor", "admin"] as const;

export type RoleName = (typeof roleNames)[number];

type Governed = "treasury" | "staking" | "taskRegistry" | "policyRegistry";

interface Role {
  readonly name: RoleName;
  readonly contract: Governed;
  readonly id: Hex;
}

const roles: readonly Role[] = [
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

/** One step of a handover: a role that was given away. */
export interface Handover {
  readonly role: RoleName;
  readonly contract: Governed;
  readonly to: Address;
}

/**
 * Gives every role that the signer holds to its new holder: first grants it, then gives up its own, the admin's last.
 * Stopped anywhere, it goes on when called again; roles that the signer does not hold are left alone.
 * @param newHolderOf Who gets which role.
 * @returns What was handed over; empty where there was nothing to do.
 */
export async function handOverRoles(
  connection: Connection,
  signer: Signer,
  newHolderOf: Readonly<Record<RoleName, Address>>,
): Promise<readonly Handover[]> {
  const sender = addressOf(signer);
  const done: Handover[] = [];
  for (const { name, contract, id } of roles) {
    const target = connection.contracts[contract] as (typeof connection.contracts)["treasury"];
    const to = newHolderOf[name];
    if (isAddressEqual(to, sender) || !(await target.read.hasRole([id, sender]))) continue;
    if (!(await target.read.hasRole([id, to]))) {
      await transact(connection, signer, { ...target, functionName: "grantRole", args: [id, to] });
    }
    await transact(connection, signer, { ...target, functionName: "renounceRole", args: [id, sender] });
    done.push({ role: name, contract, to });
  }
  return done;
}
