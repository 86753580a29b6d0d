import { createApi } from "../api/createApi";
import { openArchive } from "../keeper/archive/openArchive";
import { buildPage } from "../page/serve/buildPage";
import { pageRoutes } from "../page/serve/pageRoutes";
import { pageSettingsOf } from "../page/serve/pageSettings";
import { listenOn, siteOf, tellMistake } from "../serve/server";
import { chainOf } from "./context";
import { type Run } from "./table";
import { parseWhole } from "./parameters";

export const dashboard: Run<"", "dashboard"> = async ({ port, rpcUrl, explorerUrl }, context) => {
  const page = await buildPage(pageSettingsOf({ rpcUrl, explorerUrl }, context.endpoints[0]!));
  const chain = await chainOf(context);
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
};
