import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Address, createTestClient, http, type TestClient } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { type Connection, readerOf } from "../../scripts/chain/connection";
import { connect } from "./connect";
import { deploymentDirectory, deploymentIdOf } from "../../scripts/chain/deployment";
import { deploymentsDirectory } from "../../scripts/config/folders";
import { hardhatScript, type Outcome, runHardhat, runProgram } from "./commandLine";

/**
 * A development node on a free port, as a process of its own. It mines a block per transaction and none besides, and
 * its time stands still unless a test moves it.
 */
export interface DevelopmentNode {
  readonly url: string;
  /** Mining and time: `mine`, `setIntervalMining`, `snapshot`, `revert` … */
  readonly control: TestClient;
  /** Where commands keep their data (MDT_DATA); removed when the node is stopped. */
  readonly dataDirectory: string;
  /** Runs `mdt …` against this node, as a process of its own. */
  command(...args: string[]): Promise<Outcome>;
  /** Runs `npx hardhat …` in the same way. */
  hardhat(...args: string[]): Promise<Outcome>;
  /** Starts the latter and does not wait for it; `env` is added to its environment. */
  start(env: Readonly<Record<string, string>>, ...args: string[]): ChildProcess;
  /** Deploys by the command with these options, and connects to what it recorded. */
  deploy(...options: readonly string[]): Promise<Connection>;
  /** Mines a block at `timestamp`, unix seconds; time continues from there. */
  advanceTo(timestamp: bigint): Promise<void>;
  /** Makes `timestamp` the time of the next block. */
  holdTimeAt(timestamp: bigint): Promise<void>;
  /** Ends the process and removes everything that was recorded about its chain. */
  stop(): void;
}

/** One of the accounts that the node has unlocked: those of Hardhat's well-known mnemonic. */
export function nodeAccount(addressIndex: number): Address {
  return mnemonicToAccount("test test test test test test test test test test test junk", { addressIndex }).address;
}

/** A process that listens, and its address. */
export interface Listening {
  readonly url: string;
  /** Another one after a restart. */
  child: ChildProcess;
}

/** Starts Hardhat's node with the accounts of this project's configuration, and a clock that stands still. */
export async function startNode(): Promise<DevelopmentNode> {
  const config = join(__dirname, "hardhatNode.config.ts");
  const args = [hardhatScript, "--config", config, "node", "--hostname", "127.0.0.1", "--port", "0"];
  const listening = /JSON-RPC server at (http:[\w./:]+)\//;
  return startUnique("hardhat", () => spawnNode(process.execPath, args, listening));
}

/**
 * Starts nodes until one has a chain that no other test has: chains that begin in the same second are identical, down
 * to block 0.
 */
export async function startUnique(
  mode: "hardhat" | "anvil",
  start: () => Promise<Listening>,
): Promise<DevelopmentNode> {
  for (;;) {
    const listening = await start();
    const { url } = listening;
    const id = await deploymentIdOf(readerOf(url));
    const control = createTestClient({ mode, transport: http(url, { retryCount: 0, timeout: 120_000 }) });
    if (claimRecord(id)) return nodeAt(listening, control, id);
    listening.child.kill();
  }
}

function nodeAt(listening: Listening, control: TestClient, deploymentId: string): DevelopmentNode {
  const { url } = listening;
  const dataDirectory = mkdtempSync(join(tmpdir(), "moderntensor-"));
  const environment = { MDT_RPC_URL: url, MDT_DATA: dataDirectory, MDT_PRIVATE_KEY: "", HARDHAT_NETWORK: "localhost" };
  const hardhat = (...args: string[]) => runHardhat(args, environment);
  return {
    url,
    control,
    dataDirectory,
    command: (...args) => runProgram(args, environment),
    hardhat,
    start: (env, ...args) =>
      spawn(process.execPath, [hardhatScript, ...args], {
        env: { ...process.env, ...environment, ...env },
        stdio: "ignore",
      }),
    async deploy(...options) {
      const { exitCode, stderr } = await hardhat("deploy", "--json", ...options);
      if (exitCode !== 0) throw new Error(`The deployment failed: ${stderr}`);
      return connect(url);
    },
    async advanceTo(timestamp) {
      await control.setNextBlockTimestamp({ timestamp });
      await control.mine({ blocks: 1 });
    },
    holdTimeAt: (timestamp) => control.setNextBlockTimestamp({ timestamp }),
    stop() {
      listening.child.kill();
      rmSync(deploymentDirectory(deploymentId), { recursive: true, force: true });
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}

/**
 * Waits for the node to say where it listens; afterwards its output is read and discarded, or it would stall.
 * @param listening Matches the line that says so; its group is the address.
 */
export function spawnNode(file: string, args: readonly string[], listening: RegExp): Promise<Listening> {
  const child = spawn(file, args, {
    env: { ...process.env, HARDHAT_NETWORK: "hardhat" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const end = (): void => void child.kill();
  process.once("exit", end);
  child.once("exit", () => process.off("exit", end));
  return new Promise((resolve, reject) => {
    let output = "";
    let url: string | undefined;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (url !== undefined) return;
      output += text;
      url = listening.exec(output)?.[1];
      if (url !== undefined) resolve({ url, child });
    });
    child.once("exit", () => {
      reject(new Error(`The node ended before it listened: ${output}`));
    });
  });
}

/** Reserves the folder in which the chain's deployment will be recorded; false if another test has it. */
export function claimRecord(deploymentId: string): boolean {
  mkdirSync(deploymentsDirectory, { recursive: true });
  try {
    mkdirSync(deploymentDirectory(deploymentId));
    return true;
  } catch {
    return false;
  }
}
