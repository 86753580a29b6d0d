import { endpointsOf } from "../shared/chain";
import { command } from "../shared/command";
import { from, parseAddress } from "../shared/parameters";
import { untilSignalled } from "../shared/signals";

command({
  scope: "keeper",
  name: "watch",
  description:
    "Judge each settlement as it appears, and alert; with --veto, veto wrong roots; --json: one event per line",
  params: {
    veto: { kind: "flag", description: "Veto each root that is proven wrong, with the guardian's key" },
    once: { kind: "flag", description: "Judge what there is and end: exit code 1 on any alert" },
    known: {
      kind: "optional",
      description: "Who may hold roles, separated by commas (default: who does at the start)",
    },
    from,
  },
  async run({ veto, once, known, from: sender, json }, hre) {
    const { logJson, logText } = await import("../../scripts/service/log");
    const { watchWording } = await import("../../scripts/service/watch/describeWatchEvent");
    const { startWatch } = await import("../../scripts/service/watch/startWatch");
    const alerts = await startWatch({
      endpoints: endpointsOf(hre),
      veto: veto ? { keys: process.env, from: sender } : null,
      knownHolders: known?.split(",").map((address) => parseAddress("known", address.trim())) ?? null,
      once,
      dataRoot: process.env.MDT_DATA,
      listeners: [json ? logJson(watchWording) : logText(watchWording)],
      stopping: untilSignalled(),
    });
    if (once && alerts > 0) throw new Error(`There were alerts: ${alerts}.`);
    return undefined;
  },
});
