import { endpointsOf } from "../shared/chain";
import { command } from "../shared/command";
import { from, parseWhole } from "../shared/parameters";
import { untilSignalled } from "../shared/signals";

command({
  scope: "keeper",
  name: "start",
  description: "Settle each epoch when it is due, until stopped; with --json, one event per line",
  params: {
    acceptEpoch: { kind: "optional", description: "Sign this epoch although it looked unusual" },
    port: { kind: "optional", description: "Serve health, metrics, the API and the page on this port (default: none)" },
    host: { kind: "optional", description: "Address of this machine to serve on (default 127.0.0.1)" },
    from,
  },
  async run({ acceptEpoch, port, host, from: sender, json }, hre) {
    const { pageSettingsOf } = await import("../../scripts/page/serve/pageSettings");
    const { keeperWording } = await import("../../scripts/show/describeEvent");
    const { logJson, logText } = await import("../../scripts/serve/log");
    const { startKeeper } = await import("../../scripts/keeper/run/startKeeper");
    const { startMonitored } = await import("../../scripts/serve/startMonitored");
    const endpoints = endpointsOf(hre);
    const options = {
      endpoints,
      keys: process.env,
      from: sender,
      acceptedEpoch: acceptEpoch === undefined ? undefined : parseWhole("accept-epoch", acceptEpoch),
      listeners: [json ? logJson(keeperWording) : logText(keeperWording)],
      stopping: untilSignalled(),
    };
    if (port === undefined) await startKeeper(options);
    else {
      await startMonitored(options, {
        address: { host: host ?? "127.0.0.1", port: parseWhole("port", port, 65_535) },
        page: pageSettingsOf({}, endpoints[0]!),
        onListening: (url) => process.stderr.write(`Serving on ${url}\n`),
        onMistake: (sentence) => process.stderr.write(`${sentence}\n`),
      });
    }
    return undefined;
  },
});
