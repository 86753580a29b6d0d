import { type Address } from "viem";
import { type Connection } from "../chain/connection";
import { type RoleName, roles } from "../chain/roles";
import { type Signer } from "../chain/signer";
import { holdsOn, requireAdmin, requireFitHolder, type RoleChange } from "./roleChanges";

/**
 * Giving somebody a role, on every contract that has it; the signer must be admin there.
 * @param allowKey As `requireFitHolder` takes it.
 * @returns What will change; empty where nothing is to do.
 */
export async function planGrant(
  connection: Connection,
  signer: Signer,
  { role, account, allowKey }: { readonly role: RoleName; readonly account: Address; readonly allowKey: boolean },
): Promise<readonly RoleChange[]> {
  await requireFitHolder(connection, role, account, allowKey);
  const changes: RoleChange[] = [];
  for (const on of roles.filter(({ name }) => name === role)) {
    if (await holdsOn(connection, on, account)) continue;
    changes.push({ kind: "grant", role, contract: on.contract, account });
  }
  await requireAdmin(connection, signer, changes);
  return changes;
}
