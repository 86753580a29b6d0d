import { countCalls } from "../chain/connection";
import { openArchive } from "../keeper/archive/openArchive";
import { pageSettingsOf } from "../page/serve/pageSettings";
import { serveDashboard } from "../serve/dashboard";
import { openDashboardMetrics } from "../serve/metrics/dashboardMetrics";
import { chainOf } from "./context";
import { servingOn } from "./parameters";
import { untilSignalled } from "./signals";
import { type Run } from "./table";

export const dashboard: Run<"", "dashboard"> = async ({ port, host, rpcUrl, explorerUrl }, context) => {
  const { endpoints } = context;
  const page = pageSettingsOf({ rpcUrl, explorerUrl }, endpoints[0]!);
  const serving = servingOn(host, port ?? "8080");
  const metrics = openDashboardMetrics(endpoints);
  const connection = countCalls(await chainOf(context, metrics.onPoolEvent), metrics.onCall);
  await serveDashboard({
    ...serving,
    connection,
    archive: await openArchive(connection),
    page,
    metrics,
    onMistake: (sentence) => process.stderr.write(`${sentence}\n`),
    stopping: untilSignalled(),
  });
  return undefined;
};
