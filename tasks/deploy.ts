import { HardhatArtifactResolver } from "@nomicfoundation/hardhat-ignition/helpers";
import { setTimeout as sleep } from "node:timers/promises";
import { type PublicClient } from "viem";
import { readerOf, requireReachable } from "../scripts/chain/connection";
import { nodeAccounts } from "../scripts/chain/signer";
import { chooseOnce, otherRecords } from "../scripts/ignition/choose";
import { completedSteps, mendJournal } from "../scripts/ignition/mendJournal";
import { clockOf, soloAfter, loadNetworkConfig } from "../scripts/config/loadNetworkConfig";
import { modernTensor, moduleParameters, taskTypeTerms } from "../scripts/ignition/modules/ModernTensor";
import { type HardhatRuntimeEnvironment } from "hardhat/types";
import { type Addresses } from "../scripts/chain/abis";
import {
  configOf,
  deploymentDirectory,
  type DeploymentChoices,
  deploymentIdOf,
  recordedAddresses,
} from "../scripts/chain/deployment";
import { httpEndpointOf } from "../scripts/commands/commandLine";
import { parseWhole } from "../scripts/commands/parameters";
import { type Run } from "../scripts/commands/command";
import { progressOnStderr } from "../scripts/commands/terminal";
import { type hardhatCommands } from "../scripts/commands/table";

export const deploy: Run<typeof hardhatCommands.deploy.params, HardhatRuntimeEnvironment> = async (
  { epochSeconds, soloAfter: soloSeconds, genesis },
  hre,
) => {
  if (hre.network.name === "hardhat") {
    throw new Error('Choose a network: start a node with "npx hardhat node" and add --network localhost.');
  }
  // Compiles before the first connection: this process may be busy for seconds, while a node closes connections
  // unnoticed.
  await hre.run("compile", { quiet: true });
  const reader = readerOf(httpEndpointOf(process.env.MDT_RPC_URL));
  await requireReachable(reader, httpEndpointOf(process.env.MDT_RPC_URL));
  const id = await deploymentIdOf(reader);
  const network = hre.network.name === "localhost" ? "local" : hre.network.name;
  const chosen = {
    ...(epochSeconds === undefined ? {} : { clock: clockOf(network, parseWhole("epoch-seconds", epochSeconds)) }),
    ...(soloSeconds === undefined
      ? {}
      : { soloAfterSeconds: soloAfter(network, parseWhole("solo-after", soloSeconds, 2 ** 32 - 1)) }),
  };
  const [deployer] = await hre.ethers.getSigners();
  const choices = await chooseOnce(
    reader,
    id,
    network,
    loadNetworkConfig(network),
    deployer!.address as `0x${string}`,
    chosen,
    genesis,
  );
  const addresses = await deployModule(hre, reader, id, choices);
  const others = otherRecords(id);
  const notes =
    others.length === 0
      ? []
      : [`Records of other chains with the same chain id were left untouched: ${others.join(", ")}.`];
  const lines = Object.entries(addresses).map(([name, address]) => `${name.padEnd(18)} ${address}`);
  return {
    json: { deploymentId: id, ...choices, addresses, disabled: others },
    text: [`Deployment ${id}, network "${choices.network}"`, ...lines, ...notes, ...nextSteps(network)].join("\n"),
  };
};

/** What to do with a new deployment. */
function nextSteps(network: string): readonly string[] {
  const option = network === "local" ? "" : ` --network ${network}`;
  return [
    `Next: "npx mdt keeper start${option}" settles each epoch, and`,
    `"npx mdt dashboard${option}" shows all of it at http://127.0.0.1:8080.`,
  ];
}

/**
 * Ignition's errors if its account's nonces are not those that it counts with, or one of its transactions is too young.
 */
const nonceTrouble = /IGN40[345]\b/;

/** A development node mines at once: otherwise Ignition would wait a second for each step. */
const quickly = { blockPollingInterval: 100 };

/**
 * Ignition keeps the whole compilation in its record, for explorers that verify sources, and reads its 13 MB again for
 * each contract: half of a deployment's time. No explorer shows a development chain.
 */
function keepNoSources(): void {
  HardhatArtifactResolver.prototype.getBuildInfo = () => Promise.resolve(undefined);
}

/** How often, and after which pause, a deployment is resumed if its account's other transactions disturb it. */
const attempts = 60;
const pauseMilliseconds = 3_000;

/** Deploys whatever is not deployed yet, and resumes after interruptions. */
async function deployModule(
  hre: HardhatRuntimeEnvironment,
  reader: PublicClient,
  deploymentId: string,
  choices: DeploymentChoices,
): Promise<Addresses> {
  const config = configOf(choices);
  const module = modernTensor(taskTypeTerms(config));
  const parameters = moduleParameters(config, choices);
  const isDevelopment = (await nodeAccounts(reader)).length > 0;
  if (isDevelopment) keepNoSources();
  const confirmations = isDevelopment ? 1 : (hre.config.ignition.requiredConfirmations ?? 5);
  const onProgress = progressOnStderr();
  const steps = module.futures.size;
  let done = completedSteps(deploymentId);
  const watching = setInterval(() => {
    const before = done;
    done = completedSteps(deploymentId);
    if (done > before) onProgress("contracts and calls", done, steps);
  }, 1_000);
  try {
    for (let left = attempts; ; left--) {
      try {
        await mendJournal(reader, deploymentId, confirmations);
        await hre.ignition.deploy(module, { deploymentId, parameters, ...(isDevelopment ? { config: quickly } : {}) });
        return recordedAddresses(deploymentId);
      } catch (error) {
        if (left === 0 || !nonceTrouble.test(String(error))) throw new Error(whatHelps(error, deploymentId));
        process.stderr.write("The deployer's account has sent another transaction: waiting for its confirmations.\n");
        await sleep(pauseMilliseconds);
      }
    }
  } finally {
    clearInterval(watching);
  }
}

/** What to do if a deployment can't continue; the contracts deployed so far are not lost. */
function whatHelps(error: unknown, deploymentId: string): string {
  const message = (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, " ").trim();
  if (nonceTrouble.test(message)) {
    return `The deployer's account keeps sending other transactions: stop them, and run deploy again. The contracts deployed so far are recorded as ${deploymentId}.`;
  }
  if (message.includes("GenesisLongPast")) {
    return `Epoch 0 began too long ago for the missing contracts: they refuse to settle every epoch since then at once. Deploy from the start: move ${deploymentDirectory(deploymentId)} away, and run deploy again.`;
  }
  const [, future] = /\* (ModernTensor#\w+)/.exec(message) ?? [];
  if (future === undefined) return message;
  return `${message} The contracts deployed so far are recorded. When the cause is gone, run "npx hardhat ignition wipe ${deploymentId} ${future}" to forget only this step, then run deploy again.`;
}
