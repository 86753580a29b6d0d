import { chainOf } from "../shared/chain";
import { command } from "../shared/command";
import { parseWhole } from "../shared/parameters";

command({
  scope: "validator",
  name: "leaders",
  description: "Who leads the slots of an epoch, and who produced",
  params: { epoch: { kind: "optional", description: "Which epoch (default: the running one)" } },
  async run({ epoch }, hre) {
    const { readLeaders } = await import("../../scripts/views/leaders");
    const { renderTable } = await import("../../scripts/show/table");
    const wanted = epoch === undefined ? undefined : parseWhole("epoch", epoch);
    const leaders = await readLeaders(await chainOf(hre), wanted);
    const table = renderTable(
      [">slot", "leader", "state"],
      leaders.slots.map(({ slot, leader, state }) => [String(slot), leader, state]),
    );
    return {
      json: leaders,
      text: leaders.isSealed
        ? `Epoch ${leaders.epoch}: ${leaders.produced} slots produced, ${leaders.missed} missed.\n${table}`
        : `Epoch ${leaders.epoch} has no leaders: nobody has drawn them ("npx hardhat validator produce" does).`,
    };
  },
});
