import { setTimeout as sleep } from "node:timers/promises";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { type LocalAccount } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { readerOf } from "../../scripts/chain/connection";
import { deploymentIdOf } from "../../scripts/chain/deployment";
import { openArchive } from "../../scripts/keeper/archive/epochArchive";
import { loadNetworkConfig } from "../../scripts/config/loadNetworkConfig";
import { chooseOnce } from "../../scripts/ignition/choose";
import { settleNextEpoch } from "../../scripts/keeper/settle/settleEpoch";
import { findChromium } from "../shared/chromium";
import { createWorld, goTo, liveThrough, type World } from "../integration/world";
import { hardhatScript } from "../shared/commandLine";
import { type DevelopmentNode, startNode } from "../shared/node";
import { TestWallet } from "./testWallet";
import { layWire, type Wire } from "./wire";

/** A whole network with its page, and a browser in front of it. */
export interface Stage {
  readonly world: World;
  /** The page's URL. */
  readonly url: string;
  /** The line between the page's server and the browser, which may be cut. */
  readonly toServer: Wire;
  /** The line between the node and the browser, which may be cut. */
  readonly toNode: Wire;
  readonly browser: Browser;
  /** A wallet with keys of the node's accounts, on the node's chain unless another is named. */
  wallet(name: string, indices: readonly number[], chainId?: number): TestWallet;
  /**
   * Lives through this many epochs, and settles all up to the last; rewards are left to be claimed. Between each two is an
   * epoch in which nothing happens.
   * @returns The last of them.
   */
  liveEpochs(count: number): Promise<number>;
  close(): Promise<void>;
}

export function keyOf(index: number): LocalAccount {
  return mnemonicToAccount("test test test test test test test test test test test junk", { addressIndex: index });
}

/** Chooses, before `deploy` does, that epoch 0 begins this much later. */
async function postponeGenesis({ url }: DevelopmentNode, genesisDelaySeconds: number): Promise<void> {
  const config = loadNetworkConfig("local");
  const reader = readerOf(url);
  const clock = { ...config.clock, genesisDelaySeconds };
  await chooseOnce(reader, await deploymentIdOf(reader), "local", { ...config, clock }, keyOf(0).address);
}

/** Starts a node, deploys, lets a small network settle in, serves the page by the command, and starts Chromium. */
export async function openStage({ genesisDelaySeconds = 0 } = {}): Promise<Stage> {
  const node = await startNode();
  await postponeGenesis(node, genesisDelaySeconds);
  const world = await createWorld(node);
  const toNode = await layWire(node.url);
  const { url: serverUrl, child } = await startDashboard(node, toNode.url);
  const toServer = await layWire(serverUrl);
  const browser = await chromium.launch({
    executablePath: findChromium(process.env.CHROMIUM_PATH),
    args: ["--no-sandbox"],
  });
  const archive = await openArchive(world.connection, node.dataDirectory);
  const chainId = await world.connection.reader.getChainId();
  return {
    world,
    url: toServer.url,
    toServer,
    toNode,
    browser,
    wallet: (name, indices, otherChain = chainId) => new TestWallet(name, indices.map(keyOf), node.url, otherChain),
    async liveEpochs(count) {
      const { treasury } = world.connection.contracts;
      let epoch = 0;
      for (let lived = 0; lived < count; lived += 1) {
        epoch = Number(await treasury.read.currentEpoch({ blockTag: "pending" })) + 1;
        await goTo(world, epoch);
        await liveThrough(world, epoch);
        while (Number(await treasury.read.nextEpochToSettle()) <= epoch) {
          await settleNextEpoch(world.connection, archive, { signer: world.people.keeper, payRecipientsUpTo: 0 });
        }
      }
      // The page's server needs a moment for what was settled; until then it offers an older root.
      const [account] = world.people.miners;
      const offered = async () =>
        (await fetch(`${serverUrl}/v1/accounts/${account!}`)).json() as Promise<{ epoch: number }>;
      while ((await offered()).epoch !== epoch) await sleep(100);
      return epoch;
    },
    async close() {
      await browser.close();
      toServer.close();
      toNode.close();
      child.kill();
      node.stop();
    },
  };
}

/** How a page is displayed. */
export interface Look {
  readonly width: 390 | 1440;
  readonly colorScheme: "light" | "dark";
}

/** Opens the page in a browser of its own, with these wallets; whatever the page logs as an error fails the test. */
export async function openPage(
  { browser, url }: Stage,
  wallets: readonly TestWallet[],
  { width, colorScheme }: Look = { width: 1440, colorScheme: "light" },
): Promise<{ readonly page: Page; readonly context: BrowserContext; readonly errors: readonly string[] }> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
  for (const wallet of wallets) await wallet.install(context);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  await page.goto(url);
  return { page, context, errors };
}

/** Saves a screenshot of the whole page under reports/, which is not committed. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = join(__dirname, "..", "..", "reports", "browser");
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

/** `npx hardhat dashboard` as people start it. */
function startDashboard(
  node: DevelopmentNode,
  rpcUrl: string,
): Promise<{ readonly url: string; readonly child: ChildProcess }> {
  const child = spawn(process.execPath, [hardhatScript, "dashboard", "--port", "0", "--rpc-url", rpcUrl], {
    env: { ...process.env, MDT_RPC_URL: node.url, MDT_DATA: node.dataDirectory, HARDHAT_NETWORK: "localhost" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  process.once("exit", () => child.kill());
  return new Promise((resolve, reject) => {
    let output = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      const url = /Serving on (http:\S+)/.exec(output)?.[1];
      if (url !== undefined) resolve({ url, child });
    });
    child.once("exit", () => {
      reject(new Error(`The dashboard ended before it listened: ${output}`));
    });
  });
}
