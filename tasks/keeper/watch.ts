import { endpointsOf } from "../shared/chain";
import { command } from "../shared/command";
import { from, parseAddress, parseWhole } from "../shared/parameters";
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
    port: { kind: "optional", description: "Serve health and metrics on this port (default: none)" },
    host: { kind: "optional", description: "Address of this machine to serve on (default 127.0.0.1)" },
    from,
  },
  async run({ veto, once, known, port, host, from: sender, json }, hre) {
    if (once && port !== undefined) throw new Error("--once ends when it has looked: leave it or --port away.");
    const { logJson, logText } = await import("../../scripts/serve/log");
    const { watchWording } = await import("../../scripts/show/describeWatchEvent");
    const { startMonitoredWatch } = await import("../../scripts/serve/startMonitoredWatch");
    const { startWatch } = await import("../../scripts/keeper/watch/startWatch");
    const options = {
      endpoints: endpointsOf(hre),
      veto: veto ? { keys: process.env, from: sender } : null,
      knownHolders: known?.split(",").map((address) => parseAddress("known", address.trim())) ?? null,
      once,
      dataRoot: process.env.MDT_DATA,
      listeners: [json ? logJson(watchWording) : logText(watchWording)],
      stopping: untilSignalled(),
    };
    const alerts =
      port === undefined
        ? await startWatch(options)
        : await startMonitoredWatch(
            options,
            { host: host ?? "127.0.0.1", port: parseWhole("port", port, 65_535) },
            (url) => process.stderr.write(`Serving on ${url}\n`),
          );
    if (once && alerts > 0) throw new Error(`There were alerts: ${alerts}.`);
    return undefined;
  },
});
