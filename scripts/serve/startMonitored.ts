import { buildPage, type PageSettings } from "../page/serve/buildPage";
import { pageRoutes } from "../page/serve/pageRoutes";
import { type KeeperMonitor, monitorKeeper } from "./monitorKeeper";
import { type ListenAddress, type RunningServer } from "./server";
import { type ReadyKeeper, startKeeper, type StartOptions } from "../keeper/run/startKeeper";

/** Where a keeper is served, and what its page is told. */
export interface Serving {
  readonly address: ListenAddress;
  readonly page: PageSettings;
  /** Told the address once it is served. */
  readonly onListening: (url: string) => void;
  /** Told, in one sentence, of what the API did wrong itself. */
  readonly onMistake: (sentence: string) => void;
}

/**
 * Runs a keeper as startKeeper does, and serves its health, its metrics, the API and the page as long as it runs.
 * @throws as startKeeper; ListenError
 */
export async function startMonitored(options: StartOptions, serving: Serving): Promise<void> {
  const monitor = monitorKeeper(() => Date.now() / 1_000);
  let server: RunningServer | undefined;
  try {
    await startKeeper({
      ...options,
      listeners: [...options.listeners, monitor.onEvent],
      onCall: monitor.onCall,
      async onReady(keeper) {
        server = await serve(monitor, keeper, serving);
        serving.onListening(server.url);
      },
    });
  } finally {
    await server?.close();
  }
}

async function serve(monitor: KeeperMonitor, keeper: ReadyKeeper, serving: Serving): Promise<RunningServer> {
  return monitor.serve(keeper, serving.address, [pageRoutes(await buildPage(serving.page))], serving.onMistake);
}
