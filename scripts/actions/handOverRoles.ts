import { type Address, isAddressEqual } from "viem";
import { type Connection } from "../chain/connection";
import { listRoles, type PersonalRole, type RoleName, roles } from "../chain/roles";
import { addressOf, type Signer } from "../chain/signer";
import { holdsOn, requireAdmin, requireFitHolder, type RoleChange } from "./roleChanges";

/** Who gets which role. */
export type NewHolders = Readonly<Record<PersonalRole, Address>>;

const isPersonal = <R extends { readonly role: RoleName }>(on: R): on is R & { readonly role: PersonalRole } =>
  on.role !== "settler";

/**
 * Giving every role that the signer holds to its new holder: each is granted first, then its own is given up, the admin's last.
 * Stopped anywhere, it goes on when called again; roles that the signer does not hold are left alone.
 * @param allowKey As `requireFitHolder` takes it.
 * @returns What will change; empty where nothing is to do.
 */
export async function planHandover(
  connection: Connection,
  signer: Signer,
  { newHolderOf, allowKey }: { readonly newHolderOf: NewHolders; readonly allowKey: boolean },
): Promise<readonly RoleChange[]> {
  const sender = addressOf(signer);
  const changes: RoleChange[] = [];
  for (const on of roles) {
    const { name: role, contract } = on;
    if (role === "settler") continue;
    const account = newHolderOf[role];
    if (isAddressEqual(account, sender) || !(await holdsOn(connection, on, sender))) continue;
    await requireFitHolder(connection, role, account, allowKey);
    if (!(await holdsOn(connection, on, account))) changes.push({ kind: "grant", role, contract, account });
    changes.push({ kind: "giveUp", role, contract, account: sender });
  }
  await requireAdmin(
    connection,
    signer,
    changes.filter(({ kind }) => kind === "grant"),
  );
  return changes;
}

/** Roles that were to go to somebody who doesn't hold them: an earlier handover named somebody else, or it wasn't the signer's. */
export async function heldByOthers(connection: Connection, newHolderOf: NewHolders) {
  const held = (await listRoles(connection)).filter((on) => isPersonal(on));
  return held.filter(({ role, holders }) => !holders.includes(newHolderOf[role]));
}
