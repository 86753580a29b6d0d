import { earningsStoreIn, EarningsIndex } from "../api/earnings";
import { defaultApiSettings } from "../api/source";
import { countCalls } from "../chain/connection";
import { openArchive } from "../keeper/archive/epochArchive";
import { pageSettingsOf } from "../page/serve/buildPage";
import { serveDashboard, openDashboardMetrics } from "../serve/dashboard";
import { chainOf, failoverAfter } from "./context";
import { parseListen, parseWhole } from "./parameters";
import { progressOnStderr, tell, untilSignalled, tellServing } from "./terminal";
import { type Run } from "./table";

export const dashboard: Run<"", "dashboard"> = async (
  { port, host, rpcUrl, explorerUrl, requestsPerMinute },
  context,
) => {
  const { endpoints } = context;
  const perMinute =
    requestsPerMinute === undefined
      ? defaultApiSettings.requestsPerMinute
      : parseWhole("requests-per-minute", requestsPerMinute, Number.MAX_SAFE_INTEGER, 1);
  const page = pageSettingsOf({ rpcUrl, explorerUrl }, endpoints[0]!);
  const address = parseListen(host, port ?? "8080");
  const metrics = openDashboardMetrics(endpoints);
  const connection = countCalls(await chainOf(context, metrics.onPoolEvent), metrics.onCall);
  const archive = await openArchive(connection);
  const store = earningsStoreIn(connection.deployment, process.env.MDT_DATA, tell);
  await serveDashboard({
    address,
    onListening: tellServing,
    connection,
    archive,
    earnings: new EarningsIndex(archive, store),
    api: { ...defaultApiSettings, requestsPerMinute: perMinute },
    page,
    metrics,
    onFailure: failoverAfter(context),
    onMistake: tell,
    onProgress: progressOnStderr(),
    stopping: untilSignalled(),
  });
  return undefined;
};
