import { chainOf } from "../shared/chain";
import { command } from "../shared/command";

command({
  scope: "epoch",
  name: "status",
  description: "Where the network stands in time, and what is due",
  params: {},
  async run(_args, hre) {
    const { describeStatus } = await import("../../scripts/show/describeStatus");
    const { epochStatus } = await import("../../scripts/keeper/facts/epochStatus");
    const { warningOf } = await import("../../scripts/show/revealWarning");
    const { awaitingReveal } = await import("../../scripts/views/revealWindow");
    const chain = await chainOf(hre);
    const [status, awaited] = await Promise.all([epochStatus(chain), awaitingReveal(chain)]);
    const text = describeStatus(status);
    return {
      json: { ...status, awaitingReveal: awaited?.validators ?? [] },
      text: awaited === undefined ? text : `${text}\n${warningOf(awaited)}`,
    };
  },
});
