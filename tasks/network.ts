import { type HardhatRuntimeEnvironment } from "hardhat/types";
import { type Run } from "../scripts/commands/command";
import { parseWhole } from "../scripts/commands/parameters";
import { type hardhatCommands } from "../scripts/commands/hardhatCommands";
import { describeNetwork, networkJson } from "../scripts/lab/network/describeNetwork";
import { startNetwork } from "../scripts/lab/network/startNetwork";

export const network: Run<(typeof hardhatCommands)["network start"]["params"], HardhatRuntimeEnvironment> = async (
  { epochs: wanted, epochSeconds = "64", port = "8080", rpcPort = "8545", json },
  hre,
) => {
  await hre.run("compile", { quiet: true });
  const epochs = wanted === undefined ? null : parseWhole("epochs", wanted, 1_000_000, 1);
  const { chainId, accounts, allowBlocksWithSameTimestamp } = hre.config.networks.hardhat;
  const result = await startNetwork({
    root: hre.config.paths.root,
    chain: { chainId, accounts, allowBlocksWithSameTimestamp },
    hardhatScript: require.resolve("hardhat/internal/cli/bootstrap"),
    epochs,
    epochSeconds: parseWhole("epoch-seconds", epochSeconds),
    pagePort: parseWhole("port", port, 65_535),
    rpcPort: parseWhole("rpc-port", rpcPort, 65_535),
    stopping: untilStopped(),
    tell: (text) => void (json ? process.stderr : process.stdout).write(`${text}\n`),
  });
  if (result === null) return { json: null, text: "Stopped.", exitCode: epochs === null ? 0 : 1 };
  const isRight = result.epochs.every(({ difference }) => difference === null) && result.epochs.length >= (epochs ?? 0);
  return { json: networkJson(result), text: describeNetwork(result), exitCode: isRight ? 0 : 1 };
};

/** However often it is asked: a signal that came twice would else end this process before those that it has started. */
function untilStopped(): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      stopping.abort(signal);
    });
  }
  return stopping.signal;
}
