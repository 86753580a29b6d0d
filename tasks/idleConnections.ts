import { TASK_NODE_CREATE_SERVER } from "hardhat/builtin-tasks/task-names";
import { subtask } from "hardhat/config";
import { type Server } from "node:http";

/**
 * Hardhat's node would close idle connections after Node's 5 s, and requests sent at that moment would fail, as those
 * of `deploy` did on a busy machine. Its server is a private field: Hardhat has no setting for this.
 */
subtask(TASK_NODE_CREATE_SERVER, async (args, _hre, runSuper) => {
  const server = (await runSuper(args)) as { readonly _httpServer: Server };
  server._httpServer.keepAliveTimeout = 600_000;
  return server;
});
