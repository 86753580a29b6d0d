import { chainOf } from "../shared/chain";
import { command } from "../shared/command";

command({
  scope: "miner",
  name: "list",
  description: "Every miner and what it completed of late",
  params: {},
  async run(_args, hre) {
    const { formatU16, lastStanding } = await import("../../scripts/views/lastStanding");
    const { listMinersAtWork } = await import("../../scripts/views/minerList");
    const { openArchive } = await import("../../scripts/keeper/archive/openArchive");
    const { renderTable } = await import("../../scripts/show/table");
    const chain = await chainOf(hre);
    const listed = await listMinersAtWork(chain);
    if (listed.length === 0) return { json: listed, text: "There are no miners yet." };
    const standing = await lastStanding(chain, await openArchive(chain));
    const miners = listed.map((miner) => ({
      ...miner,
      standing: standing.miners.get(miner.account.toLowerCase()) ?? null,
    }));
    return {
      json: miners,
      text: renderTable(
        [">id", "account", ">active from epoch", ">tasks this epoch", ">tasks last epoch", ">consensus", ">incentive"],
        miners.map((miner) => [
          String(miner.minerId),
          miner.account,
          String(miner.activeFromEpoch),
          String(miner.completedThisEpoch),
          String(miner.completedLastEpoch),
          miner.standing === null ? "" : formatU16(miner.standing.consensusU16),
          miner.standing === null ? "" : formatU16(miner.standing.incentiveU16),
        ]),
      ),
    };
  },
});
