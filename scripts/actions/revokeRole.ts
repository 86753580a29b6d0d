import { type Address } from "viem";
import { type Connection } from "../chain/connection";
import { listRoles, type RoleName } from "../chain/roles";
import { type Signer } from "../chain/signer";
import { requireAdmin, type RoleChange, RolesError } from "./roleChanges";

/**
 * Taking a role from somebody, on every contract on which they hold it; the signer must be admin there.
 * @returns What will change; empty where nothing is to do.
 * @throws RolesError where a contract would be left without an admin.
 */
export async function planRevoke(
  connection: Connection,
  signer: Signer,
  { role, account }: { readonly role: RoleName; readonly account: Address },
): Promise<readonly RoleChange[]> {
  const held = (await listRoles(connection)).filter((on) => on.role === role && on.holders.includes(account));
  const alone = held.find(({ holders }) => role === "admin" && holders.length === 1);
  if (alone !== undefined) {
    throw new RolesError(
      `${account} is the only admin of ${alone.contract}: grant the role to another account first, because without an admin nobody could.`,
    );
  }
  const changes = held.map(({ contract }): RoleChange => ({ kind: "revoke", role, contract, account }));
  await requireAdmin(connection, signer, changes);
  return changes;
}
