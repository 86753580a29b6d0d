import { handOverRoles } from "../actions/roles";
import { listRoles, roleNames } from "../chain/roles";
import { renderTable } from "../show/table";
import { chainAndSignerOf, chainOf } from "./context";
import { parseHolder } from "./parameters";
import { optionOf } from "./command";
import { type Runs } from "./table";

export const runs: Runs<"roles"> = {
  async handover({ to, from: sender, ...holders }, context) {
    const fallback = parseHolder("to", to);
    const newHolderOf = Object.fromEntries(
      roleNames.map((name) => {
        const text = holders[name];
        return [name, text === undefined ? fallback : parseHolder(optionOf(name).slice(2), text)];
      }),
    ) as Record<(typeof roleNames)[number], `0x${string}`>;
    const { chain, signer } = await chainAndSignerOf(context, sender);
    const done = await handOverRoles(chain, signer, newHolderOf);
    return {
      json: done,
      text:
        done.length === 0
          ? "Nothing to do: the sender holds no role that another is to get."
          : done.map(({ role, contract, to: newHolder }) => `${role} of ${contract} is now ${newHolder}`).join("\n"),
    };
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
};
