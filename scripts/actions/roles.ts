import { type Address, isAddressEqual } from "viem";
import { type Connection } from "../chain/connection";
import { type RoleHolders, type RoleName, roles } from "../chain/roles";
import { addressOf, type Signer } from "../chain/signer";
import { transact } from "../chain/transact";

/** One step of a handover: a role that was given away. */
export interface Handover {
  readonly role: RoleName;
  readonly contract: RoleHolders["contract"];
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
