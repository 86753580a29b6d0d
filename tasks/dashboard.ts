import { chainOf } from "./shared/chain";
import { command } from "./shared/command";
import { parseWhole } from "./shared/parameters";

command({
  name: "dashboard",
  description: "Serve the read-only HTTP API on this machine until stopped",
  params: {
    port: { kind: "optional", description: "Where to listen on 127.0.0.1 (default 8080; 0 takes a free port)" },
  },
  async run({ port }, hre) {
    const { createApi } = await import("../scripts/api/createApi");
    const { openArchive } = await import("../scripts/client/openArchive");
    const { listenOn } = await import("../scripts/service/server");
    const chain = await chainOf(hre);
    const api = createApi({ connection: chain, archive: await openArchive(chain) });
    const server = await listenOn({ port: parseWhole("port", port ?? "8080", 65_535), host: "127.0.0.1" }, api);
    process.stderr.write(`Listening on ${server.url}\n`);
    await new Promise((resolve) => {
      process.once("SIGINT", resolve).once("SIGTERM", resolve);
    });
    await server.close();
    return { json: { url: server.url }, text: "Stopped." };
  },
});
