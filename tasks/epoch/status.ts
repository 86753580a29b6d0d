import { chainOf } from "../shared/chain";
import { command } from "../shared/command";

command({
  scope: "epoch",
  name: "status",
  description: "Where the network stands in time, and what is due",
  params: {},
  async run(_args, hre) {
    const { describeStatus } = await import("../../scripts/keeper/describeStatus");
    const { epochStatus } = await import("../../scripts/keeper/epochStatus");
    const status = await epochStatus(await chainOf(hre));
    return { json: status, text: describeStatus(status) };
  },
});
