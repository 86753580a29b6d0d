import { earningsStoreIn, EarningsIndex } from "../../scripts/api/earnings";
import { defaultApiSettings } from "../../scripts/api/source";
import { type Connection } from "../../scripts/chain/connection";
import { noProgress } from "../../scripts/core/progress";
import { openArchive } from "../../scripts/keeper/archive/epochArchive";
import { serveDashboard, openDashboardMetrics } from "../../scripts/serve/dashboard";

/** A dashboard of this process, as the command serves it. */
export interface TestDashboard {
  readonly url: string;
  /** What the API did wrong itself, and which files it could not use. */
  readonly mistakes: readonly string[];
  /** Asks it to stop, and waits until it has. */
  readonly stop: () => Promise<void>;
}

/** Serves a dashboard on a free port. @param dataDirectory The folder for files. @param onFailure Called if answers fail. */
export async function startDashboard(
  connection: Connection,
  dataDirectory: string,
  onFailure: (error: unknown) => void = () => undefined,
): Promise<TestDashboard> {
  const stopping = new AbortController();
  const mistakes: string[] = [];
  const tell = (sentence: string): void => void mistakes.push(sentence);
  const archive = await openArchive(connection, dataDirectory);
  return new Promise((resolve, reject) => {
    const stopped = serveDashboard({
      connection,
      archive,
      earnings: new EarningsIndex(archive, earningsStoreIn(connection.deployment, dataDirectory, tell)),
      onProgress: noProgress,
      metrics: openDashboardMetrics([]),
      api: defaultApiSettings,
      page: { rpcUrl: null, explorerUrl: null },
      address: { host: "127.0.0.1", port: 0 },
      onListening(url) {
        resolve({
          url,
          mistakes,
          stop: () => {
            stopping.abort();
            return stopped;
          },
        });
      },
      onFailure,
      onMistake: tell,
      stopping: stopping.signal,
    });
    stopped.catch(reject);
  });
}
