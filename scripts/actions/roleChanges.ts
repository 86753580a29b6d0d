import { type Address, isAddressEqual } from "viem";
import { type Connection } from "../chain/connection";
import { type Role, type RoleName, roles, listRoles, type PersonalRole } from "../chain/participants";
import { addressOf, type Signer } from "../chain/signer";
import { type Call, transactAll } from "../chain/transact";

/** One transaction that changes who holds a role on one contract. `giveUp`: the signer's own. */
export interface RoleChange {
  readonly kind: "grant" | "revoke" | "giveUp";
  readonly role: RoleName;
  readonly contract: Role["contract"];
  readonly account: Address;
}

/** Roles can't be changed as asked; the message says why. */
export class RolesError extends Error {
  override readonly name = "RolesError";
}

/** The system's own contracts that act in a role. */
const actsAs: Readonly<Record<string, RoleName>> = { ScoreBoard: "slasher", SettlementQuorum: "settler" };

/** Roles whose holders decide rarely and together: meant for a multisig or a governor, which are contracts. */
const forContracts: ReadonlySet<RoleName> = new Set<RoleName>([
  "admin",
  "policy",
  "slasher",
  "taskGovernor",
  "settler",
]);

/** Beginning of the code of an account that has a key and delegates to a contract's code (EIP-7702). */
const lentCode = "0xef0100";

/**
 * @param allowKey Whether an account without code may hold a role that is meant for a contract.
 * @throws RolesError if `account` is one of the system's own contracts, which can't use a role (except the ScoreBoard,
 * which slashes, and the SettlementQuorum, which settles), or has no code although the role is meant for a contract.
 */
async function requireFitHolder(
  { reader, deployment }: Connection,
  role: RoleName,
  account: Address,
  allowKey: boolean,
): Promise<void> {
  const own = Object.entries(deployment.addresses).find(([, address]) => isAddressEqual(address, account))?.[0];
  if (own !== undefined && actsAs[own] !== role) {
    throw new RolesError(
      `${account} is the system's own contract ${own}, which can't act as ${role}: name an account that can.`,
    );
  }
  if (allowKey || own !== undefined || !forContracts.has(role)) return;
  const code = (await reader.getCode({ address: account })) ?? "0x";
  if (code !== "0x" && !code.startsWith(lentCode)) return;
  throw new RolesError(
    `${account} has no code on this chain, and ${role} should be a multisig or governor contract: check the address, or add --allow-key to give the role to an ordinary key.`,
  );
}

/** Whether someone holds a role on one contract. */
function holdsOn(connection: Connection, { id, contract }: Role, account: Address): Promise<boolean> {
  return governed(connection, contract).read.hasRole([id, account]);
}

/** @throws RolesError if the signer may not change who holds roles on one of the contracts. */
async function requireAdmin(connection: Connection, signer: Signer, changes: readonly RoleChange[]): Promise<void> {
  for (const admin of roles.filter(
    ({ name, contract }) => name === "admin" && changes.some((c) => c.contract === contract),
  )) {
    if (await holdsOn(connection, admin, addressOf(signer))) continue;
    const holders = await governed(connection, admin.contract).read.getRoleMembers([admin.id]);
    throw new RolesError(
      `${addressOf(signer)} is not an admin of ${admin.contract}, and only an admin can change its roles. Admins: ${holders.join(", ") || "none"}.`,
    );
  }
}

/** Sends changes one after the other. If this stops halfway, making the plan again gives the rest. */
export async function changeRoles(
  connection: Connection,
  signer: Signer,
  changes: readonly RoleChange[],
): Promise<void> {
  const calls = changes.map(({ kind, role, contract, account }): Call => {
    const { id } = roles.find(({ name, contract: on }) => name === role && on === contract)!;
    const functionName = { grant: "grantRole", revoke: "revokeRole", giveUp: "renounceRole" }[kind];
    return { ...governed(connection, contract), functionName, args: [id, account] };
  });
  await transactAll(connection, signer, { calls, statements: changes.map((change) => `${describeChange(change)}.`) });
}

/** A contract with roles; all of them share the functions for that. */
function governed({ contracts }: Connection, contract: Role["contract"]) {
  return contracts[contract] as (typeof contracts)["treasury"];
}

/** A change in words, without a full stop. */
export function describeChange({ kind, role, contract, account }: RoleChange): string {
  return `${account} ${kind === "grant" ? "becomes" : "is no longer"} ${role} of ${contract}`;
}

/**
 * Plans to grant an account a role on every contract that has it; the signer must be admin there.
 * @param allowKey As in `requireFitHolder`.
 * @returns The changes; empty if there is nothing to do.
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

/** The new holder of each role. */
export type NewHolders = Readonly<Record<PersonalRole, Address>>;

const isPersonal = <R extends { readonly role: RoleName }>(on: R): on is R & { readonly role: PersonalRole } =>
  on.role !== "settler";

/**
 * Plans to hand every role that the signer holds to its new holder: each is granted first, then given up by the signer;
 * admin comes last. If it stops halfway, a new plan has the rest. Roles that the signer does not hold stay as they are.
 * @param allowKey As in `requireFitHolder`.
 * @returns The changes; empty if there is nothing to do.
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

/** Roles without their intended holder: an earlier handover named someone else, or the signer never held them. */
export async function heldByOthers(connection: Connection, newHolderOf: NewHolders) {
  const held = (await listRoles(connection)).filter((on) => isPersonal(on));
  return held.filter(({ role, holders }) => !holders.includes(newHolderOf[role]));
}

/**
 * Plans to revoke an account's role on every contract on which it holds it; the signer must be admin there.
 * @returns The changes; empty if there is nothing to do.
 * @throws RolesError if a contract would be left without an admin.
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
      `${account} is the only admin of ${alone.contract}: grant the role to another account first, because without an admin nobody could grant it.`,
    );
  }
  const changes = held.map(({ contract }): RoleChange => ({ kind: "revoke", role, contract, account }));
  await requireAdmin(connection, signer, changes);
  return changes;
}
