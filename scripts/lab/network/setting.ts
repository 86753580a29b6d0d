/** What a network needs before anyone works in it: a chain, the contracts, and everyone's places. */
import { existsSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { type Hex } from "viem";
import { parseMdt } from "../../show/amounts";
import { registerMiner } from "../../actions/miners";
import { registerValidator } from "../../actions/validators";
import { type Connection, connectThrough, readerOf, transportOf, eventsInMemory } from "../../chain/connection";
import { nextTimestamp } from "../../chain/blocks";
import { deploymentDirectory, deploymentIdOf } from "../../chain/deployment";
import { transact } from "../../chain/transact";
import { clockOf } from "../../config/loadNetworkConfig";
import {
  type Beginnings,
  environmentOf,
  gatewayClient,
  keeper,
  loyalClient,
  miners,
  type Person,
  provenType,
  validators,
} from "./cast";
import { type Processes } from "./processes";
import { NoAnswerError } from "../../nodes/protocol/asker";
import { referenceStringOf } from "../../nodes/prover/installation";
import { openWorkProver } from "../../nodes/prover/workProver";

/** The network can't begin; the message says what would help. */
export class NetworkStartError extends Error {
  override readonly name = "NetworkStartError";
}

/** @throws NetworkStartError if something already listens on the port. */
export async function requireFreePort(port: number, option: string): Promise<void> {
  await listenBriefly(port).catch(() => {
    throw new NetworkStartError(`Port ${port} is taken: end what listens there, or choose another with ${option}.`);
  });
}

/** A port of this machine on which nothing listens now. */
export function freePort(): Promise<number> {
  return listenBriefly(0);
}

async function listenBriefly(port: number): Promise<number> {
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  const { port: found } = server.address() as AddressInfo;
  server.close();
  return found;
}

/** How a chain is started. */
export interface ChainOptions {
  /** Hardhat's command line, a script for Node. */
  readonly hardhatScript: string;
  /** The project's configuration of Hardhat's own chain. */
  readonly chain: Readonly<Record<string, unknown>>;
  readonly rpcPort: number;
  readonly epochSeconds: number;
}

/**
 * Starts Hardhat's node, with a block every slot. Its configuration has the chain and nothing else: with compilers and
 * plugins it would need four times the memory.
 * @returns Its URL.
 */
export async function startChain(folder: string, processes: Processes, options: ChainOptions): Promise<string> {
  const { hardhatScript, chain, rpcPort, epochSeconds } = options;
  const config = join(folder, "hardhat.config.cjs");
  const content = { solidity: "0.8.30", networks: { hardhat: chain } };
  writeFileSync(config, `module.exports = ${JSON.stringify(content)};\n`);
  const args = [hardhatScript, "--config", config, "node", "--hostname", "127.0.0.1", "--port", String(rpcPort)];
  const url = await processes.start({
    name: "Hardhat's node",
    args,
    env: { HARDHAT_NETWORK: "hardhat" },
    ready: /JSON-RPC server at (http:[\w./:]+?)\/?$/,
    isVital: true,
    isMute: true,
  });
  // Nobody reads what it logs about each call.
  await ask(url, "hardhat_setLoggingEnabled", [false]);
  await ask(url, "evm_setIntervalMining", [clockOf("local", epochSeconds).slotSeconds * 1_000]);
  return url;
}

async function ask(url: string, method: string, params: readonly unknown[]): Promise<void> {
  await readerOf(url).request({ method, params } as never);
}

/** The folder for the record of a deployment on the chain. @throws NetworkStartError if it already exists. */
export async function freeRecord(url: string): Promise<string> {
  const record = deploymentDirectory(await deploymentIdOf(readerOf(url)));
  if (!existsSync(record)) return record;
  throw new NetworkStartError("Another chain that began in the same second has the same first block: start again.");
}

/** Epochs of waiting for a quorum before the keeper may settle alone. */
const soloAfterEpochs = 10;

/** Deploys with the `deploy` command. */
export async function deployTo(
  url: string,
  folder: string,
  processes: Processes,
  options: ChainOptions,
): Promise<Connection> {
  const { epochSeconds } = options;
  const chosen = ["--epoch-seconds", String(epochSeconds), "--solo-after", String(soloAfterEpochs * epochSeconds)];
  await processes.run({
    name: "The deployment",
    args: [options.hardhatScript, "deploy", "--network", "localhost", ...chosen, "--json"],
    env: environmentOf(url, join(folder, "deployment")),
    isMute: true,
  });
  return connectThrough(transportOf(url), eventsInMemory);
}

/** MDT that each client can spend: enough for the network to run for days. */
const clientMdt = "200000";

/**
 * Everyone registers and stakes, and clients get MDT. Then the chain's time moves to genesis if that is still ahead.
 * From then on there is one block per slot and no other, as on a real chain.
 */
export async function takePlaces(url: string, connection: Connection, accountOf: AccountOf): Promise<Beginnings> {
  const begins = { validators: 0, miners: 0 };
  for (const person of validators) {
    const terms = { stakeWei: parseMdt(person.stakeMdt), commissionBps: 1_000 };
    const registered = await registerValidator(connection, accountOf(person), terms);
    if (registered.kind === "registered")
      begins.validators = Math.max(begins.validators, registered.outcome.countsFrom);
  }
  for (const person of miners) {
    const { activeFromEpoch } = await registerMiner(connection, accountOf(person));
    begins.miners = Math.max(begins.miners, activeFromEpoch);
  }
  const { token } = connection.contracts;
  for (const client of [gatewayClient, loyalClient]) {
    const args = [accountOf(client), parseMdt(clientMdt)] as const;
    await transact(connection, accountOf(keeper), { ...token, functionName: "transfer", args });
  }
  const { genesisTimestamp } = connection.deployment.choices;
  if (Number(await nextTimestamp(connection.reader)) < genesisTimestamp) {
    await ask(url, "evm_setNextBlockTimestamp", [genesisTimestamp]);
    await ask(url, "evm_mine", []);
  }
  await ask(url, "evm_setAutomine", [false]);
  return begins;
}

type AccountOf = (person: Person) => `0x${string}`;

const patienceMilliseconds = 60_000;

/**
 * Makes the common reference string for proofs, once for all miners.
 * @returns Its folder; null if this machine can't prove, which is reported: then nobody is asked for proofs.
 */
export async function referenceForMiners(
  { deployment }: Connection,
  tell: (sentence: string) => void,
): Promise<string | null> {
  const crs = referenceStringOf(undefined, "local", undefined)!;
  const modelHash = deployment.config.tasks.types[provenType]!.modelHash as Hex;
  try {
    await openWorkProver(crs, patienceMilliseconds).prepare(modelHash);
    return crs.directory;
  } catch (error) {
    if (!(error instanceof NoAnswerError)) throw error;
    tell(`No digits are proven: ${error.message}.`);
    return null;
  }
}
