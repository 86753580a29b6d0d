import { chainOf } from "../shared/chain";
import { command } from "../shared/command";

command({
  scope: "roles",
  name: "list",
  description: "Who holds which role on which contract",
  params: {},
  async run(_args, hre) {
    const { listRoles } = await import("../../scripts/chain/roles");
    const { renderTable } = await import("../../scripts/show/table");
    const roles = await listRoles(await chainOf(hre));
    return {
      json: roles,
      text: renderTable(
        ["role", "contract", "holders"],
        roles.map(({ role, contract, holders }) => [role, contract, holders.join(" ") || "nobody"]),
      ),
    };
  },
});
