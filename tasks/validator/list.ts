import { chainOf } from "../shared/chain";
import { command } from "../shared/command";

command({
  scope: "validator",
  name: "list",
  description: "Everybody who ever registered as a validator",
  params: {},
  async run(_args, hre) {
    const { formatMdt } = await import("../../scripts/client/amounts");
    const { renderTable } = await import("../../scripts/client/table");
    const { listValidators } = await import("../../scripts/client/validators");
    const validators = await listValidators(await chainOf(hre));
    return {
      json: validators,
      text:
        validators.length === 0
          ? "There are no validators yet."
          : renderTable(
              ["validator", "status", ">own MDT", ">total MDT", ">commission %", "operator"],
              validators.map((v) => [
                v.validator,
                v.status,
                formatMdt(v.ownWei),
                formatMdt(v.totalWei),
                (v.commissionBps / 100).toFixed(2),
                v.operator === v.validator ? "itself" : v.operator,
              ]),
            ),
    };
  },
});
