/** Commands on networks that are made for them: to measure, to show, to age, or to run until stopped. */
import { type HardhatRuntimeEnvironment } from "hardhat/types";
import { type Run } from "../scripts/commands/command";
import { parseWhole } from "../scripts/commands/parameters";
import { type hardhatCommands } from "../scripts/commands/table";
import { progressOnStderr, untilSignalled } from "../scripts/commands/terminal";
import { loadNetworkConfig } from "../scripts/config/loadNetworkConfig";
import { type NetworkConfig } from "../scripts/config/networkConfig";
import { startInProcessNetwork } from "./inProcessNetwork";

type LabRun<N extends keyof typeof hardhatCommands> = Run<
  (typeof hardhatCommands)[N]["params"],
  HardhatRuntimeEnvironment
>;

export const bench: LabRun<"bench"> = async ({ full, check, update }, hre) => {
  const { runBench } = await import("../scripts/lab/bench/runBench");
  const open = async (config: NetworkConfig) => {
    await hre.network.provider.request({ method: "hardhat_reset" });
    return startInProcessNetwork(hre, config);
  };
  const onProgress = (what: string) => process.stderr.write(`${what}\n`);
  // On a chain of synthetic years, which is no part of the program.
  const rowsOfAges = async () => {
    const { ageRows } = await import("../test/years/ageRows");
    const { startYearsNetwork } = await import("../test/years/network");
    const network = await startYearsNetwork(hre);
    try {
      return await ageRows(network, full ? [1, 100, 1_000, 3_650] : [1, 100], onProgress);
    } finally {
      await network.close();
    }
  };
  const rowsOfThroughput = async () => {
    const { rowsOnNodes } = await import("../test/measured/throughput");
    return rowsOnNodes([1, 10, 100], onProgress);
  };
  const choices = { isFull: full, isChecking: check, isUpdating: update };
  return runBench({ open, rowsOfAges, rowsOfThroughput, onProgress, ...choices });
};

export const demo: LabRun<"demo"> = async ({ html }, hre) => {
  const { demoJson, demoReport, describeDemo, isConserved } = await import("../scripts/lab/demo/describeDemo");
  const { runDemo } = await import("../scripts/lab/demo/runDemo");
  const network = await startInProcessNetwork(hre, loadNetworkConfig("local"));
  try {
    const result = await runDemo(network, (epoch, { title }) => {
      process.stderr.write(`epoch ${epoch}: ${title}\n`);
    });
    if (html !== undefined) {
      const { writeReport } = await import("../scripts/page/serve/assets");
      await writeReport(html, demoReport(result));
    }
    const isRight = isConserved(result.conservation) && result.verification.kind === "verified";
    return { json: demoJson(result), text: describeDemo(result), exitCode: isRight ? 0 : 1 };
  } finally {
    await network.close();
  }
};

/** Ten years of epochs unless another number is asked for. */
export const years: LabRun<"years"> = async ({ epochs = "3650", seed = "1" }, hre) => {
  const { Years } = await import("../test/years/makeYears");
  const { startYearsNetwork } = await import("../test/years/network");
  const count = parseWhole("epochs", epochs);
  const stopping = untilSignalled();
  const stage = await startYearsNetwork(hre);
  try {
    const onProgress = progressOnStderr();
    const made = await Years.begin(stage.connection, stage.chain, stage.offices, parseWhole("seed", seed));
    await made.liveUntil(count, (settled) => {
      onProgress("epochs settled", settled, count);
    });
    process.stderr.write(`${count} epochs are settled on the chain at ${stage.url}\n`);
    if (!stopping.aborted)
      await new Promise((stop) => {
        stopping.addEventListener("abort", stop);
      });
    return { json: { epochs: count, url: stage.url }, text: "Stopped." };
  } finally {
    await stage.close();
  }
};

export const network: LabRun<"network start"> = async (
  { epochs: wanted, epochSeconds = "64", port = "8080", rpcPort = "8545", json },
  hre,
) => {
  const { describeNetwork, networkJson } = await import("../scripts/lab/network/ledger");
  const { startNetwork } = await import("../scripts/lab/network/livingNetwork");
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

/**
 * Aborts on a signal, however often it comes: a second one would otherwise end this process before those that it
 * started.
 */
function untilStopped(): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      stopping.abort(signal);
    });
  }
  return stopping.signal;
}
