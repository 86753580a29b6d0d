import { chainOf, endpointOf } from "./shared/chain";
import { command } from "./shared/command";
import { parseWhole } from "./shared/parameters";

command({
  name: "dashboard",
  description: "Serve the page and the read-only HTTP API on this machine until stopped",
  params: {
    port: { kind: "optional", description: "Where to listen on 127.0.0.1 (default 8080; 0 takes a free port)" },
    rpcUrl: {
      kind: "optional",
      description: "Endpoint that browsers may use and see (default: the node on this machine, else each one's wallet)",
    },
    explorerUrl: { kind: "optional", description: "A block explorer's address, for links to transactions" },
  },
  async run({ port, rpcUrl, explorerUrl }, hre) {
    const { createApi } = await import("../scripts/api/createApi");
    const { openArchive } = await import("../scripts/keeper/archive/openArchive");
    const { buildPage } = await import("../scripts/page/serve/buildPage");
    const { pageRoutes } = await import("../scripts/page/serve/pageRoutes");
    const { pageSettingsOf } = await import("../scripts/page/serve/pageSettings");
    const { tellMistake } = await import("../scripts/serve/mistakes");
    const { listenOn } = await import("../scripts/serve/server");
    const { siteOf } = await import("../scripts/serve/site");
    const page = await buildPage(pageSettingsOf({ rpcUrl, explorerUrl }, endpointOf(hre)));
    const chain = await chainOf(hre);
    const api = createApi({ connection: chain, archive: await openArchive(chain) }, undefined, (answer) => {
      tellMistake(answer, (sentence) => process.stderr.write(`${sentence}\n`));
    });
    const app = siteOf(api, [pageRoutes(page)]);
    const server = await listenOn({ port: parseWhole("port", port ?? "8080", 65_535), host: "127.0.0.1" }, app);
    process.stderr.write(`Listening on ${server.url}\n`);
    await new Promise((resolve) => {
      process.once("SIGINT", resolve).once("SIGTERM", resolve);
    });
    await server.close();
    return { json: { url: server.url }, text: "Stopped." };
  },
});
