/** Starting a living network on this machine, each of its parts a process of its own, and ending it without a trace. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clockOf } from "../../config/loadNetworkConfig";
import { type NetworkResult } from "./ledger";
import { LivingNetwork, type NetworkOptions } from "./livingNetwork";
import { Processes } from "./processes";
import { deployTo, freeRecord, NetworkStartError, requireFreePort, startChain } from "./setting";
import { Warnings } from "./describeNetwork";

/**
 * Runs a network until it is stopped or its epochs are settled; then ends every process, and removes every file.
 * @returns Null where it was stopped before it lived.
 * @throws NetworkStartError, ProcessEndedError, ConfigError
 */
export async function startNetwork(options: NetworkOptions): Promise<NetworkResult | null> {
  const { root, rpcPort, pagePort, epochSeconds, stopping, tell } = options;
  const program = join(root, "dist", "mdt.mjs");
  clockOf("local", epochSeconds);
  if (!existsSync(program)) throw new NetworkStartError('The program is not built: run "node scripts/build.mjs".');
  await requireFreePort(rpcPort, "--rpc-port");
  await requireFreePort(pagePort, "--port");
  const warnings = new Warnings((sentence) => {
    tell(`Warning: ${sentence}`);
  });
  const processes = new Processes(root, warnings);
  const folder = mkdtempSync(join(tmpdir(), "moderntensor-network-"));
  const left = [folder];
  const removeAll = (): void => {
    for (const path of left) rmSync(path, { recursive: true, force: true });
  };
  process.once("exit", removeAll);
  const stopped = new Promise<null>((resolve) => {
    stopping.addEventListener(
      "abort",
      () => {
        resolve(null);
      },
      { once: true },
    );
  });
  let network: LivingNetwork | undefined;
  const live = async (): Promise<NetworkResult | null> => {
    const began = performance.now();
    tell("Starting Hardhat's node and deploying.");
    const url = await startChain(folder, processes, options);
    left.push(await freeRecord(url));
    const connection = await deployTo(url, folder, processes, options);
    const places = { program, rpcUrl: url, folder, pagePort };
    network = await LivingNetwork.open({ connection, places, processes, warnings, options });
    const { bytes, processes: count } = await processes.memory();
    const seconds = (performance.now() - began) / 1_000;
    tell(`Ready after ${seconds.toFixed(0)} s: ${count} processes use ${Math.ceil(bytes / 2 ** 20)} MiB of memory.`);
    return network.live();
  };
  try {
    const living = live();
    living.catch(() => undefined);
    const result = await Promise.race([living, processes.vitalEnd, stopped]);
    return result ?? (await network?.result()) ?? null;
  } finally {
    await network?.close();
    await processes.end();
    removeAll();
    process.off("exit", removeAll);
  }
}
