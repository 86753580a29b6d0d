import { chainAndSignerOf } from "../shared/chain";
import { command } from "../shared/command";
import { from, parseHolder } from "../shared/parameters";
import { optionOf } from "../shared/refuseUnknown";

const holder = (role: string) => ({ kind: "optional", description: `Who becomes ${role} (default: --to)` }) as const;

command({
  scope: "roles",
  name: "handover",
  description: "Give every role that you hold to others, and keep none",
  params: {
    to: { kind: "required", description: "Who gets every role that no other option names, a multisig best of all" },
    keeper: holder("keeper"),
    guardian: holder("guardian"),
    policy: holder("the publisher of policies"),
    slasher: holder("the slasher"),
    taskGovernor: holder("the governor of task types"),
    admin: holder("admin"),
    from,
  },
  async run({ to, from: sender, ...holders }, hre) {
    const { handOverRoles } = await import("../../scripts/actions/handOverRoles");
    const { roleNames } = await import("../../scripts/chain/roles");
    const fallback = parseHolder("to", to);
    const newHolderOf = Object.fromEntries(
      roleNames.map((name) => {
        const text = holders[name];
        return [name, text === undefined ? fallback : parseHolder(optionOf(name).slice(2), text)];
      }),
    ) as Record<(typeof roleNames)[number], `0x${string}`>;
    const { chain, signer } = await chainAndSignerOf(hre, sender);
    const done = await handOverRoles(chain, signer, newHolderOf);
    return {
      json: done,
      text:
        done.length === 0
          ? "Nothing to do: the sender holds no role that another is to get."
          : done.map(({ role, contract, to: newHolder }) => `${role} of ${contract} is now ${newHolder}`).join("\n"),
    };
  },
});
