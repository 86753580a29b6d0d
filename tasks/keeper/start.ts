import { endpointOf } from "../shared/chain";
import { command } from "../shared/command";
import { from, parseWhole } from "../shared/parameters";
import { untilSignalled } from "../shared/signals";

command({
  scope: "keeper",
  name: "start",
  description: "Settle each epoch when it is due, until stopped; with --json, one event per line",
  params: {
    acceptEpoch: { kind: "optional", description: "Sign this epoch although it looked unusual" },
    from,
  },
  async run({ acceptEpoch, from: sender, json }, hre) {
    const { logJson, logText } = await import("../../scripts/service/log");
    const { startKeeper } = await import("../../scripts/service/startKeeper");
    await startKeeper({
      endpoints: endpointOf(hre).split(","),
      keys: process.env,
      from: sender,
      acceptedEpoch: acceptEpoch === undefined ? undefined : parseWhole("accept-epoch", acceptEpoch),
      listeners: [json ? logJson() : logText()],
      stopping: untilSignalled(),
    });
    return undefined;
  },
});
