/** What admin and guardian do by hand, with a key or a Safe: change roles, pause and unpause, veto a root. */
import {
  planGrant,
  heldByOthers,
  type NewHolders,
  planHandover,
  changeRoles,
  describeChange,
  type RoleChange,
  planRevoke,
} from "../actions/roleChanges";
import { type Connection } from "../chain/connection";
import { listRoles, personalRoles, type RoleName, roleNames } from "../chain/participants";
import { type Signer, addressOf } from "../chain/signer";
import { isDrafter, type ContractCall, transact } from "../chain/transact";
import { renderTable } from "../show/table";
import { type CommandOutput, optionOf } from "./command";
import { chainAndSignerOf, chainOf } from "./context";
import { parseHolder, parseWhole } from "./parameters";
import { type Runs } from "./table";
import { type abis } from "../chain/abis";
import { type Sending } from "./drafts";
import { type Context } from "./commandLine";

export const roles: Runs<"roles"> = {
  async grant({ role: roleText, account: accountText, allowKey, ...sender }, context) {
    const [role, account] = [parseRole(roleText), parseHolder("account", accountText)];
    const { chain, signer } = await chainAndSignerOf(context, sender);
    const changes = await planGrant(chain, signer, { role, account, allowKey });
    return carryOut(chain, signer, changes, sender.json, `${account} already has the role ${role}.`);
  },

  async handover({ to, allowKey, from, dryRun, safe, json, ...holders }, context) {
    const fallback = parseHolder("to", to);
    const newHolderOf = Object.fromEntries(
      personalRoles.map((name) => {
        const text = holders[name];
        return [name, text === undefined ? fallback : parseHolder(optionOf(name).slice(2), text)];
      }),
    ) as NewHolders;
    const { chain, signer } = await chainAndSignerOf(context, { from, dryRun, safe });
    const changes = await planHandover(chain, signer, { newHolderOf, allowKey });
    const others = changes.length === 0 ? await heldByOthers(chain, newHolderOf) : [];
    const left = others.map(
      ({ role, contract, holders }) =>
        `${role} of ${contract} is held by ${holders.join(", ") || "nobody"}, not by ${newHolderOf[role]}.`,
    );
    const whatHelps =
      left.length === 0 ? [] : ['An admin can change this with "npx mdt roles grant" and "roles revoke".'];
    const nothing = "the sender holds none of the roles to hand over.";
    return carryOut(chain, signer, changes, json, [nothing, ...left, ...whatHelps].join("\n"));
  },

  async list(_args, context) {
    const roles = await listRoles(await chainOf(context));
    return {
      json: roles,
      text: renderTable(
        ["role", "contract", "holders"],
        roles.map(({ role, contract, holders }) => [role, contract, holders.join(" ") || "nobody"]),
      ),
    };
  },

  async revoke({ role: roleText, account: accountText, ...sender }, context) {
    const [role, account] = [parseRole(roleText), parseHolder("account", accountText)];
    const { chain, signer } = await chainAndSignerOf(context, sender);
    const changes = await planRevoke(chain, signer, { role, account });
    return carryOut(chain, signer, changes, sender.json, `${account} does not have the role ${role}.`);
  },
};

/**
 * Shows people what will change, then sends it.
 * @param nothing What to say if nothing changes.
 */
async function carryOut(
  chain: Connection,
  signer: Signer,
  changes: readonly RoleChange[],
  json: boolean,
  nothing: string,
): Promise<CommandOutput> {
  if (changes.length === 0) return { json: changes, text: `Nothing to do: ${nothing}` };
  const lines = changes.map((change) => `${describeChange(change)}.`);
  if (!json && !isDrafter(signer)) process.stderr.write(`${["What will change:", ...lines].join("\n")}\n`);
  await changeRoles(chain, signer, changes);
  return { json: changes, text: ["Done:", ...lines].join("\n") };
}

/** @throws Error that lists all roles if `text` is none. */
function parseRole(text: string): RoleName {
  const name = roleNames.find((known) => known === text || optionOf(known) === `--${text}`);
  if (name !== undefined) return name;
  throw new Error(
    `--role must be one of ${roleNames.map((known) => optionOf(known).slice(2)).join(", ")}, not "${text}".`,
  );
}

export const treasury: Runs<"treasury"> = {
  pause: (sending, context) =>
    act(sending, context, { functionName: "pause", args: [] }, [
      "Settling, reposting and claiming stop. Tasks, staking and withdrawals continue.",
      "A guardian's pause ends automatically after 14 days, an admin's when the admin ends it.",
    ]),

  unpause: (sending, context) =>
    act(sending, context, { functionName: "unpause", args: [] }, [
      "Settling, reposting and claiming resume. The claim delay of a pending root starts again.",
    ]),

  veto({ epoch: epochText, ...sending }, context) {
    const epoch = parseWhole("epoch", epochText);
    return act(sending, context, { functionName: "vetoRoot", args: [BigInt(epoch)] }, [
      `This removes the pending root if it is of epoch ${epoch} or later; during a pause it also removes such claimable roots.`,
      "No money moves. The next settlement, or a repost, makes the rewards claimable again.",
    ]);
  },
};

async function act(
  sending: Sending,
  context: Context,
  call: Pick<ContractCall<typeof abis.Treasury, "pause" | "unpause" | "vetoRoot">, "functionName" | "args">,
  statements: readonly string[],
): Promise<CommandOutput> {
  const { chain, signer } = await chainAndSignerOf(context, sending);
  const { transactionHash } = await transact(chain, signer, { ...chain.contracts.treasury, ...call }, statements);
  return { json: { account: addressOf(signer), transactionHash }, text: statements.join("\n") };
}
