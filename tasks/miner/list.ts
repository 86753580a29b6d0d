import { chainOf } from "../shared/chain";
import { command } from "../shared/command";

command({
  scope: "miner",
  name: "list",
  description: "Every miner and what it completed of late",
  params: {},
  async run(_args, hre) {
    const { listMinersAtWork } = await import("../../scripts/client/minerList");
    const { renderTable } = await import("../../scripts/client/table");
    const miners = await listMinersAtWork(await chainOf(hre));
    return {
      json: miners,
      text:
        miners.length === 0
          ? "There are no miners yet."
          : renderTable(
              [">id", "account", ">active from epoch", ">tasks this epoch", ">tasks last epoch"],
              miners.map((miner) => [
                String(miner.minerId),
                miner.account,
                String(miner.activeFromEpoch),
                String(miner.completedThisEpoch),
                String(miner.completedLastEpoch),
              ]),
            ),
    };
  },
});
